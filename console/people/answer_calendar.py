"""The calendar of answers: one month of a resident's mornings, each day with what came of it."""

import calendar
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.queries import histories
from campaigns.queries.histories import AnswerThen
from console.view.signs import Sign, sign_of
from console.view.times import local
from contacts.hours import instant

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Answer:
    """What came of one round; ``word`` is of the catalogue, ``at`` community time, empty while nothing is decided."""

    round_id: UUID
    sign: Sign
    word: str
    at: str
    attempts: int


@dataclass(frozen=True)
class Day:
    """One day with its answers, in the order of the rounds; None for a field of the grid that is no day
    of the month, or still to come."""

    day: date | None
    answers: Sequence[Answer] = ()


@dataclass(frozen=True)
class AnswerMonth:
    """A month by its weeks, which begin on Monday; the months beside it are None where there is nothing to see."""

    first: date
    weeks: Sequence[Sequence[Day]]
    before: date | None
    after: date | None
    count: int


def answer_month(session: Session, resident_id: UUID, zone: ZoneInfo, today: date, written: str) -> AnswerMonth:
    """The month that is ``written`` (2026-11), or this one."""
    first = min(_meant(written) or today, today).replace(day=1)
    after = _later(first)
    found = histories.answers_of(session, resident_id, _begin(first, zone), _begin(after, zone))
    by_day: defaultdict[date, list[Answer]] = defaultdict(list)
    for each in found:
        by_day[each.started_at.astimezone(zone).date()].append(_answer(each, zone))
    began = histories.first_asked_at(session, resident_id)
    has_more = began is not None and began < _begin(first, zone)
    return AnswerMonth(
        first=first,
        weeks=[[_day(each, first, today, by_day[each]) for each in week] for week in _weeks(first, today)],
        before=(first - timedelta(days=1)).replace(day=1) if has_more else None,
        after=after if after <= today else None,
        count=len(found),
    )


def _answer(found: AnswerThen, zone: ZoneInfo) -> Answer:
    at = found.answered_at or found.decided_at
    return Answer(found.round_id, sign_of(found.outcome, None), _word(found), local(at, zone) if at else "",
                  found.attempts)  # fmt: skip


def _word(found: AnswerThen) -> str:
    if found.outcome is None:
        return "outcome:open"
    return f"reason:{found.reason}" if found.reason else f"outcome:{found.outcome}"


def _weeks(first: date, today: date) -> Sequence[Sequence[date]]:
    """None of them lies ahead."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [week for week in weeks if week[0] <= today]


def _day(day: date, first: date, today: date, answers: Sequence[Answer]) -> Day:
    return Day(day, answers) if day.month == first.month and day <= today else Day(None)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins, also where the clocks are changed at midnight."""
    return instant(day, time(), zone)


def _later(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _meant(written: str) -> date | None:
    match = _MONTH.fullmatch(written)
    if match is None or not (1 <= int(match[2]) <= 12 and 2000 <= int(match[1]) <= 9000):
        return None
    return date(int(match[1]), int(match[2]), 1)
