"""What the pages of people say it with."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from console.view.roster import place_in
from console.view.times import local, short_moment
from contacts.columns import vocabulary
from contacts.models import Removal
from contacts.phones import formatted
from core.errors import UserError
from core.i18n import Language, translate


def people_words(language: Language, zone: ZoneInfo) -> dict[str, Any]:
    """By the names that templates use."""
    return {
        "place": lambda spot: place_in(language, spot),
        "shown_number": lambda number, region: formatted(number, region) if number.startswith("+") else number,
        "flag_word": lambda flag: flag_word(flag, language),
        "day": lambda day: day_word(day, language),
        "short_day": lambda day: _skeleton(day, "MMMd", language),
        "weekday": lambda day: _skeleton(day, "EEE", language),
        "month_word": lambda day: _skeleton(day, "yMMMM", language),
        "weekdays": [_skeleton(date(2024, 1, number), "EEE", language) for number in range(1, 8)],
        "moment": lambda at: short_moment(at, zone, language),
        "hour": lambda at: local(at, zone),
        "name_words": lambda kind, known: [(each, translate(language, f"{kind}:{each}")) for each in known],
        "removal_words": [(each.value, translate(language, word)) for each, word in _REMOVALS.items()],
        "comma": "，" if language is Language.CHINESE else ", ",
        "language_words": {each.value: translate(language, f"spoken:{each.value}") for each in Language},
    }


_REMOVALS = {Removal.MOVED_AWAY: "moved away", Removal.DECEASED: "died", Removal.OTHER: "another reason"}


def flag_word(flag: str, language: Language) -> str:
    """A flag as people read it; a community's own word stays as it is."""
    if language is Language.CHINESE:
        return vocabulary.chinese(vocabulary.FLAGS, flag)
    return vocabulary.english(flag)


def day_word(day: date, language: Language) -> str:
    """``Friday, 4 December``; with its year where it is not told apart otherwise."""
    return str(format_date(day, "full", locale=language.replace("-", "_")))


def _skeleton(day: date, parts: str, language: Language) -> str:
    return str(format_skeleton(parts, day, locale=language.replace("-", "_")))


def mending(mistake: UserError, language: Language) -> str:
    """What is wrong and the way out, but for a way out that is a command: on a page one goes another way."""
    is_command = "zaoan " in mistake.way_out or "--" in mistake.way_out
    words = UserError(mistake.message, way_out="" if is_command else mistake.way_out, **_gaps(mistake))
    return words.describe(language)


def _gaps(mistake: UserError) -> Mapping[str, Any]:
    return dict(mistake.parameters)
