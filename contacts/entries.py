"""Entries: what one row of a spreadsheet says, checked before anything is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from functools import partial
from typing import TypeVar

from contacts import cells, doubts, name_readings, names, phones, places, vocabulary
from contacts.columns import REPEATED, Column, Field, Layout, title_in
from contacts.consent_words import Answer, answer
from contacts.models import Community, Role, Wants
from contacts.profiles import Address
from contacts.responsibilities import AreaName, areas_named
from contacts.sheets import Row, Spot
from core.errors import UserError
from core.i18n import Language, translate
from core.timbre import Timbre

Value = TypeVar("Value")


@dataclass(frozen=True)
class RowProblem:
    """Why a cell, and with it its row, was not imported; the row's other cells were where ``row_kept``.

    ``column`` is its English header, or the unknown one as it was written. ``cell_read``: it was taken as it
    stands. ``of_headers``: it concerns nobody alone.
    """

    row: Spot
    column: str
    value: str
    error: UserError
    row_kept: bool = False
    cell_read: bool = False
    of_headers: bool = False

    def describe(self, language: Language) -> str:
        """Where it is, what is wrong, and how to mend it."""
        column = title_in(self.column, language)
        reason = self.error.describe(language)
        if not self.row_kept or self.cell_read or self.of_headers:
            return translate(
                language, "Row {row}, {column}: {reason}", row=self.row.words, column=column, reason=reason
            )
        return translate(
            language,
            "Row {row}, {column}: {reason} Only this cell was left out.",
            row=self.row.words,
            column=column,
            reason=reason,
        )


@dataclass(frozen=True)
class RelativeEntry:
    """A relative as a row names them; None where the file does not say."""

    name: str
    number: str
    relation: str | None
    wants: Wants | None


@dataclass(frozen=True)
class ConsentCell:
    """What is written about consent, and what it says."""

    words: str
    answer: Answer


@dataclass(frozen=True)
class ResidentEntry:
    """A resident as a row tells of them; None for what the file has no column for, which then stays as it is.

    So does what stands in a cell with a mistake: ``columns`` are those without one, and ``all_relatives`` says that
    whoever is not among ``relatives`` is none any more.
    """

    row: Spot
    name: str
    called: str | None
    reading: str | None
    numbers: tuple[str, ...]
    address: Address
    birth_year: int | None
    flags: frozenset[str] | None
    language: Language | None
    pace: int | None
    voice: Timbre | None
    call_time: time | None
    relatives: tuple[RelativeEntry, ...] | None
    all_relatives: bool
    access_notes: str | None
    consent: ConsentCell | None
    notes: str | None
    columns: frozenset[Field]


@dataclass(frozen=True)
class ResponderEntry:
    """A responder as a row tells of them; None for what the file has no column for. No ``areas``: the community."""

    row: Spot
    name: str
    role: Role
    areas: tuple[AreaName, ...] | None
    number: str
    language: Language | None
    email: str | None
    chat_address: str | None
    pin: str | None


@dataclass
class RowReader:
    """Reads the cells of one row and gathers what is wrong with them in ``problems``.

    ``questions`` are about cells that a person must look at, although the rest of the row can be imported.
    ``ours`` are our own numbers (E.164), which are nobody else's.
    """

    layout: Layout
    row: Row
    community: Community
    ours: frozenset[str] = frozenset()
    problems: list[RowProblem] = field(default_factory=list)
    questions: list[RowProblem] = field(default_factory=list)
    doubtful: set[Column] = field(default_factory=set)

    def text(self, name: Field, number: int = 1) -> str | None:
        """The text of a cell; None where the file has no such column, and where nobody can take it at its word."""
        column = Column(name, number)
        place, written = self.layout.places.get(column), self.layout.text(self.row, column)
        if place is None or written is None:
            return None
        if error := doubts.doubt(self.row, place, column):
            self.refuse(name, number, error)
            return None
        return doubts.meant(written, name)

    def required(self, name: Field, number: int = 1) -> str:
        """The text of a cell that must not be empty."""
        found = self.text(name, number) or ""
        if not found:
            missing = UserError("Nothing is written here.", way_out="Fill it in.", field=name, value="")
            self.refuse(name, number, missing)
        return found

    def read(self, name: Field, reading: Callable[[str], Value], number: int = 1) -> Value | None:
        """What ``reading`` makes of a cell; None where it is empty, missing or wrong."""
        text = self.text(name, number)
        if not text:
            return None
        try:
            return reading(text)
        except UserError as error:
            self.refuse(name, number, error)
            return None

    def phones(self, text: str) -> tuple[str, ...]:
        """The numbers in a cell, of which there may be several; raises ``PhoneError``."""
        try:
            return (self.phone(text),)
        except phones.PhoneError:
            parts = phones.separate(text)
            if len(parts) < 2:
                raise
            return tuple(dict.fromkeys(map(self.phone, parts)))

    def phone(self, text: str) -> str:
        """The number in E.164, completed with the community's area code; raises ``PhoneError``, also for ours."""
        number = phones.parse(text, self.community.region, self.community.area_code)
        if number in self.ours:
            raise phones.OurNumberError(text)
        return number

    def consent(self) -> ConsentCell | None:
        """What the row says about consent; asks about what is neither a yes nor a no."""
        words = self.layout.text(self.row, Column(Field.CONSENT))
        if words is None:
            return None
        if self.text(Field.CONSENT) is None:
            return ConsentCell(words, Answer.UNCLEAR)
        cell = ConsentCell(words, answer(words))
        if cell.answer is Answer.UNCLEAR:
            unclear = UserError(
                "“{value}” does not say whether they have agreed; their consent was left as it was, the rest imported.",
                way_out="Write how and when they agreed, for example “signed form 2026-11-01”, or “no”.",
                field=Field.CONSENT,
                value=words,
            )
            self.questions.append(replace(self._problem(Field.CONSENT, 1, unclear, row_kept=True), cell_read=True))
        return cell

    def say_first_only(self, numbers: Sequence[str]) -> None:
        """Says of several numbers of a responder that the first is the one that is rung."""
        if len(numbers) > 1:
            error = UserError("Only the first of these numbers is rung.", way_out="Write the best one first.",
                              field=Field.PHONE, value=self.layout.text(self.row, Column(Field.PHONE)))  # fmt: skip
            self.questions.append(replace(self._problem(Field.PHONE, 1, error, row_kept=True), cell_read=True))

    def refuse(self, name: Field, number: int, error: UserError) -> None:
        """Notes, once, that a cell is wrong: without a needed one there is no row, any other costs only itself."""
        column = Column(name, number)
        if column in self.doubtful:
            return
        self.doubtful.add(column)
        kept = name not in doubts.NEEDED
        (self.questions if kept else self.problems).append(self._problem(name, number, error, row_kept=kept))

    def refuse_unclosed(self) -> None:
        """Notes a quotation mark that is never closed; what follows on its line is then read as it stands."""
        for column, place in self.layout.places.items():
            if place in self.row.unclosed:
                error = UserError(
                    "A quotation mark here is never closed; what follows it was read to the end of the line only.",
                    way_out="Delete it, or close it.",
                    field=column.field,
                    value=self.row.cells[place],
                )
                shifted = len(self.row.cells) > max(self.layout.places.values()) + 1
                read_as_it_is = not shifted and column.field not in doubts.NEEDED
                problem = self._problem(column.field, column.number, error, row_kept=read_as_it_is)
                if read_as_it_is:
                    self.questions.append(replace(problem, cell_read=True))
                else:
                    self.problems.append(problem)

    @property
    def columns(self) -> frozenset[Field]:
        """The columns of the file in which this row has no mistake."""
        return frozenset(column.field for column in self.layout.places.keys() - self.doubtful)

    def _problem(self, name: Field, number: int, error: UserError, *, row_kept: bool = False) -> RowProblem:
        column = Column(name, number)
        text = self.layout.text(self.row, column) or ""
        return RowProblem(self.row.spot, column.title(Language.ENGLISH), text, error, row_kept)


def resident_entry(reader: RowReader) -> ResidentEntry | None:
    """The resident of a row; None where the reader has found problems."""
    reader.refuse_unclosed()
    reader.required(Field.NAME)
    name = reader.read(Field.NAME, names.one_person) or ""
    if not reader.text(Field.SECOND_PHONE):
        reader.required(Field.PHONE)
    numbers = (reader.read(Field.PHONE, reader.phones) or ()) + (reader.read(Field.SECOND_PHONE, reader.phones) or ())
    flags = reader.text(Field.FLAGS)
    age = reader.read(Field.AGE, cells.age)
    entry = ResidentEntry(
        row=reader.row.spot,
        name=name,
        called=reader.text(Field.CALLED),
        reading=reader.read(Field.READING, partial(name_readings.reading, name=name)),
        numbers=tuple(dict.fromkeys(numbers)),
        address=_address(reader),
        birth_year=reader.read(Field.BIRTH_YEAR, cells.birth_year) or age,
        flags=None if flags is None else vocabulary.flags(flags),
        language=reader.read(Field.LANGUAGE, cells.language),
        pace=reader.read(Field.PACE, cells.pace),
        voice=reader.read(Field.VOICE, cells.voice),
        call_time=reader.read(Field.CALL_TIME, cells.time_of_day),
        relatives=_relatives(reader),
        all_relatives=not any(column.field in REPEATED for column in reader.doubtful),
        access_notes=reader.text(Field.ACCESS_NOTES),
        consent=reader.consent(),
        notes=reader.text(Field.NOTES),
        columns=reader.columns,
    )
    return None if reader.problems or not entry.numbers else entry


def responder_entry(reader: RowReader) -> ResponderEntry | None:
    """The responder of a row; None where the reader has found problems."""
    reader.refuse_unclosed()
    reader.required(Field.NAME)
    name = reader.read(Field.NAME, names.one_person)
    reader.required(Field.ROLE)
    reader.required(Field.PHONE)
    role, numbers = reader.read(Field.ROLE, cells.role), reader.read(Field.PHONE, reader.phones) or ()
    reader.say_first_only(numbers)
    language = reader.read(Field.LANGUAGE, cells.language)
    pin = reader.read(Field.PIN, cells.pin)
    areas = reader.read(Field.AREA, areas_named)
    if reader.problems or role is None or name is None or not numbers:
        return None
    return ResponderEntry(
        row=reader.row.spot,
        name=name,
        role=role,
        areas=() if areas is None and reader.text(Field.AREA) == "" else areas,
        number=numbers[0],
        language=language,
        email=reader.text(Field.EMAIL),
        chat_address=reader.text(Field.CHAT_ADDRESS),
        pin=pin,
    )


def _address(reader: RowReader) -> Address:
    return Address(
        places.building_name(reader.required(Field.BUILDING)),
        places.unit_name(reader.text(Field.UNIT) or ""),
        places.room_name(reader.required(Field.ROOM)),
    )


def _relatives(reader: RowReader) -> tuple[RelativeEntry, ...] | None:
    """The relatives of a row, each number once; None where the file has no columns for them."""
    numbers = {column.number for column in reader.layout.places if column.field in REPEATED[:2]}
    if not numbers:
        return None
    found: dict[str, RelativeEntry] = {}
    for number in sorted(numbers):
        for relative in _relatives_numbered(reader, number):
            if relative.number in found:
                again = UserError(
                    "“{value}” is written for two relatives.",
                    way_out="Keep one of them.",
                    field=Field.RELATIVE_PHONE,
                    value=reader.text(Field.RELATIVE_PHONE, number),
                )
                reader.refuse(Field.RELATIVE_PHONE, number, again)
            else:
                found[relative.number] = relative
    return tuple(found.values())


def _relatives_numbered(reader: RowReader, number: int) -> list[RelativeEntry]:
    """The relative of these columns, once for each of their numbers; nobody where a cell of theirs is wrong."""
    if not reader.text(Field.RELATIVE_NAME, number) and not reader.text(Field.RELATIVE_PHONE, number):
        return []
    name = names.tidy(reader.required(Field.RELATIVE_NAME, number))
    reader.required(Field.RELATIVE_PHONE, number)
    numbers = reader.read(Field.RELATIVE_PHONE, reader.phones, number) or ()
    wants = reader.read(Field.RELATIVE_WANTS, cells.wants, number)
    relation = reader.text(Field.RELATIVE_RELATION, number)
    return [RelativeEntry(name, phone, relation, wants) for phone in numbers] if name else []
