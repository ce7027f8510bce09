"""Merging: two cases about one resident become one, which has both time lines. Nothing that was said is lost."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.running import events
from core.short_ids import short
from core.storage.held_rows import hold
from core.subscriptions.models import Kind
from escalation import queries
from escalation.cases import case_news, cases, relative_texts
from escalation.cases.joining import OF_THEIR_OWN
from escalation.models import HELD, Case, CaseState, CaseText
from escalation.paging import paging


def merge(session: Session, actor: Actor, case_id: UUID, other_id: UUID) -> Case:
    """Returns the case that goes on: the more urgent one, of two alike the one that somebody has, else the older.

    The other one is closed without a finding, and nobody is rung about it any more: who has had it in hand has not
    heard of what is more urgent, and so does not have that. What they need, who was told of them, and what was written
    about them is the kept one's from now on.

    Raises ``NotFoundError``, and ``ConflictError`` unless both are open and about one resident.
    """
    first, second = _both(session, case_id, other_id)
    kept, other = sorted((first, second), key=_foremost)
    paging.withdraw_others(session, other, None)
    relative_texts.carry(session, other, kept)
    _carry_texts(session, other, kept)
    kept.caller = kept.caller and other.caller
    kept.needs = [*kept.needs, *(each for each in other.needs if each not in kept.needs)]
    if kept.recording_id is None:
        kept.recording_id, other.recording_id = other.recording_id, None
    _close(session, actor, other, kept)
    events.append(session, actor, "case.merged", kept.id, kind=other.kind, case=str(other.id))
    if kept.state == CaseState.OPEN:
        kept.look_at = clock.now()
        paging.tell_anew(session, kept)
        paging.ask_next(session, kept)
    return kept


def merge_alike(session: Session, actor: Actor, resident_id: UUID) -> None:
    """Of each kind one case about the resident is left that nobody has closed: two files of theirs have become one."""
    first: dict[str, Case] = {}
    for case in queries.unclosed_cases(session, [resident_id]):
        if case.kind in OF_THEIR_OWN:
            continue
        known = first.get(case.kind)
        first[case.kind] = merge(session, actor, known.id, case.id) if known else case


def _both(session: Session, case_id: UUID, other_id: UUID) -> tuple[Case, Case]:
    """Both held, in an order that is the same for everybody."""
    first, second = cases.find(session, case_id), cases.find(session, other_id)
    if first.resident_id is None or first.resident_id != second.resident_id:
        raise ConflictError("These cases are not about one resident.", way_out="Merge cases of one resident.",
                            field="other", value=short(other_id))  # fmt: skip
    if first.id == second.id:
        raise NotFoundError("A case is not merged with itself.", field="other", value=short(other_id))
    paging.alone_on_ladders(session, first.community_id)
    for each in sorted((first, second), key=lambda case: case.id):
        hold(session, each)
        if each.state == CaseState.CLOSED:
            raise ConflictError("Case {value} is {state}.", way_out="Look at it again.", field="case",
                                value=short(each.id), state=each.state)  # fmt: skip
    return first, second


def _foremost(case: Case) -> tuple[int, bool, object, UUID]:
    return case.urgency, case.state not in HELD, case.opened_at, case.id


def _close(session: Session, actor: Actor, other: Case, kept: Case) -> None:
    """What was merged into it before is merged into the kept one, too, so that one step always leads there."""
    session.execute(update(Case).where(Case.merged_into_id == other.id).values(merged_into_id=kept.id))
    other.state, other.closed_at, other.look_at = CaseState.CLOSED, clock.now(), None
    other.merged_into_id, other.handing_to_id = kept.id, None
    session.flush()
    events.append(session, actor, "case.merged_away", other.id, case=str(kept.id))
    case_news.tell(session, other, Kind.CASE_CLOSED)


def _carry_texts(session: Session, other: Case, kept: Case) -> None:
    """What was written on the other case is read on the kept one; what is tied to both stays once."""
    tied = queries.texts_of_cases(session, [other.id, kept.id])
    known = {text.id for _, text in tied.get(kept.id, ())}
    for each, text in tied.get(other.id, ()):
        session.delete(each)
        if text.id not in known:
            session.flush()
            session.add(CaseText(case_id=kept.id, text_id=text.id, writer=each.writer, name=each.name))
    session.flush()
