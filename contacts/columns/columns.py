"""Columns: which header of a spreadsheet means what, in Chinese or English and in any order."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from contacts.columns.fields import CHINESE, MOST_RELATIVES
from contacts.columns.fields import REPEATED as REPEATED
from contacts.columns.fields import Column as Column  # these are part of what callers say
from contacts.columns.fields import Field as Field
from contacts.columns.header_synonyms import SPELLINGS
from contacts.columns.relations import headed
from contacts.columns.relative_columns import relative_columns
from contacts.files.sheets import Row, Spot
from core.errors import UserError
from core.i18n import InWords, Language


class Kind(StrEnum):
    """What the rows of a spreadsheet are."""

    RESIDENTS = "residents"
    RESPONDERS = "responders"


_RESPONDERS = (
    Field.NAME, Field.ROLE, Field.AREA, Field.PHONE, Field.SECOND_PHONE, Field.LANGUAGE, Field.EMAIL,
    Field.CHAT_ADDRESS, Field.PIN, Field.LANGUAGES, Field.SKILLS,
)  # fmt: skip
_NO_RESIDENTS = {Field.ROLE, Field.AREA, Field.EMAIL, Field.CHAT_ADDRESS, Field.PIN, Field.LANGUAGES, Field.SKILLS}
FIELDS = {
    Kind.RESIDENTS: tuple(each for each in Field if each not in _NO_RESIDENTS),
    Kind.RESPONDERS: _RESPONDERS,
}
REQUIRED = {
    Kind.RESIDENTS: (Field.NAME, Field.PHONE, Field.BUILDING, Field.ROOM),
    Kind.RESPONDERS: (Field.NAME, Field.ROLE, Field.PHONE),
}
_SURELY, _SHORT = 0.75, 2
"""How alike a header must be to one of ours for us to offer that; in short ones one character is another meaning."""
HEADER_WITHIN = 5
"""Files often begin with a title; the headers are looked for in this many rows."""


@dataclass(frozen=True)
class Layout:
    """Which cell of a row holds which column, and the headers that nobody knows.

    ``relations`` says who the relatives of a number are, where a header does (``女儿电话``), and ``headers`` what is
    written above such columns.
    """

    header: Spot
    places: Mapping[Column, int]
    unknown: Sequence[UserError] = field(default=())
    relations: Mapping[int, str] = field(default_factory=dict)
    headers: Mapping[Column, str] = field(default_factory=dict)

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
    unknown, of_relatives = [], []
    for place, text in enumerate(header.cells):
        if not text:
            continue
        column = column_of(kind, text)
        spread = place in header.spread
        if column == Column(Field.PHONE) and column in places:
            column = Column(Field.SECOND_PHONE) if spread else _second_phone(text, header.cells[places[column]])
        if spread and column in places:
            column = None
            if not _tells_more(rows, header, place):
                continue
        if column is None and kind is Kind.RESIDENTS and headed(text):
            if not spread or _tells_more(rows, header, place):
                of_relatives.append(place)
        elif column is None:
            unknown.append(_unknown_header(kind, text))
        elif column in places:
            raise UserError(
                "The column “{value}” appears twice.", way_out="Keep one of them.", field="column", value=text
            )
        else:
            places[column] = place
    _refuse_missing(kind, places, header)
    more = relative_columns(header, places, of_relatives)
    unknown += [_unknown_header(kind, header.cells[place]) for place in more.unread]
    return Layout(header.spot, {**places, **more.places}, tuple(unknown), more.relations, more.headers)


def column_of(kind: Kind, header: str) -> Column | None:
    """The column that a header names; None when it names none of that kind of file."""
    plain = plain_header(header)
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


def _second_phone(text: str, first: str) -> Column:
    """Two columns such as 座机 and 手机 are two numbers; one header written twice is a mistake."""
    own = {plain_header(Field.PHONE), plain_header(CHINESE[Field.PHONE])}
    twice = plain_header(text) == plain_header(first) or {plain_header(text), plain_header(first)} <= own
    return Column(Field.PHONE) if twice else Column(Field.SECOND_PHONE)


def _tells_more(rows: Sequence[Row], header: Row, place: int) -> bool:
    """Whether below a header that is merged over several columns one of them says what its left neighbour does not."""
    below = (row.cells for row in rows if row.spot > header.spot and len(row.cells) > place)
    return any(cells[place] not in {"", cells[place - 1]} for cells in below)


def has_headers(kind: Kind, rows: Sequence[Row]) -> bool:
    """Whether a sheet has a row in which a column of names is headed."""
    return any(_known(kind, row) for row in rows[:HEADER_WITHIN])


def _header_row(kind: Kind, rows: Sequence[Row]) -> Row:
    """The row with the most headers: the one above may only say to what several columns belong."""
    return max(rows[:HEADER_WITHIN], key=lambda row: len(_known(kind, row)))


def _known(kind: Kind, row: Row) -> set[Column]:
    found = {column for text in row.cells if (column := column_of(kind, text))}
    return found if Column(Field.NAME) in found else set()


def _headers(kind: Kind) -> dict[str, Field]:
    spellings = {field.value: field for field in Field} | {CHINESE[field]: field for field in Field} | SPELLINGS
    return {plain_header(text): field for text, field in spellings.items() if field in FIELDS[kind]}


def _unknown_header(kind: Kind, text: str) -> UserError:
    headers = _headers(kind)
    plain = plain_header(text)
    nearest = difflib.get_close_matches(plain, headers, n=3, cutoff=_SURELY) if len(plain) > _SHORT else []
    return UserError(
        "“{value}” is not a column we know, so it was left out.",
        way_out="If this is what it tells, name it {nearest}; else leave it as it is." if nearest
        else "Leave it as it is, or give it one of our headers if it tells the same.",
        field="column",
        value=text,
        nearest=_named([headers[each] for each in nearest]),
    )  # fmt: skip


def _refuse_missing(kind: Kind, places: Mapping[Column, int], header: Row) -> None:
    homes = {Field.BUILDING, Field.ROOM} if Column(Field.ADDRESS) in places else set()
    missing = [field for field in REQUIRED[kind] if Column(field) not in places and field not in homes]
    if missing:
        raise UserError(
            "The file lacks the column {missing}.",
            way_out="Row {row} was read as the headers; add what is missing there.",
            field="column",
            value="",
            missing=_named(missing),
            row=header.spot.number,
        )


def _named(fields: Sequence[Field]) -> Sequence[InWords]:
    """Headers in both languages, either of which may be written."""
    return [InWords(f"{CHINESE[field]} ({field})", f"{field} ({CHINESE[field]})") for field in dict.fromkeys(fields)]


def plain_header(header: str) -> str:
    """A header as it is compared: without explanations in brackets, stars for required columns, spaces and dashes."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"\(.*?\)|[\s_*:-]", "", text)
