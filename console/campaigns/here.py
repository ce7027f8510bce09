"""What the pages of campaigns begin with: whose they are, which campaign or round is meant, and what says times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import Request
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Round
from campaigns.queries import overviews
from console.shell import pages
from console.shell.visitors import is_staff, known_visitor
from console.view.times import day_and_time, local, short_moment
from contacts.models import Community
from core.errors import NotFoundError
from core.i18n import Language
from core.short_ids import short

PAGE = "/campaigns"
ONE = PAGE + "/{campaign_id}"
ROUNDS = "/rounds"
ROUND = ROUNDS + "/{round_id}"


@dataclass(frozen=True)
class Here:
    """Who looks, in which language, and at which community."""

    community: Community
    language: Language
    may_change: bool

    @property
    def zone(self) -> ZoneInfo:
        """The community's."""
        return ZoneInfo(self.community.timezone)

    @property
    def words(self) -> dict[str, Any]:
        """What the templates say instants with, and whether whoever looks may change something."""
        zone, language = self.zone, self.language
        moment: Callable[[datetime], str] = lambda at: day_and_time(at, zone, language)  # noqa: E731
        return {
            "moment": moment,
            "clock_of": lambda at: local(at, zone),
            "dated": lambda at: short_moment(at, zone, language),
            "spoken_day": lambda day: format_date(day, "full", locale=language.replace("-", "_")),
            "may_change": self.may_change,
        }


def here(session: Session, request: Request) -> Here:
    """Where whoever asks is at home."""
    visitor = known_visitor(request)
    community = session.get_one(Community, visitor.community_id)
    return Here(community, pages.language_of(request), is_staff(visitor))


def campaign_here(session: Session, at: Here, campaign_id: UUID) -> Campaign:
    """A campaign of this community; raises ``NotFoundError``."""
    found = overviews.campaign_of(session, at.community.id, campaign_id)
    if found is None:
        raise NotFoundError("There is no campaign {value}.", field="campaign_id", value=short(campaign_id))
    return found


def round_here(session: Session, at: Here, round_id: UUID) -> Round:
    """A round of this community; raises ``NotFoundError``."""
    found = overviews.round_of(session, at.community.id, round_id)
    if found is None:
        raise NotFoundError("There is no round {value}.", field="round_id", value=short(round_id))
    return found
