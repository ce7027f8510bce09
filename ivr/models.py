"""The tables of the telephone: lines, calls, their turns, and texts."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, false, literal_column, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.i18n import Language
from core.ids import new_id
from core.storage.database import WITHIN_ITS_KEY, Base
from core.storage.encrypted import EncryptedBytes, EncryptedDocument, EncryptedNumber, EncryptedText
from core.storage.partial_indexes import partial_index
from ivr.dialogue.sounds import Sound


class Direction(StrEnum):
    """Who rang whom."""

    OUT = "out"
    IN = "in"


class CallState(StrEnum):
    """The life of a call: ``queued → dialling → placed → ended``.

    ``dialling`` is committed before the provider is asked; ``placed`` means that the provider knows the call.
    """

    QUEUED = "queued"
    DIALLING = "dialling"
    PLACED = "placed"
    ENDED = "ended"


ACTIVE_STATES = (CallState.DIALLING, CallState.PLACED)


class Ending(StrEnum):
    """How a call ended, as far as the network can tell; what was *said* is the owner's to know."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    REFUSED = "refused"
    """The provider will never place a call to this number."""
    CANCELLED = "cancelled"
    NOT_WANTED = "not_wanted"
    """Taken from the queue because its owner no longer wanted it, or its time was over."""
    WITHDRAWN = "withdrawn"
    """Given up while it was being dialled or rang, because the other party has rung us meanwhile."""


RANG_NOBODY = frozenset({Ending.NOT_WANTED, Ending.REFUSED})
"""Calls that ended so have rung no telephone: nothing may be said of whoever they were for."""


class Urgency(IntEnum):
    """The order in which due calls are dialled; lower first. What lies between is an alert that can wait longer.

    Only an ``ALERT`` takes the places of a line that are kept free: somebody is unwell, and nobody is being rung yet.
    An ``ANSWER_LOST`` has the next place that becomes free: somebody may have told us so, and nobody has heard it.
    """

    ALERT = 0
    ANSWER_LOST = 1
    ROUTINE = 10


def band(urgency: int) -> Urgency:
    """Whether a call is any kind of alert or routine."""
    return Urgency.ALERT if urgency < Urgency.ROUTINE else Urgency.ROUTINE


class Line(Base):
    """A caller number at the provider, with its pace (real seconds) and the lease of whoever dials on it.

    ``next_turn_at`` is when the pace allows the next request, whoever makes it. After ``failures`` in a row the line
    is ``resting_until`` then; ``rests`` counts the rests since its last success. Until ``kept_until`` its free places
    are for whoever was cut off, and for alerts (see ``ivr.dispatch.lines``). All instants are real time.
    """

    __tablename__ = "lines"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    calls_per_second: Mapped[float]
    calls_at_once: Mapped[int]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_turn_at: Mapped[datetime | None]
    resting_until: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    rests: Mapped[int] = mapped_column(default=0)


class StoredDialogue(Base):
    """What calls that differ only in whom they are about share of their dialogue; see ``ivr.dialogue.stored``.

    ``text`` is JSON with blanks; ``used_at`` (real time) is when somebody last made sure that it is there.
    """

    __tablename__ = "dialogues"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    text: Mapped[str]
    used_at: Mapped[datetime]


class Call(Base):
    """One telephone attempt to (or from) one number.

    ``number`` is the other party, E.164. ``owner`` names who decides what is said (see ``ivr.ports.owners``).
    ``due_at`` and ``not_after`` bound, in clock time, when it may be dialled; a call not answered at ``cancel_at``
    (clock time) is cancelled. In real time, ``requested_at`` is when the provider could first have been asked for it,
    and ``request_deadline`` the instant after which a ``dialling`` call whose worker fell silent is looked up there.
    ``refusals`` counts how often the provider refused it for the time being.

    What it says is the dialogue of that digest, with its ``particulars`` (a JSON list) in place of the blanks.
    ``overlay`` is how it sounds to whoever listens (see ``ivr.listener``), None where nothing differs. In one that
    ``is_interrupted`` something may have been said that nobody of us has heard (see ``ivr.turns.interruption``);
    ``look_back_at`` (real time) is when the provider is asked about that after its end.

    A call with a ``parent_id`` is a leg: the provider dials it out of the parent call, whose party it connects with its
    own, and it never waits in the queue.
    """

    __tablename__ = "calls"
    __table_args__ = (
        partial_index("uq_calls_active_number", "number", where="state IN ('dialling', 'placed')", unique=True),
        partial_index("ix_calls_queue", "urgency", "due_at", where="state = 'queued'"),
        partial_index(
            "ix_calls_hang_up_wanted", "hang_up_wanted", where="hang_up_wanted = 1", postgresql="hang_up_wanted"
        ),
        partial_index("ix_calls_overdue", "overdue_at", where="state IN ('dialling', 'placed')"),
        partial_index("ix_calls_answered", "number", "answered_at", where="answered_at IS NOT NULL"),
        partial_index("ix_calls_parent_id", "parent_id", where="parent_id IS NOT NULL"),
        partial_index("ix_calls_look_back_at", "look_back_at", where="look_back_at IS NOT NULL"),
        partial_index("ix_calls_in", "due_at", where="direction = 'in'"),
        partial_index("ix_calls_ended", "owner", "direction", "ending", "ended_at", where="ended_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("lines.id"))
    direction: Mapped[Direction]
    number: Mapped[str] = mapped_column(EncryptedNumber)
    owner: Mapped[str]
    dialogue_digest: Mapped[bytes] = mapped_column(ForeignKey("dialogues.digest"))
    particulars: Mapped[str] = mapped_column(EncryptedDocument)
    overlay: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    urgency: Mapped[int]
    state: Mapped[CallState]
    ring_seconds: Mapped[int]
    due_at: Mapped[datetime]
    not_after: Mapped[datetime]
    worker: Mapped[str | None]
    requested_at: Mapped[datetime | None]
    request_deadline: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(default=0)
    cancel_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    dialled_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    refusal_code: Mapped[int | None]
    by_machine: Mapped[bool] = mapped_column(default=False)
    hang_up_wanted: Mapped[bool] = mapped_column(default=False)
    machine_detection: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_interrupted: Mapped[bool] = mapped_column(default=False, server_default=false())
    look_back_at: Mapped[datetime | None]

    line: Mapped[Line | None] = relationship()

    @hybrid_property
    def is_active(self) -> bool:
        """Whether the provider may be carrying it now; in a query, the words of the indexes of active calls.

        SQLite uses such an index only where the states stand in the query itself.
        """
        return self.state in ACTIVE_STATES

    @is_active.inplace.expression
    @classmethod
    def _is_active(cls) -> ColumnElement[bool]:
        return cls.state.in_([literal_column(f"'{each}'") for each in ACTIVE_STATES])


class CallTurn(Base):
    """One exchange of words: what was heard and the reply given, kept so that a repeated request hears the same.

    ``sound`` and ``key`` are those of ``ivr.dialogue.engine.Heard``; the key is empty where a number or a PIN was asked
    for. ``reply`` is packed (see ``ivr.turns.kept_replies``).
    """

    __tablename__ = "call_turns"
    __table_args__ = WITHIN_ITS_KEY

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    sound: Mapped[Sound]
    key: Mapped[str] = mapped_column(default="", server_default="")
    step: Mapped[str | None]
    play: Mapped[int]
    reply: Mapped[bytes] = mapped_column(EncryptedBytes)


class CallTotal(Base):
    """How many calls of a community's ``day`` there were whose rows are no longer kept.

    ``ending`` is as in ``Call``, and empty where nobody knows: a part of a key cannot be missing.
    """

    __tablename__ = "call_totals"

    day: Mapped[date] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[Direction] = mapped_column(primary_key=True)
    ending: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int]
    answered: Mapped[int]
    talked_seconds: Mapped[int]


class RecordingState(StrEnum):
    """Where a recording is: with the provider alone, with both, or with us alone.

    ``lost`` when it never came, ``deleted`` when it was kept for as long as it may be.
    """

    AT_PROVIDER = "at_provider"
    FETCHED = "fetched"
    KEPT = "kept"
    LOST = "lost"
    DELETED = "deleted"


class Recording(Base):
    """Something said after the beep in one call; ``sound`` is a WAV file, None until it was fetched.

    ``next_try_at`` is real time, None once nothing is left to do.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        partial_index("ix_recordings_next_try_at", "next_try_at", where="next_try_at IS NOT NULL"),
        partial_index("ix_recordings_kept", "made_at", where="state = 'kept'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    provider_id: Mapped[str] = mapped_column(unique=True)
    seconds: Mapped[int]
    state: Mapped[RecordingState]
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    sound: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)

    @hybrid_property
    def is_kept(self) -> bool:
        """Whether we alone have it; in a query, the words of its index."""
        return self.state == RecordingState.KEPT

    @is_kept.inplace.expression
    @classmethod
    def _is_kept(cls) -> ColumnElement[bool]:
        return cls.state == literal_column(f"'{RecordingState.KEPT}'")


class TextState(StrEnum):
    """The life of a text message: ``queued → sending → sent``, and then how it ended.

    ``sending`` is committed before the provider is asked; ``sent`` means that the provider has it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    NOT_WANTED = "not_wanted"
    """Taken from the queue because what it tells is no longer true."""
    SENT = "sent"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"
    """Whoever has this number wants no texts: they told us, or they told the provider."""
    DELIVERED = "delivered"


class Text(Base):
    """One text message to one number, E.164, sent from our number ``sender``.

    ``owner`` names who is told how it ended (see ``ivr.ports.owners``), None where nobody needs to know.
    ``next_try_at`` and ``not_after`` bound, in clock time, when it may be sent. In real time: ``request_deadline`` is
    the instant after which a ``sending`` text whose worker fell silent is looked up at the provider, and ``look_up_at``
    when a ``sent`` one is whose delivery nobody has reported. ``failure`` is the provider's code or a word of ours.
    """

    __tablename__ = "texts"
    __table_args__ = (
        partial_index("ix_texts_queue", "urgency", "next_try_at", where="state = 'queued'"),
        partial_index("ix_texts_queued_about", "subject_id", where="state = 'queued'"),
        partial_index("ix_texts_sending", "request_deadline", where="state = 'sending'"),
        partial_index("ix_texts_look_up_at", "look_up_at", where="look_up_at IS NOT NULL"),
        Index("ix_texts_number_created_at", "number", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(EncryptedNumber)
    body: Mapped[str] = mapped_column(EncryptedText)
    subject_id: Mapped[UUID | None]
    state: Mapped[TextState] = mapped_column(default=TextState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    request_deadline: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    failure: Mapped[str | None]
    owner: Mapped[str | None]
    urgency: Mapped[int] = mapped_column(default=Urgency.ROUTINE)
    not_after: Mapped[datetime | None]
    sender: Mapped[str | None]
    look_up_at: Mapped[datetime | None]


class TextIn(Base):
    """One text that somebody wrote to us, kept as it came; ``number`` is whatever the provider says is the sender.

    ``next_try_at`` (real time) is when it is read again because reading it has failed, None once it was read.
    """

    __tablename__ = "texts_in"
    __table_args__ = (partial_index("ix_texts_in_next_try_at", "next_try_at", where="next_try_at IS NOT NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(EncryptedNumber)
    body: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]


class TextRefusal(Base):
    """A number that wants no texts from us; ``reason`` is ``asked`` (they wrote so) or ``provider`` (it says so)."""

    __tablename__ = "text_refusals"

    number: Mapped[str] = mapped_column(EncryptedNumber, primary_key=True)
    reason: Mapped[str]
    since: Mapped[datetime]


class RecordedPrompt(Base):
    """A recording that is played wherever ``words`` are to be said in ``language`` to those it is meant for.

    ``key`` is the prompt that it was recorded for; ``words`` stand without the marks around them. Meant for one
    resident, for the calls of one campaign, or with neither for everybody. ``sound`` is an 8 kHz µ-law WAV file named
    by ``digest``; ``note`` says whose voice it is.
    """

    __tablename__ = "recorded_prompts"
    __table_args__ = (Index("ix_recorded_prompts_language_words", "language", "words"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    language: Mapped[Language]
    words: Mapped[str]
    resident_id: Mapped[UUID | None] = mapped_column(index=True)
    campaign_id: Mapped[UUID | None]
    digest: Mapped[str] = mapped_column(index=True)
    sound: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    seconds: Mapped[float]
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
