"""Row reader: the cells of one row of a spreadsheet, and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from contacts import phones
from contacts.columns import relations
from contacts.columns.columns import Column, Field, Layout
from contacts.columns.consent_words import Answer, ConsentCell, answer
from contacts.files.sheets import Row
from contacts.models import Community
from contacts.rows import doubts
from contacts.rows.phone_remarks import RemarkedNumber, RemarkError, SomebodysNumberError, remarked
from contacts.rows.row_problems import RowProblem
from core.errors import UserError
from core.i18n import Language

Value = TypeVar("Value")


@dataclass
class RowReader:
    """Reads the cells of one row and gathers what is wrong with them in ``problems``.

    ``questions`` are about cells that a person must look at, although the rest of the row can be imported.
    ``ours`` are our own numbers (E.164), which are nobody else's. ``above`` are the rows before it in which something
    was last written, by column.
    """

    layout: Layout
    row: Row
    community: Community
    ours: frozenset[str] = frozenset()
    above: Mapping[Column, Row] = field(default_factory=dict)
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
        """The person's own numbers in a cell, of which there may be several; raises ``PhoneError``, also for those that
        are somebody else's by the word beside them."""
        try:
            return (self.phone(text),)
        except phones.PhoneError:
            if parts := remarked(text):
                return tuple(dict.fromkeys(self.phone(_own(each, text)) for each in parts))
            numbers = phones.separate(text)
            if len(numbers) < 2:
                raise
            return tuple(dict.fromkeys(map(self.phone, numbers)))

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

    def say_left_out(self, numbers: Sequence[str]) -> None:
        """Says of these numbers of a responder (E.164) that they are more than are kept."""
        if numbers:
            error = UserError("A responder has two telephones here; {numbers} was left out.",
                              way_out="Write the two best ones, the best one first.", field=Field.PHONE,
                              value=self.layout.text(self.row, Column(Field.PHONE)),
                              numbers=[phones.formatted(each, self.community.region) for each in numbers])  # fmt: skip
            self.questions.append(replace(self._problem(Field.PHONE, 1, error, row_kept=True), cell_read=True))

    def refuse(self, name: Field, number: int, error: UserError) -> None:
        """Notes, once, that a cell is wrong: without a needed one there is no row, any other costs only itself."""
        column = Column(name, number)
        if column in self.doubtful:
            return
        self.doubtful.add(column)
        kept = name not in doubts.NEEDED
        (self.questions if kept else self.problems).append(self._problem(name, number, error, row_kept=kept))

    def refuse_empty(self, name: Field) -> None:
        """Notes that nothing is written where something must be; and what the row above says, which perhaps was meant
        for this one too: nobody is sent to a door because of a guess."""
        column = Column(name)
        if column in self.above:
            above = self.above[column]
            error = UserError(
                "Nothing is written here; above it, in row {row}, stands “{above}”.",
                way_out="If that holds here too, write it into every row, or merge the cells.",
                field=name, value="", row=above.spot.words, above=self.layout.text(above, column),
            )  # fmt: skip
            self.refuse(name, 1, error)
        else:
            self.required(name)

    def ask(self, name: Field, error: UserError) -> None:
        """Notes what somebody should look at in a cell, although the row was taken without it."""
        self.questions.append(self._problem(name, 1, error, row_kept=True))

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
        header = self.layout.headers.get(column) or column.title(Language.ENGLISH)
        return RowProblem(self.row.spot, header, text, error, row_kept, place=self.layout.places.get(column))


def _own(each: RemarkedNumber, text: str) -> str:
    """The number of a person; raises ``PhoneError`` where it is not surely theirs."""
    if not each.remark or relations.is_own(each.remark):
        return each.number
    raise SomebodysNumberError(text) if relations.relation(each.remark) else RemarkError(text)
