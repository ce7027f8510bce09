"""The roster: is there a time in the next days at which nobody is on duty, and are the holidays known that it heeds?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts.community.community import the_community
from core import clock, settings
from core.errors import NotFoundError
from core.i18n import listed
from core.settings import Settings
from escalation.roster import words
from escalation.roster.duty import Roster, heeds_holidays
from escalation.roster.gaps import AHEAD, DutyGap
from escalation.roster.reading import gaps_ahead, roster_of
from zaoan.checks.observation import Observation, ok, warning
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

CHECK = "roster"
NO_SHIFT = "No shift is written down: every responder is asked at any time."
NO_HOLIDAYS = (
    "Nobody knows the public holidays of {year} yet: shifts that are not, or only, on holidays count as on any day."
)


def examine_roster(chosen: Settings) -> list[Observation]:
    """One line about the next seven days, and one about holidays that nobody knows yet."""
    try:
        with looking(chosen) as session:
            return _looked_at(session)
    except NotFoundError:
        return [ok(CHECK, NO_SHIFT)]
    except (NoDatabaseError, UnreachableError):
        return [warning(CHECK, "The roster is in the database, which does not answer.", "Mend that first.")]


def judge_gaps(gaps: list[DutyGap], zone: ZoneInfo) -> Observation:
    """A gap is no danger by itself: everybody who can be asked is asked then, as without a roster."""
    if not gaps:
        return ok(CHECK, "In the next seven days there is always somebody on duty for everybody.")
    first = gaps[0]
    said = "Nobody is on duty at some times of the next seven days ({count}): the first is {when}, for {buildings}."
    mend = "`zaoan roster gaps` names them all; `zaoan roster add` puts somebody on duty."
    when = words.between(first.begins, first.ends, zone)
    return warning(CHECK, said, mend, count=len(gaps), when=when, buildings=_buildings(first))


def judge_holidays(roster: Roster, now: datetime) -> list[Observation]:
    """Of the days ahead those count whose holidays are in no calendar; in the autumn it is time for the next year's."""
    days = {each.astimezone(roster.zone).date() for each in (now, now + AHEAD)}
    unknown = sorted({day.year for day in days if roster.holiday(day) is None})
    if not unknown or not heeds_holidays(roster):
        return []
    return [warning(CHECK, NO_HOLIDAYS, "Update Zao'an, or write down extra shifts for those days.", year=unknown[0])]


def _looked_at(session: Session) -> list[Observation]:
    community, now = the_community(session), clock.now()
    roster = roster_of(session, community, now)
    if not roster.shifts:
        return [ok(CHECK, NO_SHIFT)]
    gaps = gaps_ahead(session, community, now)
    return [judge_gaps(gaps, ZoneInfo(community.timezone)), *judge_holidays(roster, now)]


def _buildings(gap: DutyGap) -> str:
    language = settings.current().language
    return listed(language, words.gap_buildings(gap, language))
