"""The audience of a campaign: how many people it rings, by flag, and how many it leaves out and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import Campaign, CampaignKind, CampaignState
from contacts.columns import vocabulary
from contacts.models import Community, LeftOut
from contacts.queries import campaign_audience as contacts

IN_NO_CAMPAIGN = "in_no_campaign"


@dataclass(frozen=True)
class AudienceReport:
    """``people`` are rung; ``left_out`` are enrolled and meant, but not rung, for the first reason that holds.

    ``by_flag`` counts those who are rung; whoever carries several of the flags is counted under each.
    """

    people: int
    by_flag: Mapping[str, int]
    left_out: Mapping[LeftOut, int]

    @property
    def ever(self) -> int:
        """Those who are rung, and those who are only away for a while."""
        return self.people + self.left_out.get(LeftOut.PAUSED, 0)

    @property
    def enrolled(self) -> int:
        """Everybody whom the campaign is for."""
        return self.people + sum(self.left_out.values())


def audience_report(session: Session, community_id: UUID, flags: Sequence[str] | None, on: date) -> AudienceReport:
    """Whom a campaign with these flags (None: for everybody) rings on that day of community time; three statements."""
    counted = contacts.counted(session, community_id, flags, on)
    carried = contacts.by_flag(session, community_id, flags, on)
    return AudienceReport(
        people=counted.get(None, 0),
        by_flag={flag: carried.get(flag, 0) for flag in (sorted(carried) if flags is None else flags)},
        left_out={reason: counted[reason] for reason in LeftOut if counted.get(reason)},
    )


def audience_of(session: Session, campaign: Campaign, at: datetime) -> AudienceReport:
    """Whom a round of the campaign would ring that began at this instant."""
    community = session.get_one(Community, campaign.community_id)
    on = at.astimezone(ZoneInfo(community.timezone)).date()
    return audience_report(session, community.id, campaign.flags, on)


def flags_for(session: Session, community_id: UUID, written: Sequence[str]) -> Sequence[str]:
    """The flags that somebody means by these words; raises ``UserError`` for a word that nobody knows or carries."""
    carried, usual = contacts.carried_flags(session, community_id), contacts.usual_flags(session, community_id)
    return vocabulary.chosen_flags(written, carried, usual)


def daily_campaigns(session: Session) -> Sequence[Campaign]:
    """The campaigns that ask people how they are, by name; paused ones are among them, stopped ones are not."""
    known = queries.campaigns(session)
    return [each for each in known if each.kind == CampaignKind.CHECK_IN and each.state != CampaignState.STOPPED]


def campaigns_for(campaigns: Sequence[Campaign], flags: Collection[str]) -> Sequence[Campaign]:
    """Those of these campaigns that are for whoever carries these flags."""
    return [each for each in campaigns if each.flags is None or set(flags) & set(each.flags)]


def in_no_campaign(session: Session, community_id: UUID) -> Sequence[str]:
    """The names of residents who have agreed to be called and whom no daily campaign is for, in order of enrolment."""
    meant = _meant(daily_campaigns(session))
    return [] if meant is None else contacts.agreed_without(session, community_id, meant)


def left_out(session: Session, community_id: UUID, on: date) -> dict[UUID, str]:
    """Everybody whom no daily campaign rings on that day of community time, and why: a ``LeftOut``, or
    ``IN_NO_CAMPAIGN`` where there are campaigns, but none is for them."""
    campaigns = daily_campaigns(session)
    meant = _meant(campaigns)
    outside = contacts.ids_agreed_without(session, community_id, meant) if campaigns and meant is not None else ()
    return dict.fromkeys(outside, IN_NO_CAMPAIGN) | contacts.left_out(session, community_id, on)


def _meant(campaigns: Sequence[Campaign]) -> set[str] | None:
    """The flags that these campaigns are for; None: one is for everybody."""
    if any(each.flags is None for each in campaigns):
        return None
    return {flag for each in campaigns for flag in each.flags or ()}
