"""Numbers that want no texts: noted at once, asked by the sender in the transaction that claims a text."""

from sqlalchemy.orm import Session

from core import actors, clock
from core.running import events
from ivr.models import TextRefusal

ASKED = "asked"
BY_PROVIDER = "provider"


def refuse(session: Session, number: str, reason: str) -> None:
    """From now on no text is sent to ``number`` (E.164)."""
    if session.get(TextRefusal, number) is None:
        session.add(TextRefusal(number=number, reason=reason, since=clock.now()))
        session.flush()
        events.append(session, actors.caller(), "texts.refused", reason=reason)


def resume(session: Session, number: str) -> None:
    """Texts may be sent to ``number`` again."""
    if refusal := session.get(TextRefusal, number):
        session.delete(refusal)
        session.flush()
        events.append(session, actors.caller(), "texts.resumed")


def refuses(session: Session, number: str) -> bool:
    """Whether no text may be sent to ``number``."""
    return session.get(TextRefusal, number) is not None
