"""Duty: what shifts, swaps and absences come to at an instant, or in a span of time. Plain values only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from escalation.roster.boundaries import span
from escalation.roster.holidays import Known
from escalation.shifts import Holidays

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class PlannedShift:
    """A shift as it is planned, in local time: every week on ``weekday`` (ISO), or once on ``day``."""

    id: UUID
    responder_id: UUID
    begins: time
    ends: time
    weekday: int | None = None
    day: date | None = None
    holidays: Holidays = Holidays.ALSO


@dataclass(frozen=True)
class Away:
    """A responder is not there from ``begins`` until ``ends``; None: for good."""

    responder_id: UUID
    begins: datetime
    ends: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether they are away at that instant."""
        return self.begins <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True)
class Roster:
    """Everything that is planned in a community.

    ``stand_ins`` says who has a shift, as it begins on a day, instead of whose it is.
    """

    zone: ZoneInfo
    holiday: Known
    shifts: Sequence[PlannedShift] = ()
    stand_ins: Mapping[tuple[UUID, date], UUID] = field(default_factory=dict)
    absences: Sequence[Away] = ()

    @cached_property
    def weekly(self) -> Sequence[Sequence[PlannedShift]]:
        """The weekly shifts by their weekday; none at 0."""
        return [[each for each in self.shifts if each.weekday == weekday] for weekday in range(8)]

    @cached_property
    def once(self) -> Mapping[date, Sequence[PlannedShift]]:
        """The other shifts by their day."""
        days = {each.day for each in self.shifts if each.day is not None}
        return {day: [each for each in self.shifts if each.day == day] for day in days}


@dataclass(frozen=True, order=True)
class Stint:
    """One responder on duty once, from ``begins`` until ``ends`` (UTC); ``day`` is the local day of its shift."""

    begins: datetime
    ends: datetime
    responder_id: UUID
    shift_id: UUID
    day: date


@dataclass(frozen=True)
class Duty:
    """Who is ``on`` duty at an instant, and who is ``away``; where nothing is ``planned`` nobody is on or off duty."""

    planned: bool = False
    on: frozenset[UUID] = frozenset()
    away: frozenset[UUID] = frozenset()

    def is_off(self, responder_id: UUID) -> bool:
        """Whether the responder is not on duty where others are, or could be."""
        return self.planned and responder_id not in self.on


def occurs(shift: PlannedShift, day: date, holiday: Known) -> bool:
    """Whether the shift begins on that day. Where nobody knows the holidays it is as if there were none to heed."""
    if shift.day is not None:
        return shift.day == day
    return day.isoweekday() == shift.weekday and (shift.holidays is Holidays.ALSO or _fits(shift, holiday(day)))


def stints(roster: Roster, begins: datetime, ends: datetime) -> list[Stint]:
    """Every stint that lasts at some instant from ``begins`` until ``ends``, in order, whoever is away."""
    return sorted(each for each in _stints(roster, begins, ends) if each.begins < ends and each.ends > begins)


def manned(roster: Roster, begins: datetime, ends: datetime) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """By responder, when they are on duty and not away, within that span."""
    found: defaultdict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in stints(roster, begins, ends):
        away = [absence for absence in roster.absences if absence.responder_id == each.responder_id]
        found[each.responder_id] += _without(max(each.begins, begins), min(each.ends, ends), away)
    return dict(found)


def duty_at(roster: Roster, at: datetime) -> Duty:
    """Who is on duty at an instant."""
    away = frozenset(each.responder_id for each in roster.absences if each.covers(at))
    on = frozenset(each.responder_id for each in stints(roster, at, at + _INSTANT)) - away
    return Duty(bool(roster.shifts), on, away)


def heeds_holidays(roster: Roster) -> bool:
    """Whether it matters to any shift what a holiday is."""
    return any(each.holidays is not Holidays.ALSO and each.day is None for each in roster.shifts)


def _stints(roster: Roster, begins: datetime, ends: datetime) -> Iterator[Stint]:
    """Those of all days that may matter; none of a shift that the clocks skip as a whole."""
    day, last = (each.astimezone(roster.zone).date() for each in (begins, ends))
    day -= _DAY
    while day <= last:
        for shift in (*roster.weekly[day.isoweekday()], *roster.once.get(day, ())):
            if occurs(shift, day, roster.holiday):
                first, end = span(day, shift.begins, shift.ends, roster.zone)
                whose = roster.stand_ins.get((shift.id, day), shift.responder_id)
                if first < end:
                    yield Stint(first, end, whose, shift.id, day)
        day += _DAY


def _fits(shift: PlannedShift, is_holiday: bool | None) -> bool:
    return is_holiday is None or is_holiday is (shift.holidays is Holidays.ONLY)


def _without(begins: datetime, ends: datetime, away: Sequence[Away]) -> Iterator[tuple[datetime, datetime]]:
    """What is left of a span when absences are taken out of it."""
    for each in sorted(away, key=lambda absence: absence.begins):
        if each.begins >= ends:
            break
        if each.begins > begins:
            yield begins, each.begins
        if each.ends is None:
            return
        begins = max(begins, each.ends)
    if begins < ends:
        yield begins, ends
