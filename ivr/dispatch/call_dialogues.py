"""The dialogues of calls in the database: what alike calls share is stored once, and looked up as seldom as can be."""

import threading
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypedDict
from weakref import WeakKeyDictionary

from sqlalchemy import delete
from sqlalchemy.orm import Session, object_session
from sqlalchemy.pool import Pool

from core import clock
from core.ids import new_id
from core.storage.database import after_commit, reading, write_behind
from core.storage.upserts import insert_into
from ivr.dialogue.engine import Dialogue
from ivr.dialogue.stored import Document, document, read, texts
from ivr.listener import EVERYBODY, Listener
from ivr.models import Call, StoredDialogue
from ivr.prompts import own_voices
from ivr.queries import dialogues as queries

SURE_SECONDS = 3600.0
"""Real seconds for which a process relies on what it has seen in the database."""
NOTED_EVERY = timedelta(hours=12)
UNUSED_FOR = timedelta(days=2)
"""Nobody relies any more on a dialogue that nobody has looked for in so long (real time)."""
_STORED = "dialogues stored"


class Carried(TypedDict):
    """The columns in which a call keeps its dialogue."""

    dialogue_digest: bytes
    particulars: str


def carried(session: Session, dialogue: Dialogue | Document) -> Carried:
    """What a call keeps that follows this dialogue, which is stored from now on.

    Raises ``DialogueError`` for one that no call may carry.
    """
    kept = dialogue if isinstance(dialogue, Document) else document(dialogue)
    pool = session.get_bind().engine.pool
    if not _seen.is_sure(pool, kept.digest) and _keep(session, kept):
        after_commit(session, partial(_seen.note, pool, kept.digest))
    return Carried(dialogue_digest=kept.digest, particulars=kept.written)


def new_call(session: Session, dialogue: Dialogue | Document, listener: Listener = EVERYBODY, **columns: Any) -> Call:
    """A row, not stored yet, for a call that follows this dialogue as it sounds to the listener.

    ``columns`` are the others of ``Call``. Raises ``DialogueError`` for a dialogue that no call may carry.
    """
    kept = dialogue if isinstance(dialogue, Document) else document(dialogue)
    overlay = own_voices.overlay(session, kept, listener).written()
    return Call(id=new_id(), by_machine=False, hang_up_wanted=False, overlay=overlay, **carried(session, kept),
                **columns)  # fmt: skip


def dialogue_of(call: Call) -> Dialogue:
    """The call's dialogue, which was checked when the call got it.

    Raises ``LookupError`` where what it shares is not stored, and pydantic's ``ValidationError`` for what is none.
    """
    return read(call.dialogue_digest, call.particulars, partial(_text, call))


def dialogue_kept(digest: bytes, particulars: str) -> Dialogue:
    """The dialogue of a call that keeps these; raises as ``dialogue_of``."""
    return read(digest, particulars, partial(_text_of, digest))


def _text(call: Call) -> str:
    session = object_session(call)
    return queries.dialogue_text(session, call.dialogue_digest) if session else _text_of(call.dialogue_digest)


def _text_of(digest: bytes) -> str:
    with reading() as session:
        return queries.dialogue_text(session, digest)


def _keep(session: Session, kept: Document) -> bool:
    """Stores it, and notes now and then that it is used; whether it stays even if this unit of work is rolled back."""
    texts.get(kept.digest, lambda: kept.text)
    ours: set[bytes] = session.info.setdefault(_STORED, set())
    real_now = clock.real_now()
    with session.no_autoflush:  # nobody writes dialogues but here, and at once
        used_at = queries.dialogue_used_at(session, kept.digest)
    if used_at is None:
        ours.add(kept.digest)
    if used_at is None or used_at < real_now - NOTED_EVERY:
        row = insert_into(session, StoredDialogue).values(digest=kept.digest, text=kept.text, used_at=real_now)
        session.connection().execute(row.on_conflict_do_update(index_elements=["digest"], set_={"used_at": real_now}))
    return kept.digest not in ours


def delete_unused() -> int:
    """Deletes the dialogues that no call follows and nobody relies on, one in each bite; returns how many.

    There are few of them, ever: no index helps to find them, which each call would have to pay for.
    """
    before = clock.real_now() - UNUSED_FOR
    with reading() as session:
        unused = queries.unused_dialogues(session, before)
    return sum(write_behind(partial(_delete, digest, before)) for digest in unused)


def _delete(digest: bytes, before: datetime, session: Session) -> bool:
    """False where somebody has made sure of it meanwhile."""
    gone = delete(StoredDialogue).where(StoredDialogue.digest == digest, StoredDialogue.used_at < before)
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]


class _Seen:
    """Which dialogues this process has seen in which database, and when (monotonic)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._at: WeakKeyDictionary[Pool, dict[bytes, float]] = WeakKeyDictionary()

    def is_sure(self, pool: Pool, digest: bytes) -> bool:
        with self._guard:
            seen = self._at.get(pool, {}).get(digest)
        return seen is not None and monotonic() - seen < SURE_SECONDS

    def note(self, pool: Pool, digest: bytes) -> None:
        with self._guard:
            self._at.setdefault(pool, {})[digest] = monotonic()


_seen = _Seen()
