"""Every SELECT of rounds that are late, over, or touch one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from campaigns.models import Campaign, CampaignKind, CampaignState, CheckIn, CheckInCall, EarlyAnswer, Outcome, Round
from campaigns.queries.due import ROUND_IS_OVER
from contacts.models import Relative, Resident
from escalation.cases.family import OWNER, Family
from ivr.models import RANG_NOBODY, Call, CallState, Direction
from ivr.sms.texts_wait import texts_wait

_LONGEST_ROUND = timedelta(days=1)
"""No round lasts longer, so that none that began earlier has asked anybody since."""
_NOBODY_ASKED = (Outcome.NOT_ASKED, Outcome.EXCUSED, Outcome.WITHDRAWN)


class Progress(StrEnum):
    """How far a round has come: somebody has no outcome yet; all have one and some were asked; or nobody was."""

    OPEN = "open"
    DONE = "done"
    NOBODY_ASKED = "nobody_asked"


_OF_ROUND = CheckIn.round_id == bindparam("round_id")
_HOW_FAR = case(
    (exists().where(_OF_ROUND, CheckIn.outcome.is_(None)), Progress.OPEN.value),
    (exists().where(_OF_ROUND, CheckIn.outcome.not_in(_NOBODY_ASKED)), Progress.DONE.value),
    else_=Progress.NOBODY_ASKED.value,
)
_PROGRESS = select(_HOW_FAR)
_RESIDENT = bindparam("resident_id", type_=Uuid())
_ONCE = select(_HOW_FAR.label("progress"), texts_wait(OWNER, _RESIDENT).label("wait")).subquery()
_LOOKED_AFTER = exists().where(Resident.id == Relative.resident_id, Resident.removed_at.is_(None)).correlate(Relative)
_PROGRESS_AND_FAMILY = (
    select(_ONCE.c.progress, _ONCE.c.wait, Relative)
    .select_from(_ONCE)
    .join(Relative, and_(Relative.resident_id == _RESIDENT, _LOOKED_AFTER), isouter=True)
    .order_by(Relative.id)
)


def rounds_past_deadline(session: Session, now: datetime) -> Sequence[Round]:
    """Rounds that are not complete although their deadline has passed, the longest overdue first."""
    overdue = select(Round).where(ROUND_IS_OVER).options(joinedload(Round.campaign)).order_by(Round.deadline)
    return session.scalars(overdue, {"now": now}).all()


def open_of_round(session: Session, round_id: UUID) -> Sequence[CheckIn]:
    """The check-ins of a round that have no outcome, in the order in which they were made, as they stand now.

    Held until the transaction ends: an answer, or a stop, that is just being stored is never overwritten.
    """
    still_open = select(CheckIn).where(CheckIn.round_id == round_id, CheckIn.outcome.is_(None))
    found = still_open.options(joinedload(CheckIn.round, innerjoin=True)).order_by(CheckIn.id)
    held = found.with_for_update(of=CheckIn).execution_options(populate_existing=True)
    return session.scalars(held).all()


def open_and_rung(session: Session, round_id: UUID) -> set[UUID]:
    """Those open check-ins of a round for which a telephone was rung, as far as anybody knows."""
    return set(session.scalars(_rung().where(CheckIn.round_id == round_id, CheckIn.outcome.is_(None))))


def was_rung(session: Session, check_in_id: UUID) -> bool:
    """Whether a telephone was rung for a check-in, as far as anybody knows."""
    return session.scalars(_rung().where(CheckIn.id == check_in_id).limit(1)).first() is not None


def calls_of_open(session: Session, round_id: UUID) -> dict[UUID, list[Call]]:
    """The calls that have not ended, by open check-in of a round."""
    found: dict[UUID, list[Call]] = {}
    live = (
        select(CheckInCall.check_in_id, Call)
        .join(Call, Call.id == CheckInCall.call_id)
        .join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        .where(CheckIn.round_id == round_id, CheckIn.outcome.is_(None), Call.state != CallState.ENDED)
    )
    for check_in_id, call in session.execute(live):
        found.setdefault(check_in_id, []).append(call)
    return found


def count_not_asked(session: Session, round_id: UUID) -> int:
    """How many of a round were not asked."""
    of_round = (CheckIn.round_id == round_id, CheckIn.outcome == Outcome.NOT_ASKED)
    return session.scalar(select(func.count()).select_from(CheckIn).where(*of_round)) or 0


def progress(session: Session, round_id: UUID) -> Progress:
    """How far a round has come; one statement, since every answer asks it."""
    return Progress(session.scalars(_PROGRESS, {"round_id": round_id}).one())


def progress_and_family(session: Session, round_id: UUID, resident_id: UUID) -> tuple[Progress, Family]:
    """How far a round has come, and the family of a resident of it; one statement, since every outcome asks both."""
    rows = session.execute(_PROGRESS_AND_FAMILY, {"round_id": round_id, "resident_id": resident_id}).all()
    relatives = [relative for _, _, relative in rows if relative is not None]
    return Progress(rows[0][0]), Family(relatives, bool(rows[0][1]))


def asked_since(session: Session, now: datetime, since: datetime) -> dict[UUID, UUID]:
    """Residents whom a round of check-ins asks now or has asked since then, each with the latest such check-in."""
    rounds = select(Round.id).join(Campaign).where(
        Campaign.kind == CampaignKind.CHECK_IN,
        Round.started_at <= now,
        or_(Round.completed_at.is_(None), Round.started_at >= since - _LONGEST_ROUND),
    )  # fmt: skip
    rung = exists().where(CheckInCall.check_in_id == CheckIn.id, CheckInCall.call_id == Call.id, *_rang(),
                          Call.dialled_at >= since)  # fmt: skip
    has_been = and_(CheckIn.outcome.not_in(_NOBODY_ASKED), or_(CheckIn.answered_at >= since, rung))
    is_being = and_(CheckIn.outcome.is_(None), CheckIn.reason.is_(None))
    found = session.execute(
        select(CheckIn.resident_id, CheckIn.id)
        .where(CheckIn.round_id.in_(rounds), CheckIn.asked_in_id.is_(None), or_(is_being, has_been))
        .order_by(CheckIn.id)
    )
    return {resident_id: check_in_id for resident_id, check_in_id in found}  # noqa: C416 - a result has keys()


@dataclass(frozen=True)
class AskedIn:
    """Where a resident is asked who is excused for it: the campaign, and when they were asked, None before that."""

    campaign: str
    outcome: str | None
    at: datetime | None

    def document(self) -> dict[str, str | None]:
        """As JSON has it."""
        return {"campaign": self.campaign, "outcome": self.outcome, "at": self.at.isoformat() if self.at else None}


def asked_in(session: Session, round_id: UUID) -> dict[UUID, AskedIn]:
    """For those of a round who are excused because another one asks them, where that is."""
    there = aliased(CheckIn)
    found = session.execute(
        select(CheckIn.id, Campaign.name, there.outcome, func.coalesce(there.answered_at, there.decided_at))
        .join(there, there.id == CheckIn.asked_in_id)
        .join(Round, Round.id == there.round_id)
        .join(Campaign, Campaign.id == Round.campaign_id)
        .where(CheckIn.round_id == round_id)
    )
    return {check_in_id: AskedIn(name, outcome, at) for check_in_id, name, outcome, at in found}


def not_asked(session: Session, round_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of those whom nobody has rung in these rounds: who was not asked, and who still waits for a call."""
    waits = and_(CheckIn.outcome.is_(None), CheckIn.attempts == 0, CheckIn.reason.is_(None))
    left = or_(CheckIn.outcome == Outcome.NOT_ASKED, waits)
    found: dict[UUID, list[str]] = {}
    names = select(CheckIn.round_id, Resident.name).join(Resident, Resident.id == CheckIn.resident_id)
    for round_id, name in session.execute(names.where(CheckIn.round_id.in_(round_ids), left).order_by(CheckIn.id)):
        found.setdefault(round_id, []).append(name)
    return found


def active_campaigns(session: Session) -> Sequence[Campaign]:
    """Active campaigns, held until the transaction ends."""
    active = (Campaign.state == CampaignState.ACTIVE, Campaign.removed_at.is_(None))
    return session.scalars(select(Campaign).where(*active).order_by(Campaign.id).with_for_update()).all()


def latest_start(session: Session) -> datetime | None:
    """When the latest round of all has started."""
    return session.scalar(select(func.max(Round.started_at)))


def rounds_in_the_future(session: Session, now: datetime) -> Sequence[Round]:
    """Rounds that have started later than the clock shows, or are open until then, the earliest first."""
    ahead = or_(Round.started_at > now, and_(Round.completed_at.is_(None), Round.deadline > now))
    return session.scalars(select(Round).where(ahead).order_by(Round.started_at)).all()


def check_ins_in_the_future(session: Session, round_ids: Sequence[UUID], now: datetime) -> Sequence[CheckIn]:
    """The check-ins of these rounds that wait for, or have had, an instant that has not come yet; held, by id."""
    ahead = or_(CheckIn.next_attempt_at > now, CheckIn.answered_at > now, CheckIn.decided_at > now)
    found = select(CheckIn).where(CheckIn.round_id.in_(round_ids), ahead).order_by(CheckIn.id)
    return session.scalars(found.with_for_update(of=CheckIn).execution_options(populate_existing=True)).all()


def early_answers_in_the_future(session: Session, now: datetime) -> Sequence[EarlyAnswer]:
    """What residents have told us of their own accord at an instant that has not come yet."""
    return session.scalars(select(EarlyAnswer).where(EarlyAnswer.at > now)).all()


def has_round(session: Session, campaign_id: UUID, occurrence: datetime) -> bool:
    """Whether this time of a campaign has its round."""
    of_then = exists().where(Round.campaign_id == campaign_id, Round.occurrence == occurrence)
    return bool(session.scalar(select(of_then)))


def _rung() -> Select[UUID]:
    return (
        select(CheckIn.id)
        .join(CheckInCall, CheckInCall.check_in_id == CheckIn.id)
        .join(Call, Call.id == CheckInCall.call_id)
        .where(*_rang())
    )


def _rang() -> tuple[ColumnElement[bool], ...]:
    """Whether a call of ours has rung a telephone, as far as anybody knows."""
    not_in_vain = or_(Call.ending.is_(None), Call.ending.not_in(RANG_NOBODY))
    return Call.direction == Direction.OUT, Call.dialled_at.is_not(None), Call.state != CallState.QUEUED, not_in_vain
