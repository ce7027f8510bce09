"""Every SELECT of campaigns, rounds and check-ins.

What is held is held in one order, so that on PostgreSQL nobody waits for somebody who waits for them:

1. the call whose turn or end is being stored (``ivr`` holds it before anything else is known);
2. campaigns (``hold_rounds_back``, ``hold``); no turn of a call that a campaign has made waits for one;
3. other calls, by id (``hold_calls``); a turn waits for none: it takes those that are free (``free_calls``);
4. check-ins, by id; 5. ladders (``alone``), and after them cases.

Whoever holds several calls and no campaign may wait for calls under way; whoever holds a campaign waits for calls out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from campaigns.models import (
    Campaign,
    CampaignKind,
    CampaignState,
    CheckIn,
    CheckInCall,
    EarlyAnswer,
    Outcome,
    Round,
)
from campaigns.queries.due import CAMPAIGN_IS_DUE, CHECK_IN_IS_DUE
from contacts.community.community import find_community
from contacts.models import Phone, Resident
from core.storage import held_rows
from escalation.models import Case
from ivr.models import Call, CallState

_BATCH = 1000
_OF_ROUND = joinedload(CheckIn.round, innerjoin=True).joinedload(Round.campaign, innerjoin=True)
_ASKED = (
    select(CheckIn)
    .join(CheckInCall, CheckInCall.check_in_id == CheckIn.id)
    .where(CheckInCall.call_id == bindparam("call_id"))
    .options(_OF_ROUND)
    .order_by(CheckIn.id)
    .with_for_update(of=CheckIn)
)
_ASKED_IN = (
    select(CheckInCall.call_id, CheckIn)
    .join(CheckIn, CheckInCall.check_in_id == CheckIn.id)
    .options(_OF_ROUND)
    .order_by(CheckIn.id)
    .with_for_update(of=CheckIn)
)
_ASKED_IN_FULL = _ASKED.options(
    joinedload(CheckIn.resident, innerjoin=True).joinedload(Resident.community, innerjoin=True),
    joinedload(CheckIn.resident, innerjoin=True).joinedload(Resident.household, innerjoin=True),
)
"""What every report of the provider asks for is composed once."""
_CAMPAIGNS_DUE = select(Campaign).where(CAMPAIGN_IS_DUE).with_for_update(skip_locked=True)
_CHECK_INS_DUE = (
    select(CheckIn)
    .join(CheckIn.round)
    .where(CHECK_IN_IS_DUE)
    .options(contains_eager(CheckIn.round).joinedload(Round.campaign), joinedload(CheckIn.resident))
    .order_by(CheckIn.next_attempt_at, CheckIn.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=CheckIn)
)
HOW_THEY_ARE = (Outcome.UNWELL, Outcome.WANTS_PERSON)
"""What can be said of oneself in a notice."""


def campaigns(session: Session) -> Sequence[Campaign]:
    """Every campaign of the community that this session acts for, by name; none that was removed."""
    return session.scalars(select(Campaign).where(*_of_the_community(session)).order_by(Campaign.name)).all()


def campaign_named(session: Session, name: str) -> Campaign | None:
    """The campaign of this name in the community that this session acts for; others may have one of the same name."""
    named = (Campaign.name == name, *_of_the_community(session))
    return session.scalars(select(Campaign).where(*named)).one_or_none()


def _of_the_community(session: Session) -> tuple[ColumnElement[bool], ...]:
    community = find_community(session)
    return (Campaign.community_id == (community.id if community else None), Campaign.removed_at.is_(None))


def campaigns_due(session: Session, now: datetime) -> Sequence[Campaign]:
    """Active campaigns whose next round should have started."""
    return session.scalars(_CAMPAIGNS_DUE, {"now": now}).all()


def campaigns_within(session: Session, until: datetime) -> Sequence[Campaign]:
    """Active campaigns whose next round starts until then, the earliest first."""
    soon = select(Campaign).where(Campaign.state == CampaignState.ACTIVE, Campaign.next_round_at <= until)
    return session.scalars(soon.order_by(Campaign.next_round_at, Campaign.id)).all()


def rounds(session: Session, limit: int = 50) -> Sequence[Round]:
    """Rounds, the latest first."""
    return session.scalars(select(Round).options(joinedload(Round.campaign)).order_by(Round.started_at.desc())
                           .limit(limit)).all()  # fmt: skip


def has_round_since(session: Session, campaign_id: UUID, instant: datetime) -> bool:
    """Whether a round of the campaign has started at ``instant`` or later."""
    asked = select(Round.id).where(Round.campaign_id == campaign_id, Round.started_at >= instant)
    return session.scalars(asked.limit(1)).first() is not None


def open_rounds(session: Session) -> Sequence[Round]:
    """Rounds that are not complete."""
    return session.scalars(select(Round).where(Round.completed_at.is_(None))).all()


def counts(session: Session, round_id: UUID) -> Counter[str]:
    """Check-ins by outcome; those still open are counted under the empty string."""
    rows = session.execute(
        select(CheckIn.outcome, func.count()).where(CheckIn.round_id == round_id).group_by(CheckIn.outcome)
    )
    return Counter({outcome or "": count for outcome, count in rows})


def due_check_ins(session: Session, now: datetime, limit: int) -> Sequence[CheckIn]:
    """Check-ins whose next attempt is due, oldest first; none of a round whose deadline has passed."""
    return session.scalars(_CHECK_INS_DUE, {"now": now, "most": limit}).all()


def waiting_at(
    session: Session,
    numbers: Collection[str],
    but: Collection[UUID],
    now: datetime,
    *,
    at_once: datetime,
    soon: datetime,
) -> Sequence[CheckIn]:
    """Other check-ins of whoever has one of these telephones: due by ``at_once``, or by ``soon`` for the first time."""
    theirs = select(Phone.resident_id).where(Phone.number.in_(numbers))
    first = (CheckIn.attempts == 0) & (CheckIn.next_attempt_at <= soon)
    return session.scalars(
        select(CheckIn)
        .join(CheckIn.round)
        .where(CheckIn.resident_id.in_(theirs), CheckIn.outcome.is_(None), CheckIn.id.not_in(but))
        .where(or_(CheckIn.next_attempt_at <= at_once, first), Round.deadline > now)
        .options(contains_eager(CheckIn.round).joinedload(Round.campaign), joinedload(CheckIn.resident))
        .order_by(CheckIn.next_attempt_at, CheckIn.id)
        .with_for_update(of=CheckIn)
    ).all()


def next_attempt(session: Session) -> datetime | None:
    """When the next check-in is due."""
    return session.scalar(select(func.min(CheckIn.next_attempt_at)).where(CheckIn.next_attempt_at.is_not(None)))


def next_round(session: Session, *kinds: CampaignKind) -> datetime | None:
    """When the next round, of one of these kinds if any are named, starts by itself."""
    return session.scalar(
        select(func.min(Campaign.next_round_at)).where(
            Campaign.state == CampaignState.ACTIVE, Campaign.kind.in_(kinds or tuple(CampaignKind))
        )
    )


def upcoming_campaigns(session: Session) -> Sequence[Campaign]:
    """Active campaigns that ask how people are and start a round by themselves, the next first."""
    will_start = (Campaign.state == CampaignState.ACTIVE, Campaign.kind == CampaignKind.CHECK_IN)
    found = select(Campaign).where(*will_start, Campaign.next_round_at.is_not(None))
    return session.scalars(found.order_by(Campaign.next_round_at, Campaign.name)).all()


def paused_campaign(session: Session) -> Campaign | None:
    """A campaign that would ask how people are if it were not paused."""
    paused = (Campaign.state == CampaignState.PAUSED, Campaign.kind == CampaignKind.CHECK_IN)
    return session.scalars(select(Campaign).where(*paused).order_by(Campaign.name).limit(1)).first()


def check_ins_of_call(session: Session, call_id: UUID) -> Sequence[CheckIn]:
    """The check-ins that a call asks about, in the order in which they were made; held until the transaction ends."""
    return session.scalars(_ASKED, {"call_id": call_id}).all()


def check_ins_of_calls(session: Session, call_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CheckIn]]:
    """The same of many calls, by call."""
    found: defaultdict[UUID, list[CheckIn]] = defaultdict(list)
    for call_id, check_in in session.execute(_ASKED_IN.where(CheckInCall.call_id.in_(call_ids))):
        found[call_id].append(check_in)
    return found


def check_ins_in_full(session: Session, call_id: UUID) -> Sequence[CheckIn]:
    """The same, with the residents, their homes and communities: for what somebody may have said."""
    return session.scalars(_ASKED_IN_FULL, {"call_id": call_id}).all()


def count_rounds(session: Session, campaign_id: UUID) -> int:
    """How many rounds a campaign has had."""
    return session.scalar(select(func.count()).where(Round.campaign_id == campaign_id)) or 0


def latest_occurrence(session: Session, campaign_id: UUID) -> datetime | None:
    """When the latest round of a campaign was due."""
    return session.scalar(select(func.max(Round.occurrence)).where(Round.campaign_id == campaign_id))


def hold_check_ins(session: Session, ids: Sequence[UUID]) -> list[CheckIn]:
    """Those of these check-ins that are still open, as they stand now, held until the transaction ends."""
    held: list[CheckIn] = []
    for batch in batches(ids):
        found = select(CheckIn).where(CheckIn.id.in_(batch), CheckIn.outcome.is_(None)).order_by(CheckIn.id)
        held += session.scalars(
            found.options(joinedload(CheckIn.resident, innerjoin=True), joinedload(CheckIn.round, innerjoin=True))
            .with_for_update(of=CheckIn)
            .execution_options(populate_existing=True)
        )
    return held


def hold_open_of_resident(session: Session, resident_id: UUID) -> None:
    """Holds what a resident has open until the transaction ends; read afterwards it is fresh."""
    ids = open_ids_of_resident(session, resident_id)
    held = select(CheckIn).where(CheckIn.id.in_(ids)).order_by(CheckIn.id).with_for_update(of=CheckIn)
    session.scalars(held.execution_options(populate_existing=True)).all()


def open_ids(session: Session, round_id: UUID) -> Sequence[UUID]:
    """The check-ins of a round that have no outcome, in the order in which they were made."""
    still_open = select(CheckIn.id).where(CheckIn.round_id == round_id, CheckIn.outcome.is_(None))
    return session.scalars(still_open.order_by(CheckIn.id)).all()


def open_ids_of_resident(session: Session, resident_id: UUID) -> Sequence[UUID]:
    """The check-ins and notices of a resident that have no outcome, in the order in which they were made."""
    still_open = select(CheckIn.id).where(CheckIn.resident_id == resident_id, CheckIn.outcome.is_(None))
    return session.scalars(still_open.order_by(CheckIn.id)).all()


def open_rounds_of(session: Session, campaign_id: UUID) -> Sequence[Round]:
    """Rounds of a campaign that are under way, the earliest first."""
    under_way = select(Round).where(Round.campaign_id == campaign_id, Round.completed_at.is_(None))
    return session.scalars(under_way.options(joinedload(Round.campaign)).order_by(Round.started_at)).all()


def open_check_ins(session: Session, resident_ids: Sequence[UUID]) -> Sequence[CheckIn]:
    """Check-ins of these residents that have no outcome yet, in the order in which they were made; no notices."""
    return session.scalars(
        select(CheckIn)
        .where(CheckIn.resident_id.in_(resident_ids), CheckIn.outcome.is_(None), _says_how_they_are())
        .options(joinedload(CheckIn.round).joinedload(Round.campaign))
        .order_by(CheckIn.id)
    ).all()


def open_notices(session: Session, resident_id: UUID) -> Sequence[CheckIn]:
    """Notices that this resident is still to be told, or has not confirmed."""
    waiting = select(CheckIn).where(CheckIn.resident_id == resident_id, CheckIn.outcome.is_(None))
    return session.scalars(waiting.where(_is_of(CampaignKind.NOTICE)).order_by(CheckIn.id)).all()


def early_answers(session: Session, since: datetime) -> Sequence[EarlyAnswer]:
    """Early answers since then that have counted for no check-in, the earliest first."""
    return session.scalars(
        select(EarlyAnswer)
        .where(EarlyAnswer.check_in_id.is_(None), EarlyAnswer.at >= since)
        .order_by(EarlyAnswer.at, EarlyAnswer.id)
    ).all()


def hold_rounds_back(session: Session) -> None:
    """Until this unit of work ends no round starts, so that what a caller says cannot fall between two of them."""
    session.execute(select(Campaign.id).with_for_update(read=True))


def hold(session: Session, campaign: Campaign) -> None:
    """Waits for callers who are just being heard, and makes later ones wait."""
    held_rows.hold(session, campaign)


def latest_check_in(
    session: Session, resident_id: UUID, since: datetime, until: datetime | None = None, *, held: bool = False
) -> CheckIn | None:
    """The resident's check-in in the latest round started since then, and not after ``until``.

    A notice is one only where they have said in it how they are; one that left asking to another round is none.
    Where it may be changed it is ``held`` until the transaction ends, as it stands then.
    """
    recent = select(Round.id).where(Round.started_at >= since, Round.started_at <= until if until else true())
    latest = (
        select(CheckIn)
        .join(Round)
        .where(CheckIn.round_id.in_(recent), CheckIn.resident_id == resident_id, _says_how_they_are())
        .where(CheckIn.asked_in_id.is_(None))
        .options(joinedload(CheckIn.round).joinedload(Round.campaign))
        .order_by(Round.started_at.desc())
        .limit(1)
    )
    if held:
        latest = latest.with_for_update(of=CheckIn).execution_options(populate_existing=True)
    return session.scalars(latest).one_or_none()


def stranded(session: Session, limit: int) -> Sequence[CheckIn]:
    """Open check-ins that wait for nothing, neither a next attempt nor a call; held, and none that others hold."""
    live = (
        exists()
        .where(CheckInCall.check_in_id == CheckIn.id, CheckInCall.call_id == Call.id)
        .where(Call.state != CallState.ENDED)
    )
    waits_for_nothing = select(CheckIn).where(CheckIn.outcome.is_(None), CheckIn.next_attempt_at.is_(None), ~live)
    held = waits_for_nothing.with_for_update(skip_locked=True, of=CheckIn).limit(limit)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def without_case(session: Session, quiet: Sequence[Outcome], limit: int) -> Sequence[CheckIn]:
    """Check-ins of open rounds that ended with something to look after, and have no case of their own or shared one."""
    shared = (CheckIn.outcome == Outcome.NOT_ASKED) & (Case.round_id == CheckIn.round_id)
    case = exists().where(or_(Case.check_in_id == CheckIn.id, shared))
    return session.scalars(
        select(CheckIn)
        .where(CheckIn.round_id.in_(select(Round.id).where(Round.completed_at.is_(None))))
        .where(CheckIn.outcome.is_not(None), CheckIn.outcome.not_in(quiet), ~case)
        .limit(limit)
    ).all()


def check_ins(session: Session, round_id: UUID) -> Sequence[CheckIn]:
    """The check-ins of a round with their residents."""
    return session.scalars(
        select(CheckIn).where(CheckIn.round_id == round_id).options(joinedload(CheckIn.resident)).order_by(CheckIn.id)
    ).all()


def check_ins_of(session: Session, round_id: UUID, resident_ids: Sequence[UUID]) -> Sequence[CheckIn]:
    """The check-ins of some residents in a round, in the order in which they were made."""
    found = select(CheckIn).where(CheckIn.round_id == round_id, CheckIn.resident_id.in_(resident_ids))
    return session.scalars(found.order_by(CheckIn.id)).all()


def check_ins_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, CheckIn]:
    """Those of these check-ins that exist."""
    return {found.id: found for found in session.scalars(select(CheckIn).where(CheckIn.id.in_(ids)))}


def decided_at(session: Session, check_in_ids: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """When the outcomes of these check-ins were decided."""
    found = session.execute(select(CheckIn.id, CheckIn.decided_at).where(CheckIn.id.in_(check_in_ids)))
    return dict(found.all())


def batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """So many ids at a time as one statement takes."""
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _says_how_they_are() -> ColumnElement[bool]:
    """Whether a check-in can say how a resident is: whether they have heard a notice says nothing of it."""
    return or_(_is_of(CampaignKind.CHECK_IN), CheckIn.outcome.in_(HOW_THEY_ARE))


def _is_of(kind: CampaignKind) -> ColumnElement[bool]:
    """Whether a check-in belongs to a round of such a campaign; asked of each check-in that is found otherwise."""
    return exists().where(Round.id == CheckIn.round_id, Campaign.id == Round.campaign_id, Campaign.kind == kind)
