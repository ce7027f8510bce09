"""What the page of one campaign shows: how it stands, whether it can be carried out, its dates, rounds and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.audience import AudienceReport, audience_of
from campaigns.changes import campaign_checks
from campaigns.changes.campaign_checks import CampaignCheck, Problem
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.planning.terms import terms
from campaigns.queries import overviews
from campaigns.reports import change_words
from campaigns.reports.campaign_history import Deed, history
from campaigns.schedules import occurrences
from console.campaigns.lines import sentence_of
from console.campaigns.results import RoundLine, round_lines
from console.view.times import length
from contacts.models import Community
from core import clock
from core.i18n import Language, translate
from escalation.paging import reach

ROUNDS, DEEDS = 10, 20
NOT_YET = frozenset({CampaignState.DRAFT, CampaignState.CHECKED})
_TERMS = ("attempts", "retry_minutes", "retries", "ring_seconds", "spread_minutes", "deadline_minutes", "late_until",
          "machine_detection")  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """The result of a check: ``problems`` stand in the way; ``dangers`` do not, and somebody should know of them.

    ``line`` says how long the telephone line needs and has, ``would_do`` what would be enough where that is not.
    """

    problems: Sequence[str]
    line: str
    would_do: str
    dangers: Sequence[str]


@dataclass(frozen=True)
class CampaignPage:
    """One campaign. ``audience`` is whom its next round would ring; ``checked`` is None of one that has ended."""

    campaign: Campaign
    sentence: str
    audience: AudienceReport
    dates: Sequence[datetime]
    terms: Sequence[tuple[str, str]]
    checked: Checked | None
    rounds: Sequence[RoundLine]
    earlier_rounds: UUID | None
    deeds: Sequence[Deed]
    earlier_deeds: int | None


def campaign_page(
    session: Session,
    community: Community,
    campaign: Campaign,
    language: Language,
    rounds_before: UUID | None = None,
    deeds_before: int | None = None,
) -> CampaignPage:
    """A campaign as it stands now, its rounds and changes the latest first, or those before one."""
    now, zone, has_ended = clock.now(), ZoneInfo(community.timezone), campaign.state == CampaignState.STOPPED
    found = None if has_ended else campaign_checks.check(session, campaign)
    rounds = overviews.rounds(session, community.id, ROUNDS + 1, campaign_id=campaign.id, before=rounds_before)
    deeds = history(session, campaign, language, DEEDS, deeds_before)
    return CampaignPage(
        campaign=campaign,
        sentence=sentence_of(session, community, campaign, language),
        audience=found.audience if found else audience_of(session, campaign, now),
        dates=[] if has_ended else occurrences.upcoming(schedule_of(campaign), zone, now),
        terms=terms_in_words(session, community, campaign, language),
        checked=in_words(found, language) if found else None,
        rounds=round_lines(session, rounds[:ROUNDS], language),
        earlier_rounds=rounds[ROUNDS - 1].id if len(rounds) > ROUNDS else None,
        deeds=deeds,
        earlier_deeds=deeds[-1].event_id if len(deeds) == DEEDS else None,
    )


def in_words(found: CampaignCheck, language: Language) -> Checked:
    """What a check has found, for people."""
    return Checked(
        problems=[translate(language, f"problem:{each}") for each in found.problems],
        line=translate(
            language,
            "The line needs about {needs} for {telephones} telephones and has {there_is} until the deadline.",
            needs=_minutes(found.line.needs.total_seconds(), language), telephones=found.telephones,
            there_is=_minutes(found.line.there_is.total_seconds(), language),
        ),
        would_do=_would_do(found, language) if Problem.LINE_TIME in found.problems else "",
        dangers=[reach.describe(each, language) for each in found.gaps],
    )  # fmt: skip


def terms_in_words(
    session: Session, community: Community, campaign: Campaign, language: Language
) -> Sequence[tuple[str, str]]:
    """How often and how long it rings, each term by its name; what does not apply is left out."""
    now = terms(campaign)
    known: Mapping[str, object] = {each: getattr(now, each) for each in _TERMS if each != "retries" or now.retries}
    said = [(change_words.label(each, language), change_words.value(session, community, each, value, language))
            for each, value in known.items()]  # fmt: skip
    return [*said, *_early(campaign, language)]


def _early(campaign: Campaign, language: Language) -> Sequence[tuple[str, str]]:
    if campaign.kind != CampaignKind.CHECK_IN:
        return []
    return [(change_words.label("early_minutes", language), str(campaign.early_minutes))]


def _would_do(found: CampaignCheck, language: Language) -> str:
    return translate(
        language,
        "What would do: {calls} calls at once and {pace} a second; or a deadline of {length}; or fewer at a time.",
        calls=found.line.calls_at_once, pace=found.line.per_second,
        length=_minutes(found.line.needs.total_seconds(), language),
    )  # fmt: skip


def _minutes(seconds: float, language: Language) -> str:
    return length(ceil(seconds / 60), language)
