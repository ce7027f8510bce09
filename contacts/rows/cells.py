"""Cells: the values that text in a spreadsheet stands for."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time
from enum import StrEnum
from typing import TypeVar

from contacts import pins
from contacts.columns import vocabulary
from contacts.columns.columns import Field
from contacts.models import PhoneState, Role, Wants
from core import clock
from core.errors import UserError
from core.i18n import Language
from core.timbre import Timbre

Word = TypeVar("Word", bound=StrEnum)
OLDEST = 125
"""Nobody is known to have lived longer (years)."""
PACES = (90, 240)
"""Characters or words a minute, the slowest and the fastest that the voice speaks well."""
_EMAIL = re.compile(r"[^@\s\x00-\x1f<>,;]{1,64}@[^@\s\x00-\x1f<>,;.]{1,63}(\.[^@\s\x00-\x1f<>,;.]{1,63}){1,8}")
_TIME_OF_DAY = re.compile(
    r"(?:\d{4}-\d\d-\d\d[ T])?(?P<half>[上下]午|早上)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?(?:\s*(?P<meridiem>[ap]m))?"
    r"|[时時点](?:(?P<minutes>\d{1,2})分?)?(?:(?P<seconds>\d{1,2})秒)?)",
    re.IGNORECASE,
)


def birth_year(text: str) -> int:
    """A year of birth, ``1938``, ``1938年``, or a date that begins with it; raises ``UserError``."""
    this_year = clock.now().year
    found = re.fullmatch(r"(\d{4})\s*年?|(\d{4})[-/.年]\s*\d{1,2}(?:月|[-/.月]\s*\d{1,2}日?)?|(\d{4})\d{4}", text)
    year = int(found[1] or found[2] or found[3]) if found else 0
    if not this_year - OLDEST <= year <= this_year:
        raise UserError(
            "“{value}” is not a year of birth.",
            way_out="Write a year with four digits, from {first} to {last}.",
            field=Field.BIRTH_YEAR,
            value=text,
            first=this_year - OLDEST,
            last=this_year,
        )
    return year


def age(text: str) -> int:
    """The year of birth of somebody of this age, which may be one too late; raises ``UserError``."""
    found = re.fullmatch(r"(\d{1,3})\s*(?:周?岁)?", text)
    if not found or int(found[1]) > OLDEST:
        raise UserError("“{value}” is not an age.", way_out="Write years, for example 82.", field=Field.AGE, value=text)
    return clock.now().year - int(found[1])


def time_of_day(text: str) -> time:
    """A time of day, to the nearest minute, as people or a spreadsheet program write it: ``08:30``, ``上午8时30分``,
    ``8:30 PM``, whatever day stands before it; raises ``UserError``."""
    found = _TIME_OF_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    hour = _hour(int(found["hour"]), found["half"] or found["meridiem"]) if found else 24
    minute = int(found["minute"] or found["minutes"] or 0) if found else 0
    if not found or hour > 23 or minute > 59:
        raise UserError(
            "“{value}” is not a time of day.", way_out="Write it as 08:30.", field=Field.CALL_TIME, value=text
        )
    rounded = hour * 60 + minute + (float(found["second"] or found["seconds"] or 0) >= 30)
    return time(rounded // 60 % 24, rounded % 60)


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24 that an hour of half a day is."""
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half.casefold() in {"下午", "pm"} else 0)


def language(text: str) -> Language:
    """A language by its word; raises ``UserError``."""
    return _word(vocabulary.LANGUAGES, Field.LANGUAGE, text)


def pace(text: str) -> int:
    """How fast the voice speaks, in characters (Chinese) or words (English) a minute; raises ``UserError``."""
    slowest, fastest = PACES
    written = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[0-9]{2,3}", written) or not slowest <= int(written) <= fastest:
        raise UserError(
            "“{value}” is no pace of speaking.",
            way_out="Write characters or words a minute, from {slowest} to {fastest}; usual are 170 in Mandarin "
            "and 130 in English.",
            field=Field.PACE,
            value=text,
            slowest=slowest,
            fastest=fastest,
        )
    return int(written)


def voice(text: str) -> Timbre:
    """Which of the voices somebody understands best, by its word; raises ``UserError``."""
    return _word(vocabulary.VOICES, Field.VOICE, text)


def role(text: str) -> Role:
    """A responder's role by its word; raises ``UserError``."""
    return _word(vocabulary.ROLES, Field.ROLE, text)


def wants(text: str) -> Wants:
    """What a relative wants to be told, by its word; raises ``UserError``."""
    return _word(vocabulary.WANTS, Field.RELATIVE_WANTS, text)


def phone_state(text: str, name: Field = Field.PHONE_STATE) -> PhoneState:
    """Whether a telephone may be rung, by its word; raises ``UserError``."""
    return _word(vocabulary.PHONE_STATES, name, text)


def email(text: str, name: str = Field.RELATIVE_EMAIL) -> str:
    """An e-mail address as it can be written to, or nothing; raises ``UserError`` that names the field."""
    found = text.strip()
    if found and not _EMAIL.fullmatch(found):
        raise UserError("“{value}” is no e-mail address.", way_out="Write it like name@example.org.", field=name,
                        value=text)  # fmt: skip
    return found


def pin(text: str) -> str:
    """What a responder types when they ring in; raises ``UserError`` for what is too short or too easily guessed."""
    digits = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(f"[0-9]{{{pins.LEAST_DIGITS},{pins.MOST_DIGITS}}}", digits) or pins.is_guessable(digits):
        raise UserError(
            "This is not a safe PIN.",
            way_out="Choose {least} to {most} digits that are neither all alike nor a run such as 123456.",
            field=Field.PIN,
            value=text,
            least=pins.LEAST_DIGITS,
            most=pins.MOST_DIGITS,
        )
    return digits


def _word(words: Mapping[Word, Sequence[str]], name: Field, text: str) -> Word:
    found = vocabulary.meaning(words, text)
    if found is None:
        raise UserError(
            "Nobody knows the word “{value}” here.",
            way_out="Write one of: {known}.",
            field=name,
            value=text,
            known=vocabulary.known_words(words),
        )
    return found
