"""Notes: what somebody writes on a case while it goes on. They are added to, never changed, and stay in the office."""

from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import UserError
from core.ids import new_id
from core.running import events
from escalation.cases import cases
from escalation.models import Case, CaseNote

LONGEST = 2000


def note(session: Session, actor: Actor, case_id: UUID, written: str) -> Case:
    """Whoever looks at the case reads this from now on; the case goes on as it was.

    Raises ``NotFoundError``, and ``UserError`` for a note that says nothing or is too long.
    """
    case, said = cases.find(session, case_id), words(written, "note")
    events.append(session, actor, "case.noted", case.id, note=keep(session, case, said))
    return case


def words(written: str, field: str) -> str:
    """What was written, without the space around it; raises ``UserError`` where it is nothing, or too long."""
    said = written.strip()
    if not said:
        raise UserError("Nothing was written.", way_out="Write a short note.", field=field)
    if len(said) > LONGEST:
        raise UserError("The note is too long: {value} characters.", way_out="Write {most} at most.", field=field,
                        value=len(said), most=LONGEST)  # fmt: skip
    return said


def keep(session: Session, case: Case, said: str) -> str:
    """Keeps these words with the case; returns the id by which an event names them."""
    kept = CaseNote(id=new_id(), case_id=case.id, at=clock.now(), body=said)
    session.add(kept)
    session.flush()
    return str(kept.id)
