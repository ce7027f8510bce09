"""Doubts: what a spreadsheet cell shows that its author did not write, and what means that there is nothing."""

import re
import unicodedata

from contacts.columns.columns import Column
from contacts.columns.fields import Field
from contacts.files.sheets import ERROR, Row
from core.errors import UserError

NEEDED = frozenset(
    {Field.NAME, Field.PHONE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.ADDRESS, Field.ROLE, Field.AREA}
)
"""Without these a row is nobody, or somebody else; a mistake in any other cell costs only the cell."""
_PLACES = frozenset({Field.BUILDING, Field.UNIT, Field.ROOM, Field.ADDRESS})
_NUMBERS = _PLACES | {
    Field.PHONE, Field.SECOND_PHONE, Field.RELATIVE_PHONE, Field.BIRTH_YEAR, Field.AGE, Field.PACE, Field.PIN
}  # fmt: skip
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_HAN = "[〇○零一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?:19|20)\d\d[-/.年]\d{{1,2}}(?:[-/.月]\d{{1,2}}日?)?(?: \d{{2}}:\d{{2}}(?::\d{{2}})?)?"
    rf"|(?:(?:19|20)\d\d年)?\d{{1,2}}月(?:\d{{1,2}}日?)?|(?:{_HAN}{{4}}年)?{_HAN}{{1,2}}月(?:{_HAN}{{1,3}}日)?"
    rf"|\d{{1,2}}[- ](?:{_MONTHS})[a-z]*(?:[- ]\d{{2,4}})?|(?:{_MONTHS})[a-z]*[- ]\d{{1,2}}(?:[- ]\d{{2,4}})?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:[上下]午)?\d{1,2}(?::\d{2}(?::\d{2})?|[时時]\d{1,2}分(?:\d{1,2}秒)?)(?: ?[ap]m)?", re.IGNORECASE
)
_LONGEST = 9
"""Characters; no word for nothing is longer."""
_SIGNS = re.compile(r"[-‐‑‒–—―─_/\\~～·.。×]+|无|没有|暂无|空|\(无\)|\(空\)|无。")
_WORDS = frozenset({"none", "nil", "null", "nan", "n/a", "na", "nothing", "nat"})
_NAMES = frozenset({Field.NAME, Field.RELATIVE_NAME, Field.CALLED, Field.RELATIVE_RELATION})
_OWN_WORDS = frozenset({Field.CONSENT, Field.RELATIVE_WANTS})
"""In these columns "none" says something."""


def doubt(row: Row, place: int, column: Column) -> UserError | None:
    """Why a cell must not be taken at its word; None where it may."""
    text = row.cells[place] if place < len(row.cells) else ""
    if place in row.uncalculated:
        return _error(column, text, "The formula here has no result.", "Open the file in your spreadsheet program, "
                      "save it and try again.")  # fmt: skip
    if ERROR.fullmatch(text) and column.field is not Field.CONSENT:  # which asks about it in its own words
        return _error(column, text, "“{value}” is the error of a formula.", "Mend the formula, or write what is meant.")
    if column.field in _PLACES and _TIME.fullmatch(text):
        return _error(column, text, "“{value}” is a time, which a spreadsheet program has made of what was written.",
                      "Set the column to text and write it again, for example 3-2.")  # fmt: skip
    if column.field in _PLACES and (place in row.dates or _DATE.fullmatch(text)):
        return _error(column, text, "“{value}” is a date, which a spreadsheet program has made of what was written.",
                      "Set the column to text and write it again, for example 3-2.")  # fmt: skip
    return None


def meant(text: str, field: Field) -> str:
    """The text of a cell: empty for 无, — and the like; whole numbers without the point that programs add."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold() if len(text) <= _LONGEST else text
    if field not in _OWN_WORDS and (_SIGNS.fullmatch(plain) or (plain in _WORDS and field not in _NAMES)):
        return ""
    return re.sub(r"\.0+", "", text) if field in _NUMBERS and re.fullmatch(r"\d+\.0+", text) else text


def _error(column: Column, text: str, message: str, way_out: str) -> UserError:
    return UserError(message, way_out=way_out, field=column.field, value=text)
