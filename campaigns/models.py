"""The tables of campaigns, rounds and check-ins."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

import escalation.models  # noqa: F401  (our tables refer to its tables)
import ivr.models  # noqa: F401  (and to these)
from contacts.models import Resident
from core.ids import new_id
from core.storage.database import WITHIN_ITS_KEY, Base
from core.storage.encrypted import EncryptedNumbers, EncryptedText
from core.storage.partial_indexes import partial_index


class Outcome(StrEnum):
    """How a check-in ended. Only ``OK``, ``EXCUSED`` and ``WITHDRAWN`` end quietly; every other one has a case.

    ``NOT_ASKED``: nobody was rung for it, because the time for it was over; its round has one case for all of them.
    """

    OK = "ok"
    NEEDS_SUPPLIES = "needs_supplies"
    UNWELL = "unwell"
    WANTS_PERSON = "wants_person"
    NO_KEY = "no_key"
    HUNG_UP = "hung_up"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not_asked"
    EXCUSED = "excused"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why nobody rings a resident any more in a round, although it had begun for them or should have."""

    PAUSED = "paused"
    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    REMOVED = "removed"
    MERGED = "merged"
    """They had been written down twice, and are asked once."""
    NO_CONSENT = "no_consent"
    CAMPAIGN_PAUSED = "campaign_paused"
    CAMPAIGN_STOPPED = "campaign_stopped"
    ROUND_STOPPED = "round_stopped"
    ASKED_ELSEWHERE = "asked_elsewhere"
    """Another round asks them at about the same time (``CheckIn.asked_in_id``)."""
    FAMILY_SPOKE = "family_spoke"
    """They had not answered so far, and a relative has spoken to them; it is nobody's answer."""


class CampaignKind(StrEnum):
    """What is asked of everybody in a round: how they are, or whether they have heard a message."""

    CHECK_IN = "check-in"
    NOTICE = "notice"


class CampaignState(StrEnum):
    """Whether a campaign starts rounds by itself.

    A draft is being written, and one that is checked has been found in order as it stands; neither rings anybody.
    """

    DRAFT = "draft"
    CHECKED = "checked"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class Campaign(Base):
    """Calls to everybody whom ``audience`` means, at the times of ``schedule``.

    Both are documents, of ``campaigns.audiences`` and of ``campaigns.schedules``.

    A notice tells its ``message`` in each round, most of them in one round only. ``retries`` are the minutes between
    two attempts after the results that have a pause of their own (see ``campaigns.planning.retries``),
    ``retry_minutes`` after all others. First attempts are spread over ``spread_minutes``. ``version`` counts changes.

    ``deadline_minutes`` after its start every check-in of a round has an outcome; who has rung us with an answer within
    ``early_minutes`` before it is not rung. Until ``late_until`` (community time; see ``campaigns.rounds.lateness``) a
    round that was missed is still of use on its day. A campaign that was removed (``removed_at``) stays behind its
    rounds.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        partial_index("uq_campaigns_kept_name", "community_id", "name", where="removed_at IS NULL", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str]
    kind: Mapped[CampaignKind]
    message: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.ACTIVE)
    audience: Mapped[dict[str, Any]]
    schedule: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=3)
    retry_minutes: Mapped[int] = mapped_column(default=10)
    retries: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    spread_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    ring_seconds: Mapped[int] = mapped_column(default=60)
    deadline_minutes: Mapped[int] = mapped_column(default=120)
    early_minutes: Mapped[int] = mapped_column(default=120)
    late_until: Mapped[time | None]
    machine_detection: Mapped[bool] = mapped_column(default=True, server_default=true())
    next_round_at: Mapped[datetime | None] = mapped_column(index=True)
    removed_at: Mapped[datetime | None]


class Round(Base):
    """One occurrence of a campaign.

    ``occurrence`` is the instant it was due, so that the same morning can never be started twice. ``terms`` are those
    of its campaign when it began, in its ``version`` of then (None: of before they were kept). Of a round that was
    stopped ``stopped_at`` says since when nobody is rung any more, ``stopped_because`` (a ``Reason``) why. It is
    looked at as a whole (see ``campaigns.looking``) at ``look_at``, None when that is done.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("campaign_id", "occurrence"),
        partial_index("ix_rounds_open", "deadline", where="completed_at IS NULL"),
        partial_index("ix_rounds_look_at", "look_at", where="look_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    occurrence: Mapped[datetime]
    started_at: Mapped[datetime] = mapped_column(index=True)
    deadline: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[Reason | None]
    stop_note: Mapped[str] = mapped_column(default="", server_default="")
    look_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()


class CheckIn(Base):
    """One resident in one round. In a round of a notice ``ok`` means "has heard it", said by key like any other.

    ``furthest`` is the furthest contact so far when nothing has been said; ``numbers`` the telephones in the order in
    which they are tried, ``refused`` those that the provider will never ring. ``asked_in_id`` is the
    check-in of another round in which the same resident is asked at about the same time, so that this one is excused.

    ``reason`` is why the resident is not rung any more, ``reason_note`` what staff wrote about it. A check-in that is
    still open with a reason waits for the end of a call under way, and for nothing else: what is said in it counts.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("round_id", "resident_id"),
        Index("ix_check_ins_round_id", "round_id", "id"),
        Index("ix_check_ins_round_outcome", "round_id", "outcome"),
        partial_index("ix_check_ins_due", "next_attempt_at", where="next_attempt_at IS NOT NULL"),
        partial_index("ix_check_ins_open", "round_id", where="outcome IS NULL"),
        partial_index("ix_check_ins_open_resident", "resident_id", where="outcome IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    numbers: Mapped[list[str]] = mapped_column(EncryptedNumbers)
    refused: Mapped[list[str]] = mapped_column(EncryptedNumbers)
    outcome: Mapped[Outcome | None]
    furthest: Mapped[Outcome | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    asked_in_id: Mapped[UUID | None]
    reason: Mapped[Reason | None]
    reason_note: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")

    round: Mapped[Round] = relationship()
    resident: Mapped[Resident] = relationship()


class CheckInCall(Base):
    """Which check-ins a call asks about: one call covers everybody due at its number.

    ``contact`` is how far the call got when the resident said nothing in it, None before its end. ``is_lost`` says that
    nobody heard what was said in it through our own fault, so that it is no attempt of the plan's.
    """

    __tablename__ = "check_in_calls"
    __table_args__ = WITHIN_ITS_KEY

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_ins.id"), primary_key=True, index=True)
    contact: Mapped[Outcome | None]
    is_lost: Mapped[bool] = mapped_column(default=False, server_default=false())


class EarlyAnswer(Base):
    """What a resident said when they rang us while no check-in waited for it; ``check_in_id`` is what it counted for.

    ``case_id`` is the case that was opened, or made worse, when it was said.
    """

    __tablename__ = "early_answers"
    __table_args__ = (partial_index("ix_early_answers_waiting", "at", where="check_in_id IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    said: Mapped[Outcome]
    at: Mapped[datetime]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_ins.id"))


class TrialResult(StrEnum):
    """What a trial call has shown. Only whoever pressed every key that they were asked to press has ``worked``."""

    WORKED = "worked"
    COULD_NOT_PRESS = "could_not_press"
    """Keys have arrived, but not all that were practised."""
    PRESSED_NOTHING = "pressed_nothing"
    """They picked up, and no key has arrived."""
    NOT_REACHED = "not_reached"
    NOT_CALLED = "not_called"
    """The time in which they could be rung has passed before anybody rang."""
    BROKEN_OFF = "broken_off"
    """It was about something else: they really needed somebody, wish no calls, or are away."""


class Trial(Base):
    """A trial call to one resident, in which keys are practised; ``result`` is None while it is under way.

    ``practised`` are the keys that arrived when they were asked for, ``pressed`` says that any key did, and
    ``listened`` that the call was heard to its end. ``numbers``, ``refused``, ``furthest``, ``attempts`` and
    ``next_attempt_at`` are as in a check-in; ``call_id`` is the latest call.
    """

    __tablename__ = "trials"
    __table_args__ = (
        partial_index("uq_trials_under_way", "resident_id", where="result IS NULL", unique=True),
        partial_index("ix_trials_due", "next_attempt_at", where="next_attempt_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    begun_at: Mapped[datetime]
    deadline: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    numbers: Mapped[list[str]] = mapped_column(EncryptedNumbers)
    refused: Mapped[list[str]] = mapped_column(EncryptedNumbers)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"), unique=True)
    furthest: Mapped[Outcome | None]
    practised: Mapped[str] = mapped_column(default="")
    pressed: Mapped[bool] = mapped_column(default=False)
    listened: Mapped[bool] = mapped_column(default=False)
    result: Mapped[TrialResult | None]

    resident: Mapped[Resident] = relationship()

    @property
    def suggests_flag(self) -> bool:
        """Whether staff should consider "cannot press keys": they listened to the end, and no key has arrived."""
        return self.result == TrialResult.PRESSED_NOTHING and self.listened
