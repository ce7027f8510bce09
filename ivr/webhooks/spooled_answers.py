"""Answers that our database could not take while their caller waited (see ``ivr.webhooks.spool``).

Recording one twice changes nothing, because its turn is recorded once. One that can never be recorded was an answer all
the same, perhaps that somebody is unwell: a person is told of it.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.storage.database import write
from ivr.dialogue.engine import Heard, Position, Sound
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports import owners
from ivr.turns import turns
from ivr.webhooks.spool import Piece, Spool

FOLDER = "unrecorded"


@dataclass(frozen=True)
class Unrecorded:
    """A key that was pressed and could not be stored: its turn, and where in the dialogue it was asked for.

    ``telephone`` is the other party's as the provider writes it, for whoever has to look after them without our call.
    """

    call_id: str
    provider_id: str
    number: int
    key: str
    step: str | None
    play: int
    telephone: str = ""


class NoSuchCallError(LookupError):
    """The call of an answer is not ours, or not in this database."""


def keep(answer: Unrecorded) -> None:
    """Keeps the answer; it is on the disk when this returns. It will be recorded as soon as that is possible."""
    _spool.keep(f"{answer.call_id}-{answer.number}", asdict(answer))


def begin() -> None:
    """Records in the background whatever is kept; called at every start, and whenever something is kept."""
    _spool.begin()


def record(answer: Unrecorded) -> None:
    """Records the answer as one whose caller was told that a person will be in touch.

    Raises ``NoSuchCallError`` where there is no call that it could belong to.
    """
    position = Position(answer.step, answer.play) if answer.step else None
    call_id = UUID(answer.call_id)

    def work(session: Session) -> None:
        call = calls.held(session, call_id)
        if call is None or not calls.adopt(session, call, answer.provider_id):
            raise NoSuchCallError(f"there is no call {answer.call_id}")
        turns.reply(session, call, answer.number, Heard(Sound.LOST, answer.key), position)

    write(work)


def _record(piece: Piece) -> None:
    record(Unrecorded(**piece))


def _given_up(piece: Piece | None) -> None:
    """Nothing that is still known of the answer is left out; of a file that nobody can read only that there was one."""
    known = piece or {}
    key, telephone = str(known.get("key", "")), str(known.get("telephone", ""))

    def work(session: Session) -> None:
        call = _call(session, str(known.get("call_id", "")))
        owners.tell_of_lost_answer(session, call.number if call else telephone, key)

    write(work)


def _call(session: Session, call_id: str) -> Call | None:
    try:
        return session.get(Call, UUID(call_id))
    except ValueError:
        return None


_spool = Spool(FOLDER, _record, _given_up)
