"""Every SELECT of the dialogues that calls share."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from ivr.models import Call, StoredDialogue

_TEXT = select(StoredDialogue.text).where(StoredDialogue.digest == bindparam("digest"))
_USED_AT = select(StoredDialogue.used_at).where(StoredDialogue.digest == bindparam("digest"))


def dialogue_text(session: Session, digest: bytes) -> str:
    """The JSON that calls share; raises ``LookupError`` where there is none."""
    text = session.scalar(_TEXT, {"digest": digest})
    if text is None:
        raise LookupError(f"no dialogue {digest.hex()} is stored")
    return text


def dialogue_used_at(session: Session, digest: bytes) -> datetime | None:
    """When (real time) it was last made sure that it is there; None where it is not."""
    return session.scalar(_USED_AT, {"digest": digest})


def unused_dialogues(session: Session, before: datetime) -> Sequence[bytes]:
    """Those that no call follows and that nobody has made sure of since then (real time)."""
    followed = exists().where(Call.dialogue_digest == StoredDialogue.digest)
    unused = select(StoredDialogue.digest).where(StoredDialogue.used_at < before, ~followed)
    return session.scalars(unused).all()
