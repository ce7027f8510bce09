"""Reopening: a case was closed too early, and somebody says why; it goes on its ladder from the beginning."""

from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from core.running.wakeups import wake
from core.short_ids import short
from core.subscriptions.models import Kind
from escalation import fresh_cases, queries
from escalation.cases import case_news, cases
from escalation.cases.joining import OF_THEIR_OWN
from escalation.deeds import notes
from escalation.models import Case, CaseKind, CaseState
from escalation.paging import paging


def reopen(session: Session, actor: Actor, case_id: UUID, reason: str) -> Case:
    """The case is open again and helpers are rung about it, the first ones first.

    Raises ``ConflictError`` for a case that is not closed, was merged into another one, or of whose kind another one
    about the resident is open, and ``UserError`` without a ``reason``.
    """
    why = notes.words(reason, "reason")
    paging.alone_on_ladders(session, cases.find(session, case_id).community_id)
    case = queries.case_held(session, case_id) or cases.find(session, case_id)
    _check(session, case)
    events.append(session, actor, "case.reopened", case.id, kind=case.kind, note=notes.keep(session, case, why))
    cases.release(case)
    case.closed_at, case.finding, case.climbs_from = None, None, clock.now()
    session.flush()
    case_news.tell(session, case, Kind.CASE_OPENED)
    paging.ask_next(session, case)
    wake(session, cases.ESCALATION)
    return case


def _check(session: Session, case: Case) -> None:
    if case.state != CaseState.CLOSED:
        raise ConflictError("Case {value} is {state}.", way_out="Look at it again.", field="case", value=short(case.id),
                            state=case.state)  # fmt: skip
    if case.merged_into_id is not None:
        raise ConflictError("Case {value} was merged into case {other}.", way_out="Open that one again.", field="case",
                            value=short(case.id), other=short(case.merged_into_id))  # fmt: skip
    if case.resident_id is None or case.kind in OF_THEIR_OWN:
        return
    if other := fresh_cases.unclosed_of_kind(session, case.resident_id, CaseKind(case.kind)):
        raise ConflictError("There is an open case of this kind about them already: {value}.",
                            way_out="Look at that one.", field="case", value=short(other.id))  # fmt: skip
