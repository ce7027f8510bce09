"""The instants of an answer, written as servers of other time zones write them."""

from datetime import timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

OFFSETS = tuple(timezone(timedelta(hours=hours)) for hours in (-8, -5, -3.5, 2, 5.5, 8, 13))
DATES = frozenset({"date_created", "date_updated", "date_sent", "start_time", "end_time"})


def elsewhere(part: Any, offset: timezone) -> Any:
    """A document with all its instants at this offset from UTC: the same instants."""
    if isinstance(part, list):
        return [elsewhere(each, offset) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _written(value, offset) if name in DATES else elsewhere(value, offset) for name, value in part.items()
    }


def _written(value: Any, offset: timezone) -> Any:
    return format_datetime(parsedate_to_datetime(value).astimezone(offset)) if isinstance(value, str) else value
