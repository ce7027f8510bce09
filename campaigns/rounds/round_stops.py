"""Round stops: staff end a round under way, or pause or stop its campaign, which ends its rounds as well.

From the commit on nothing more is dialled. Calls in progress finish and count; everybody else is ``excused`` with the
reason. A round that was ended does not come back: whoever is to be asked today after all is asked in a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import Campaign, CampaignState, CheckIn, Reason, Round
from campaigns.rounds import excuses
from campaigns.rounds.rounds import complete_if_done
from campaigns.schedules import occurrences, plans
from contacts.models import Community
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.running import events
from core.short_ids import short
from ivr.dispatch import call_off

_REASONS = {CampaignState.PAUSED: Reason.CAMPAIGN_PAUSED, CampaignState.STOPPED: Reason.CAMPAIGN_STOPPED}


@dataclass(frozen=True)
class Person:
    """A resident in a stopped round; ``attempts`` is how often they were rung in it without having said anything."""

    resident_id: UUID
    name: str
    attempts: int


@dataclass(frozen=True)
class StoppedRound:
    """What a stop has done: who is excused, and who is on the telephone, or being rung, and is heard to the end.

    Somebody should look at ``unheard``: they were rung today and have not answered, nor will they be rung again.
    """

    round_id: UUID
    campaign: str
    started_at: datetime
    excused: Sequence[Person]
    in_calls: Sequence[Person]

    @property
    def unheard(self) -> Sequence[Person]:
        """Of the excused, who had been rung before the stop."""
        return [each for each in self.excused if each.attempts]


@dataclass(frozen=True)
class CampaignChange:
    """A campaign's state before and after, with what became of its rounds under way; ``next_round_at`` None: none."""

    name: str
    before: CampaignState
    after: CampaignState
    next_round_at: datetime | None
    rounds: Sequence[StoppedRound] = ()


def stop_round(session: Session, actor: Actor, round_id: UUID, note: str = "") -> StoppedRound:
    """Ends one round; raises ``NotFoundError``, or ``ConflictError`` for one that is over or was stopped before."""
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
    queries.hold(session, round_.campaign)
    session.refresh(round_)
    if round_.completed_at is not None:
        raise ConflictError("Round {value} is over.", way_out="There is nothing to stop.", field="round",
                            value=short(round_id))  # fmt: skip
    if round_.stopped_at is not None:
        raise ConflictError(
            "Round {value} has been stopped.", way_out="It is over when the calls in progress are.", field="round",
            value=short(round_id),
        )  # fmt: skip
    return _stopped(session, actor, round_, Reason.ROUND_STOPPED, note)


def pause_campaign(session: Session, actor: Actor, campaign: Campaign, note: str = "") -> CampaignChange:
    """No round starts by itself until the campaign is resumed, and its round under way ends."""
    return _halted(session, actor, campaign, CampaignState.PAUSED, note)


def stop_campaign(session: Session, actor: Actor, campaign: Campaign, note: str = "") -> CampaignChange:
    """The campaign starts no round ever again, and its round under way ends."""
    return _halted(session, actor, campaign, CampaignState.STOPPED, note)


def resume_campaign(session: Session, actor: Actor, campaign: Campaign) -> CampaignChange:
    """Rounds start by themselves again, from the next one on; raises ``ConflictError`` for a stopped campaign."""
    before = _held(session, campaign, CampaignState.ACTIVE)
    if campaign.next_round_at is not None:
        zone = ZoneInfo(session.get_one(Community, campaign.community_id).timezone)
        campaign.next_round_at = occurrences.next_after(plans.parsed(campaign.schedule), zone, clock.now())
    return _changed(session, actor, campaign, before, CampaignState.ACTIVE, ())


def _halted(session: Session, actor: Actor, campaign: Campaign, state: CampaignState, note: str) -> CampaignChange:
    before = _held(session, campaign, state)
    under_way = [each for each in queries.open_rounds_of(session, campaign.id) if each.stopped_at is None]
    stopped = [_stopped(session, actor, each, _REASONS[state], note) for each in under_way]
    return _changed(session, actor, campaign, before, state, stopped)


def _held(session: Session, campaign: Campaign, state: CampaignState) -> CampaignState:
    """The campaign's state, held against rounds that start and callers who are just being heard."""
    queries.hold(session, campaign)
    if campaign.state == CampaignState.STOPPED and state is not CampaignState.STOPPED:
        raise ConflictError(
            "Campaign {value} has been stopped.", way_out="Create a new one.", field="campaign", value=campaign.name
        )
    if campaign.state in {CampaignState.DRAFT, CampaignState.CHECKED} and state is not CampaignState.STOPPED:
        raise ConflictError(
            "Campaign {value} is a draft.", way_out="Activate it first: zaoan campaign activate {value}",
            field="campaign", value=campaign.name,
        )  # fmt: skip
    return campaign.state


def _changed(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    before: CampaignState,
    after: CampaignState,
    stopped: Sequence[StoppedRound],
) -> CampaignChange:
    campaign.state = after
    events.append(session, actor, f"campaign.{after}", campaign.id, name=campaign.name)
    starts = campaign.next_round_at if after is CampaignState.ACTIVE else None
    return CampaignChange(campaign.name, before, after, starts, stopped)


def _stopped(session: Session, actor: Actor, round_: Round, reason: Reason, note: str) -> StoppedRound:
    ended = excuses.excuse(session, queries.open_ids(session, round_.id), reason, note, call_off.keep_undialled)
    round_.stopped_at, round_.stopped_because, round_.stop_note = clock.now(), reason, note
    events.append(session, actor, "round.stopped", round_.id, campaign=round_.campaign.name, reason=reason.value,
                  note=note, excused=len(ended.ended), in_calls=len(ended.in_calls))  # fmt: skip
    complete_if_done(session, round_.id)
    return StoppedRound(round_.id, round_.campaign.name, round_.started_at, _people(ended.ended),
                        _people(ended.in_calls))  # fmt: skip


def _people(check_ins: Sequence[CheckIn]) -> list[Person]:
    return [Person(each.resident_id, each.resident.name, each.attempts) for each in check_ins]
