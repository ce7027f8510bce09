"""Columns: which header of a spreadsheet means what, in Chinese or English and in any order."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from contacts.spreadsheets import Row
from core.errors import UserError
from core.i18n import InWords, Language


class Kind(StrEnum):
    """What the rows of a spreadsheet are."""

    RESIDENTS = "residents"
    RESPONDERS = "responders"


class Field(StrEnum):
    """What a column tells; the value is its English header."""

    NAME = "name"
    CALLED = "called"
    READING = "reading"
    PHONE = "phone"
    SECOND_PHONE = "second phone"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    BIRTH_YEAR = "birth year"
    FLAGS = "flags"
    LANGUAGE = "language"
    PACE = "pace"
    VOICE = "voice"
    CALL_TIME = "call time"
    RELATIVE_NAME = "relative name"
    RELATIVE_PHONE = "relative phone"
    RELATIVE_RELATION = "relation"
    RELATIVE_WANTS = "relative wants"
    ACCESS_NOTES = "access notes"
    CONSENT = "consent"
    NOTES = "notes"
    ROLE = "role"
    AREA = "area"
    EMAIL = "e-mail"
    CHAT_ADDRESS = "chat address"
    PIN = "PIN"


CHINESE = {
    Field.NAME: "姓名",
    Field.CALLED: "称呼",
    Field.READING: "读音",
    Field.PHONE: "电话",
    Field.SECOND_PHONE: "备用电话",
    Field.BUILDING: "楼栋",
    Field.UNIT: "单元",
    Field.ROOM: "房号",
    Field.BIRTH_YEAR: "出生年",
    Field.FLAGS: "标记",
    Field.LANGUAGE: "语言",
    Field.PACE: "语速",
    Field.VOICE: "声音",
    Field.CALL_TIME: "通话时间",
    Field.RELATIVE_NAME: "家属姓名",
    Field.RELATIVE_PHONE: "家属电话",
    Field.RELATIVE_RELATION: "关系",
    Field.RELATIVE_WANTS: "家属通知",
    Field.ACCESS_NOTES: "入户说明",
    Field.CONSENT: "同意",
    Field.NOTES: "备注",
    Field.ROLE: "角色",
    Field.AREA: "负责区域",
    Field.EMAIL: "邮箱",
    Field.CHAT_ADDRESS: "群机器人",
    Field.PIN: "密码",
}
OTHER_SPELLINGS = {
    "relative relation": Field.RELATIVE_RELATION,
    "家属关系": Field.RELATIVE_RELATION,
    "email": Field.EMAIL,
}
REPEATED = (Field.RELATIVE_NAME, Field.RELATIVE_PHONE, Field.RELATIVE_RELATION, Field.RELATIVE_WANTS)
MOST_RELATIVES = 9
_RESPONDERS = (
    Field.NAME, Field.ROLE, Field.AREA, Field.PHONE, Field.LANGUAGE, Field.EMAIL, Field.CHAT_ADDRESS, Field.PIN
)  # fmt: skip
FIELDS = {
    Kind.RESIDENTS: tuple(
        each for each in Field if each not in {Field.ROLE, Field.AREA, Field.EMAIL, Field.CHAT_ADDRESS, Field.PIN}
    ),
    Kind.RESPONDERS: _RESPONDERS,
}
REQUIRED = {
    Kind.RESIDENTS: (Field.NAME, Field.PHONE, Field.BUILDING, Field.ROOM),
    Kind.RESPONDERS: (Field.NAME, Field.ROLE, Field.PHONE),
}
_HEADER_WITHIN = 5
"""Files often begin with a title; the headers are looked for in this many rows."""


@dataclass(frozen=True)
class Column:
    """A column; ``number`` tells the second relative's from the first's."""

    field: Field
    number: int = 1

    def title(self, language: Language) -> str:
        """Its header as people of that language write it."""
        if language is Language.CHINESE:
            return CHINESE[self.field] + (str(self.number) if self.number > 1 else "")
        return self.field + (f" {self.number}" if self.number > 1 else "")


@dataclass(frozen=True)
class Layout:
    """Which cell of a row holds which column, and the headers that nobody knows."""

    header_row: int
    places: Mapping[Column, int]
    unknown: Sequence[UserError] = field(default=())

    def text(self, row: Row, column: Column) -> str | None:
        """The text of a cell: empty where nothing is written, None where the file has no such column."""
        place = self.places.get(column)
        if place is None:
            return None
        return row.cells[place] if place < len(row.cells) else ""


def layout(kind: Kind, rows: Sequence[Row]) -> Layout:
    """How a file is laid out; raises ``UserError`` where a required column is missing or one appears twice."""
    header = _header_row(kind, rows)
    places: dict[Column, int] = {}
    unknown = []
    for place, text in enumerate(header.cells):
        if not text:
            continue
        column = column_of(kind, text)
        if column is None:
            unknown.append(_unknown_header(kind, text))
        elif column in places:
            raise UserError(
                "The column “{value}” appears twice.", way_out="Keep one of them.", field="column", value=text
            )
        else:
            places[column] = place
    _refuse_missing(kind, places, header)
    return Layout(header.number, places, tuple(unknown))


def column_of(kind: Kind, header: str) -> Column | None:
    """The column that a header names; None when it names none of that kind of file."""
    plain = _plain(header)
    known = _headers(kind)
    if plain in known:
        return Column(known[plain])
    numbered = re.fullmatch(r"(.+?)([1-9])", plain)
    if numbered and known.get(numbered[1]) in REPEATED and int(numbered[2]) <= MOST_RELATIVES:
        return Column(known[numbered[1]], int(numbered[2]))
    return None


def title_in(header: str, language: Language) -> str:
    """A header in another language; an unknown one as it is."""
    column = next((found for kind in Kind if (found := column_of(kind, header))), None)
    return column.title(language) if column else header


def _header_row(kind: Kind, rows: Sequence[Row]) -> Row:
    for row in rows[:_HEADER_WITHIN]:
        if any(column_of(kind, text) == Column(Field.NAME) for text in row.cells):
            return row
    return rows[0]


def _headers(kind: Kind) -> dict[str, Field]:
    spellings = {field.value: field for field in Field} | {CHINESE[field]: field for field in Field} | OTHER_SPELLINGS
    return {_plain(text): field for text, field in spellings.items() if field in FIELDS[kind]}


def _unknown_header(kind: Kind, text: str) -> UserError:
    headers = _headers(kind)
    nearest = difflib.get_close_matches(_plain(text), headers, n=3, cutoff=0.4) or headers
    return UserError(
        "“{value}” is not a column we know, so it was left out.",
        way_out="Name it {nearest}, or remove it.",
        field="column",
        value=text,
        nearest=_named([headers[each] for each in nearest]),
    )


def _refuse_missing(kind: Kind, places: Mapping[Column, int], header: Row) -> None:
    missing = [field for field in REQUIRED[kind] if Column(field) not in places]
    if missing:
        raise UserError(
            "The file lacks the column {missing}.",
            way_out="Row {row} was read as the headers; add what is missing there.",
            field="column",
            value="",
            missing=_named(missing),
            row=header.number,
        )


def _named(fields: Sequence[Field]) -> Sequence[InWords]:
    """Headers in both languages, either of which may be written."""
    return [InWords(f"{CHINESE[field]} ({field})", f"{field} ({CHINESE[field]})") for field in dict.fromkeys(fields)]


def _plain(header: str) -> str:
    """Without explanations in brackets, stars for required columns, spaces and dashes."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"\(.*?\)|[\s_*:-]", "", text)
