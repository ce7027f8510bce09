"""The audience of a campaign: how many people it rings, by flag, and how many it leaves out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience_names import Lookup, names_in
from campaigns.audiences import words, written
from campaigns.audiences.rules import EVERYONE, AllOf, AnyOf, Rule, document, flags_of, of_flags, parsed
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.queries import audiences
from contacts.models import Community, LeftOut
from contacts.queries import campaign_audience as contacts
from core.i18n import Language

IN_NO_CAMPAIGN = "in_no_campaign"
EVERYBODY = document(EVERYONE)
_LIVING = frozenset({CampaignState.ACTIVE, CampaignState.PAUSED})
_NOBODY = AnyOf(of=())


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


@dataclass(frozen=True)
class Described:
    """A rule for people: as one ``sentence``, and as it is ``written`` into a command."""

    sentence: str
    written: str


def rule_of(campaign: Campaign) -> Rule:
    """Whom a campaign is for."""
    return parsed(campaign.audience)


def meant_by(campaign: Campaign, community: Community, at: datetime) -> ColumnElement[bool]:
    """Whether a campaign is for a resident at this instant, as a condition on ``Resident``."""
    return meant(rule_of(campaign), community, at)


def audience_report(session: Session, community: Community, rule: Rule, at: datetime) -> AudienceReport:
    """Whom a campaign with this rule rings at this instant; one statement."""
    found = contacts.counted(session, community.id, meant(rule, community, at), _day(community, at))
    named = flags_of(rule)
    return AudienceReport(
        people=found.rung,
        by_flag={flag: found.by_flag.get(flag, 0) for flag in (sorted(found.by_flag) if named is None else named)},
        left_out={reason: found.left_out[reason] for reason in LeftOut if found.left_out.get(reason)},
    )


def names(session: Session, community: Community, rule: Rule, at: datetime) -> Sequence[tuple[str, LeftOut | None]]:
    """Everybody whom the rule means, in the order of enrolment, with why they are left out (None: they are rung)."""
    found = contacts.named(session, community.id, meant(rule, community, at), _day(community, at))
    return [(name, LeftOut(why) if why else None) for name, why in found]


def first_rung(session: Session, community: Community, rule: Rule, at: datetime, limit: int) -> Sequence[str]:
    """The names of the first residents whom the rule means and who are rung."""
    return contacts.some_rung(session, community.id, meant(rule, community, at), _day(community, at), limit)


def some_names(
    session: Session, community: Community, rule: Rule, at: datetime, limit: int, after: UUID | None = None
) -> Sequence[tuple[UUID, str, LeftOut | None]]:
    """As ``names``, some at a time and each with the resident's id: the first, or those ``after`` one of them."""
    found = contacts.some_named(session, community.id, meant(rule, community, at), _day(community, at), limit, after)
    return [(resident_id, name, LeftOut(why) if why else None) for resident_id, name, why in found]


def describe(session: Session, community: Community, rule: Rule, language: Language) -> Described:
    """The rule for people."""
    known = names_in(session, community, rule)
    return Described(words.sentence(rule, known, language), words.written(rule, known))


def read(session: Session, community_id: UUID, text: str) -> Rule:
    """The rule that somebody has typed, or ``flags`` in any spelling; raises ``UserError``."""
    return written.read(text, Lookup(session, community_id))


def audience_of(session: Session, campaign: Campaign, at: datetime, only: Rule | None = None) -> AudienceReport:
    """Whom a round of the campaign would ring that began at this instant, of its audience those whom ``only`` means."""
    chosen = rule_of(campaign) if only is None else AllOf(of=(rule_of(campaign), only))
    return audience_report(session, session.get_one(Community, campaign.community_id), chosen, at)


def rule_for(session: Session, community_id: UUID, written_flags: Sequence[str] | None) -> Rule:
    """For whoever carries one of these flags in any spelling (None: everybody); raises ``UserError`` for a word that
    nobody knows or carries."""
    if written_flags is None:
        return of_flags(None)
    return of_flags(tuple(Lookup(session, community_id).flags(written_flags)))


def daily_campaigns(session: Session) -> Sequence[Campaign]:
    """The campaigns that ask people how they are, by name: the active and the paused ones."""
    known = queries.campaigns(session)
    return [each for each in known if each.kind == CampaignKind.CHECK_IN and each.state in _LIVING]


def campaigns_by_resident(
    session: Session, campaigns: Sequence[Campaign], community: Community, at: datetime
) -> Mapping[UUID, Sequence[Campaign]]:
    """For each resident the campaigns that are for them; a statement for each campaign."""
    found: dict[UUID, list[Campaign]] = {}
    for each in campaigns:
        for resident_id in audiences.ids_of(session, community.id, meant_by(each, community, at)):
            found.setdefault(resident_id, []).append(each)
    return found


def is_for(session: Session, campaign: Campaign, resident_id: UUID, at: datetime) -> bool:
    """Whether a campaign is for this resident."""
    community = session.get_one(Community, campaign.community_id)
    return audiences.is_meant(session, resident_id, meant_by(campaign, community, at))


def in_no_campaign(session: Session, community: Community, at: datetime) -> Sequence[str]:
    """The names of residents who have agreed to be called and whom no daily campaign is for, in order of enrolment."""
    return [name for _, name in _outside(session, daily_campaigns(session), community, at)]


def left_out(session: Session, community: Community, at: datetime) -> dict[UUID, str]:
    """Everybody whom no daily campaign rings at this instant, and why: a ``LeftOut``, or ``IN_NO_CAMPAIGN`` where there
    are campaigns, but none is for them."""
    campaigns = daily_campaigns(session)
    outside = _outside(session, campaigns, community, at) if campaigns else ()
    reasons: Mapping[UUID, str] = contacts.left_out(session, community.id, _day(community, at))
    return {resident_id: IN_NO_CAMPAIGN for resident_id, _ in outside} | dict(reasons)


def _outside(
    session: Session, campaigns: Sequence[Campaign], community: Community, at: datetime
) -> Sequence[tuple[UUID, str]]:
    if any(each.audience == EVERYBODY for each in campaigns):
        return ()
    inside = or_(meant(_NOBODY, community, at), *(meant_by(each, community, at) for each in campaigns))
    return contacts.agreed_without(session, community.id, inside)


def meant(rule: Rule, community: Community, at: datetime) -> ColumnElement[bool]:
    """Whether a rule means a resident at this instant, as a condition on ``Resident``."""
    return audiences.condition(rule, at, _day(community, at).year)


def _day(community: Community, at: datetime) -> date:
    return at.astimezone(ZoneInfo(community.timezone)).date()
