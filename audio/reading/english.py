"""English read aloud: what the voice misreads, as the words that a person would say.

Whole numbers without anything beside them ("press 1", "building 3") are left: the voice reads them well.
"""

import re
from typing import Final

from audio.reading import mandarin
from audio.reading.characters import HAN
from audio.reading.numerals import english, english_digits, english_ordinal, english_year
from audio.reading.rules import Rule, applied, rule, telephone_groups


def spoken(words: str) -> str:
    """The words with dates, times, measures and telephone numbers written out; Chinese in them as Mandarin says it."""
    return applied(_RULES, words)


def _telephone(match: re.Match[str]) -> str:
    return ", ".join(english_digits(group) for group in telephone_groups(match[0]))


def _room(match: re.Match[str]) -> str:
    return " ".join((match[1].strip(), english_digits(match[2], zero="oh"), match[3])).rstrip()


def _house(match: re.Match[str]) -> str:
    """``3-2-501``: building, unit and flat."""
    *houses, flat = match[0].split("-")
    return ", ".join((*(english(int(each)) for each in houses), english_digits(flat, zero="oh")))


def _date(match: re.Match[str]) -> str:
    year, month, day = (int(part) for part in match.groups())
    return f"{_MONTHS[month - 1]} the {english_ordinal(day)}, {english_year(year)}"


def _day_of_month(match: re.Match[str]) -> str:
    return f"{_month(match[1])} the {english_ordinal(int(match[2]))}"


def _day_before_month(match: re.Match[str]) -> str:
    return f"the {english_ordinal(int(match[1]))} of {_month(match[2])}"


def _month(name: str) -> str:
    """In full: the voice does not know "Nov"."""
    return next(month for month in _MONTHS if month[:3] == name[:3])


def _year(match: re.Match[str]) -> str:
    return match[1] + english_year(int(match[2]))


def _time(match: re.Match[str]) -> str:
    """As a person says it on the telephone: half of those rung have never used a 24-hour clock."""
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    told = english((hour - 1) % 12 + 1)
    if minute:
        told += f" {'oh ' if minute < 10 else ''}{english(minute)}"
    elif not half:
        told += " o'clock"
    if half:
        return f"{told} {half[0].lower()} m"
    return told + (_part_of_day(hour) if hour > 12 or hour == 0 else "")


def _part_of_day(hour: int) -> str:
    return " at night" if hour < 5 or hour > 21 else " in the afternoon" if hour < 18 else " in the evening"


def _measure(match: re.Match[str]) -> str:
    number, unit = match[1], match[2]
    one, many = _UNITS[unit if unit in _UNITS else unit.lower()]
    return f"{_number(number)} {one if number == '1' else many}"


def _number(number: str) -> str:
    whole, _, decimals = number.replace(",", "").partition(".")
    return _whole(whole) + (f" point {english_digits(decimals)}" if decimals else "")


def _whole(number: str) -> str:
    """Digit by digit where nobody counts so far."""
    return english(int(number)) if len(number) <= _LONGEST_VALUE else english_digits(number)


def _over(match: re.Match[str]) -> str:
    """A blood pressure: nobody asks for its unit."""
    return f"{_number(match[1])} over {_number(match[2])}"


def _numeric_date(match: re.Match[str]) -> str:
    """Day before month, unless only the other way is a date."""
    day, month, year = (int(part) for part in match.groups())
    if month > len(_MONTHS):
        day, month = month, day
    if month > len(_MONTHS):
        return match[0]
    return f"the {english_ordinal(day)} of {_MONTHS[month - 1]} {english_year(year)}"


def _route(match: re.Match[str]) -> str:
    return english_digits(match[0], zero="oh")


def _money(match: re.Match[str]) -> str:
    one, many = {"$": ("dollar", "dollars"), "£": ("pound", "pounds"), "€": ("euro", "euros")}[match[1]]
    whole, _, cents = match[2].partition(".")
    told = f"{_number(whole)} {one if whole == '1' else many}"
    if len(cents) == len("00"):
        return told if cents == "00" else f"{told} {english(int(cents))}"
    return f"{_number(match[2])} {many}" if cents else told


def _range(match: re.Match[str]) -> str:
    return f"{_number(match[1])} to {_number(match[2])}"


_LONGEST_VALUE: Final = 9
_FRACTIONS: Final = {"1/2": "half a", "1/4": "a quarter of a", "3/4": "three quarters of a"}
"""Before what is taken: 1/2 tablet."""
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH: Final = "|".join((*_MONTHS, *(f"{month[:3]}\\.?" for month in _MONTHS), "Sept\\.?"))
_UNITS: Final = {
    "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"), "mg": ("milligram", "milligrams"),
    "km": ("kilometre", "kilometres"), "m": ("metre", "metres"), "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"), "ml": ("millilitre", "millilitres"), "l": ("litre", "litres"),
    "h": ("hour", "hours"), "min": ("minute", "minutes"), "lb": ("pound", "pounds"),
    "mmhg": ("millimetre of mercury", "millimetres of mercury"), "mmol/l": ("millimole a litre", "millimoles a litre"),
    "°c": ("degree", "degrees"), "℃": ("degree", "degrees"),
    "°f": ("degree Fahrenheit", "degrees Fahrenheit"), "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "%": ("percent", "percent"), "rmb": ("yuan", "yuan"),
}  # fmt: skip
_UNIT: Final = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_NUMERAL: Final = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER: Final = rf"(?<![\d.,]){_NUMERAL}"
_COUNTED: Final = (
    "people|residents|homes|households|yuan|days?|weeks?|months?|years?|hours?|minutes?|seconds?|degrees|metres|"
    "grams|kilograms|litres|times|steps|calls|volunteers|helpers"
)

_RULES: Final[tuple[Rule, ...]] = (
    rule(rf"\d*[{HAN}][\d{HAN}]*", lambda match: mandarin.spoken(match[0])),
    rule(r"\b(Mr|Mrs|Ms|Dr)\.(?=\s)", lambda match: match[1]),
    rule(r"\bNo\.\s?(?=\d)", lambda _: "number "),
    rule(r"(?<!\d)(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", _date),
    rule(r"(?<![\d./])(0?[1-9]|[12]\d|3[01])[/.](0?[1-9]|[12]\d|3[01])[/.]((?:19|20)\d\d)(?![\d/])", _numeric_date),
    rule(r"(?<![\d.-])\d{1,2}-\d{1,2}-\d{3,4}(?![\d-])", _house),
    rule(r"(?<![\d:])([01]?\d:[0-5]\d)\s?[-–~]\s?(?=[0-2]?\d:[0-5]\d)", lambda match: match[1] + " to "),
    rule(r"\((0\d{2,3})\)\s?(?=\d)", lambda match: match[1] + " "),
    rule(r"(?<![\d.])(?:\+\d{1,3}[ -]?)?\d(?:[ -]?\d){6,}(?!\d|\.\d)", _telephone),
    rule(r"(?i)(?<=\bring )\d{3,}(?!\d)|(?<=\bcall )\d{3,}(?!\d)|(?<=\bdial )\d{3,}(?!\d)", _telephone),
    rule(rf"\b({_MONTH})\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]?\d)", _day_of_month),
    rule(rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?({_MONTH})\b", _day_before_month),
    rule(
        rf"((?:(?i:\b(?:in|since|until|of|by|from|to|year|before|after|born))|(?:{_MONTH})"
        rf"|\bthe [a-z-]+(?:st|nd|rd|th)),? )((?:1[89]|20)\d\d)\b(?![.,]?\d|[:/%-]|\s(?:{_COUNTED})\b)",
        _year,
    ),
    rule(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?(?:\s?([aApP]\.?[mM]\b\.?))?(?![\d:])", _time),
    rule(r"(?<![\d:.])(1[0-2]|[1-9])()\s?([aApP]\.?[mM]\b\.?)", _time),
    rule(r"(?<![\d/.])(\d{2,3})/(\d{2,3})(?:\s?(?i:mmHg))?(?![\d/])", _over),
    rule(rf"(?<![\w.]){_NUMERAL}\s?[-–~]\s?(\d+(?:\.\d+)?)(?=\s?(?:{_UNIT}|{_COUNTED}|o'clock)(?![a-z]))", _range),
    rule(rf"(?i)\bminus (?=\d)|(?<![\w.,-])-(?={_NUMERAL}\s?(?:{_UNIT}|degrees))", lambda _: "minus "),
    rule(r"(?<![\d.])([2-6])G(?![A-Za-z])", lambda match: f"{english(int(match[1]))} G"),
    rule(rf"([$£€]){_NUMERAL}", _money),
    rule(
        r"(?<![\d/.])([13])/([24])(?= (?:tablet|pill|cup|spoon|teaspoon|slice|loaf|bottle|bag|box|bowl)\b)",
        lambda match: _FRACTIONS.get(match[0], match[0]),
    ),
    rule(rf"¥{_NUMERAL}", lambda match: f"{_number(match[1])} yuan"),
    rule(rf"(?i){_NUMBER}\s?({_UNIT})(?![\w])", _measure),
    rule(r"(?i)(\d+)(?:st|nd|rd|th)\b", lambda match: _ordinal(match[1])),
    rule(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])", lambda match: _number(match[0])),
    rule(r"(?i)\b((?:extension|ext\.?) )(\d{2,})\b", lambda match: match[1] + english_digits(match[2])),
    rule(r"(?i)\b((?:bus|line|route|tram|train) )(\d{3})\b(?!\.\d)", lambda m: m[1] + english_digits(m[2], zero="oh")),
    rule(r"(?i)\b\d{3}(?= (?:bus|tram|route|hospital)\b)|(?<=\bhospital )\d{3}\b", _route),
    rule(
        rf"(?<![\w./,:-])(?:110|112|119|120|122|911|999|12345|123[1-9]\d|96(?!000)\d{{3}}|95\d{{3}})(?![\w/:]|[.,-]\d|\s(?:{_COUNTED})\b)",
        _telephone,
    ),
    rule(r"(?i)\b((?:room|flat|apartment|suite) )(\d{3,4})([a-z]?)\b(?!\.\d)", _room),
    rule(r"(?<![\d.])(\d+\.\d+)(?![\d.])", lambda match: _number(match[1])),
)


def _ordinal(number: str) -> str:
    return english_ordinal(int(number)) if 0 < len(number) <= _LONGEST_VALUE else f"{english_digits(number)}th"
