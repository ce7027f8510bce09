"""How long a machine sleeps in a rehearsal, and when it falls asleep, as they are written on the command line."""

import re
from datetime import timedelta
from enum import StrEnum

_DURATION = re.compile(r"(?=\d)(?:(\d{1,3})h)?(?:(\d{1,4})m(?:in)?)?")


class When(StrEnum):
    """When the machine falls asleep."""

    BEFORE = "before"
    """Before the round begins."""
    MIDDLE = "middle"
    """When some have been rung, and others have not."""


class NoDurationError(ValueError):
    """What was written is no length of a sleep."""


def duration(words: str) -> timedelta:
    """A length of time such as ``14h``, ``90m`` or ``1h30m``; raises ``NoDurationError``."""
    found = _DURATION.fullmatch(words.strip().lower())
    if found is None:
        raise NoDurationError(words)
    hours, minutes = (int(each or 0) for each in found.groups())
    return timedelta(hours=hours, minutes=minutes)
