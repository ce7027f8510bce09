"""Days as people write them on the command line and in forms."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from core import clock
from core.errors import UserError

_WORDS = {"today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2}
_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
EARLIEST = 1900
"""The first year of which anybody who is looked after can tell."""
_OF_THE_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")


def day(text: str, today: date, field: str) -> date:
    """``2026-12-05``, ``2026年12月5日``, ``12-05`` (the next there is), ``today``, ``明天``; raises ``UserError``."""
    written = unicodedata.normalize("NFKC", text).strip().lower()
    if written in _WORDS:
        return today + timedelta(days=_WORDS[written])
    found = _whole(written) or _next_one(written, today)
    if found is None:
        raise UserError("“{value}” is not a day.", way_out="Write it as 2026-12-05.", field=field, value=text)
    return found


def dated(text: str, field: str) -> date:
    """A day with its year, ``2026-12-05`` or ``2026年12月5日``; raises ``UserError``."""
    found = _whole(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise UserError("“{value}” is not a day with its year.", way_out="Write it as 2026-12-05.", field=field,
                        value=text)  # fmt: skip
    return found


def refuse_unbelievable(at: datetime, field: str) -> None:
    """Raises ``UserError`` for an instant of which nobody can say anything: one to come, or before ``EARLIEST``."""
    if at.year < EARLIEST:
        raise UserError("“{value}” is too long ago.", way_out="Write when it was.", field=field, value=at)
    if at > clock.now():
        raise UserError("“{value}” is still to come.", way_out="Write when it was.", field=field, value=at)


def _whole(written: str) -> date | None:
    match = _WHOLE.fullmatch(written)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _next_one(written: str, today: date) -> date | None:
    match = _OF_THE_YEAR.fullmatch(written)
    if match is None:
        return None
    years = (_date(today.year + later, int(match[1]), int(match[2])) for later in range(9))
    return next((each for each in years if each is not None and each >= today), None)


def _date(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
