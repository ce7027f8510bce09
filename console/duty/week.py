"""One week of the roster as the page shows it: responders by days, and when nobody is on duty."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from core import clock
from core.i18n import Language, listed, translate
from escalation.roster import words
from escalation.roster.boundaries import boundary
from escalation.roster.duty import Away, Roster, Stint, stints
from escalation.roster.gaps import DutyGap
from escalation.roster.reading import gaps_ahead, roster_of

DAYS = 7
MOST_NAMED = 5
"""Buildings in one field; `zaoan roster gaps` names them all."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """One thing in one field: ``kind`` is ``on``, ``instead`` (for somebody else), ``away`` or ``lacking``."""

    kind: str
    said: str


@dataclass(frozen=True)
class Line:
    """One responder's week, a list of marks for each day."""

    id: UUID
    name: str
    role: str
    days: Sequence[Sequence[Mark]]


@dataclass(frozen=True)
class Week:
    """A week from Monday on; ``lacking`` says for each day when nobody is on duty, nothing where nothing is planned."""

    first: date
    heading: str
    days: Sequence[str]
    lines: Sequence[Line]
    lacking: Sequence[Sequence[Mark]] = field(default_factory=tuple)
    is_this: bool = False

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.first - DAYS * _DAY

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.first + DAYS * _DAY

    @property
    def has_gaps(self) -> bool:
        """Whether nobody is on duty at some time of it that is still to come."""
        return any(self.lacking)


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - (day.isoweekday() - 1) * _DAY


def week_of(
    session: Session, community: Community, people: Sequence[Responder], first: date, language: Language
) -> Week:
    """The week that begins on that Monday, of all ``people`` who help."""
    zone, now = ZoneInfo(community.timezone), clock.now()
    days = [first + each * _DAY for each in range(DAYS)]
    begins, ends = boundary(first, time(), zone), boundary(first + DAYS * _DAY, time(), zone)
    roster = roster_of(session, community, begins)
    lines = _lines(roster, people, days, stints(roster, begins, ends), language)
    since = max(begins, now)
    lacking = gaps_ahead(session, community, since, ends - since, people) if roster.shifts and since < ends else []
    return Week(
        first, _heading(first, language), [_day_name(each, language) for each in days], lines,
        [_lacking(lacking, each, zone, language) for each in days] if roster.shifts else (),
        is_this=begins <= now < ends,
    )  # fmt: skip


def _lines(
    roster: Roster, people: Sequence[Responder], days: Sequence[date], found: Sequence[Stint], language: Language
) -> list[Line]:
    whose = {each.id: each.responder_id for each in roster.shifts}
    names = {each.id: each.name for each in people}
    by_responder: defaultdict[UUID, list[Stint]] = defaultdict(list)
    for stint in found:
        by_responder[stint.responder_id].append(stint)
    lines = []
    for person in people:
        theirs = by_responder[person.id]
        away = [each for each in roster.absences if each.responder_id == person.id]
        cells = [[*_on(theirs, day, roster.zone, _namer(whose, names, person.id, language)),
                  *_away(away, day, roster.zone, language)] for day in days]  # fmt: skip
        if any(cells):
            lines.append(Line(person.id, person.name, translate(language, f"role:{person.role}"), cells))
    return lines


def _namer(
    whose: Mapping[UUID, UUID], names: Mapping[UUID, str], person: UUID, language: Language
) -> Callable[[Stint, str], Mark]:
    """What is said of a stint: for somebody else it names them."""

    def mark(stint: Stint, hours: str) -> Mark:
        owner = whose[stint.shift_id]
        if owner == person:
            return Mark("on", hours)
        return Mark("instead", translate(language, "{hours} for {name}", hours=hours, name=names.get(owner, "")))

    return mark


def _on(theirs: Sequence[Stint], day: date, zone: ZoneInfo, mark: Callable[[Stint, str], Mark]) -> list[Mark]:
    return [mark(each, _hours(each.begins, each.ends, zone)) for each in theirs if each.day == day]


def _away(away: Sequence[Away], day: date, zone: ZoneInfo, language: Language) -> list[Mark]:
    begins, ends = boundary(day, time(), zone), boundary(day + _DAY, time(), zone)
    found = []
    for each in away:
        first, last = max(each.begins, begins), min(each.ends or ends, ends)
        if first < last:
            whole = (first, last) == (begins, ends)
            said = translate(language, "absent") if whole else translate(
                language, "absent {hours}", hours=_hours(first, last, zone))  # fmt: skip
            found.append(Mark("away", said))
    return found


def _lacking(gaps: Sequence[DutyGap], day: date, zone: ZoneInfo, language: Language) -> list[Mark]:
    begins, ends = boundary(day, time(), zone), boundary(day + _DAY, time(), zone)
    found = []
    for each in gaps:
        first, last = max(each.begins, begins), min(each.ends, ends)
        if first < last:
            named = words.gap_buildings(each, language)
            buildings = listed(language, [*named[:MOST_NAMED], *(["…"] if len(named) > MOST_NAMED else [])])
            found.append(Mark("lacking", f"{_hours(first, last, zone)} {buildings}"))
    return found


def _hours(begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """A midnight at the end is that of the day before."""
    last = ends.astimezone(zone)
    return f"{begins.astimezone(zone):%H:%M}–{'24:00' if last.time() == time() else f'{last:%H:%M}'}"


def _day_name(day: date, language: Language) -> str:
    return str(format_skeleton("MMMEd", datetime.combine(day, time()), locale=language.replace("-", "_")))


def _heading(first: date, language: Language) -> str:
    locale = language.replace("-", "_")
    return " – ".join(format_date(each, "long", locale=locale) for each in (first, first + (DAYS - 1) * _DAY))
