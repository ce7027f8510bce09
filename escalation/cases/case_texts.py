"""What people write to us and a person has to read: it is tied to the cases it is about, or opens one of its own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core import actors
from core.actors import Actor
from core.running import events
from escalation import queries
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseText, Writer
from ivr.models import TextIn


def tie(session: Session, actor: Actor, text: TextIn, case: Case, writer: Writer, name: str) -> None:
    """Whoever looks after the case can read the text from now on."""
    session.add(CaseText(case_id=case.id, text_id=text.id, writer=writer, name=name))
    session.flush()
    events.append(session, actor, "case.text_tied", case.id, text=str(text.id), writer=writer.value)


def leave_about(
    session: Session, actor: Actor, text: TextIn, resident_ids: Sequence[UUID], writer: Writer, name: str
) -> bool:
    """Ties the text to every case of these residents that is not closed; False when there is none."""
    unclosed = queries.unclosed_cases(session, resident_ids)
    for case in unclosed:
        tie(session, actor, text, case, writer, name)
    return bool(unclosed)


def leave_with(session: Session, text: TextIn, responder_id: UUID, name: str) -> bool:
    """Ties a responder's text to the one case that they have in hand; False when it may be about several or none."""
    in_hand = queries.cases_in_hand(session, responder_id)
    if len(in_hand) == 1:
        tie(session, actors.responder(responder_id), text, in_hand[0], Writer.RESPONDER, name)
    return len(in_hand) == 1


def open_message(
    session: Session,
    actor: Actor,
    text: TextIn,
    community_id: UUID,
    resident_id: UUID | None,
    writer: Writer,
    name: str,
) -> Case:
    """A message that a person has to read; what is written before that is closed belongs to it as well."""
    known = queries.unclosed(session, CaseKind.MESSAGE, resident_id, text.number)
    caller = None if writer is Writer.RESIDENT else text.number
    case = known or cases.open_written(session, actor, community_id, resident_id, caller)
    tie(session, actor, text, case, writer, name)
    return case


def open_wish(session: Session, actor: Actor, text: TextIn, resident_id: UUID, writer: Writer, name: str) -> Case:
    """The office learns that a resident wishes not to be called, and decides how else to look after them."""
    kind = CaseKind.WANTS_NO_CALLS
    known = queries.unclosed(session, kind, resident_id, text.number)
    case = known or cases.open_case(session, actor, kind, resident_id, None)
    tie(session, actor, text, case, writer, name)
    return case
