"""What an import has done, told so that an office sees what it has to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contacts.columns.columns import Kind
from contacts.files.sheets import Spot
from contacts.models import Removal
from contacts.queries.names import SpokenWords
from contacts.queries.numbers import NumberInHomes, SharedNumber
from contacts.rows.non_person_rows import NonPersonRow
from contacts.rows.row_problems import RowProblem
from core.changes import Changed
from core.errors import UserError
from core.i18n import InWords


@dataclass(frozen=True)
class StillOut:
    """A row that says yes for somebody who wants no calls (since ``on``, community time): not opted in again.

    ``own`` says that only a person can undo it; otherwise a yes in the row's own cell does, for a list refused for
    them. ``how`` is a catalogue key or the words of the list.
    """

    row: Spot
    name: str
    on: date
    how: str
    own: bool


@dataclass(frozen=True)
class ByStatement:
    """A row whose consent was recorded by what was said for the whole file."""

    row: Spot
    name: str


@dataclass(frozen=True)
class NewWord:
    """A flag of the community's own that nobody carried before; ``like`` are known ones that are written like it."""

    word: str
    row: Spot
    like: Sequence[InWords]


@dataclass(frozen=True)
class Left:
    """A row of somebody who has been removed (``on``, community time); it was left out."""

    row: Spot
    name: str
    on: date
    because: Removal


@dataclass(frozen=True)
class LeftResponder:
    """A row of a responder who has been removed (``on``, community time); it was left out."""

    row: Spot
    name: str
    on: date


@dataclass(frozen=True)
class Missing:
    """Somebody who is enrolled, and whom the file does not name."""

    resident_id: UUID
    name: str
    place: InWords


@dataclass(frozen=True)
class EmptyArea:
    """A row of somebody who is responsible for an area in which there is no home; ``likely`` are buildings in which
    there are some and whose number is the same."""

    row: Spot
    name: str
    area: InWords
    likely: tuple[InWords, ...] = ()


@dataclass(frozen=True)
class WithoutUnit:
    """A row of somebody whose home was taken to have no unit, although the building has some."""

    row: Spot
    name: str
    building: InWords


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet that was not read, and why."""

    name: str
    reason: UserError


@dataclass(frozen=True)
class PersonChange:
    """What a row does to one person: somebody new (``added``), or what was otherwise of somebody known."""

    row: Spot
    name: str
    place: InWords
    added: bool
    changes: Sequence[Changed] = ()


@dataclass(frozen=True)
class LeftOut:
    """The rows with a problem, each with its cells under ``headers``: of several sheets these are those of all."""

    headers: Sequence[str] = ()
    rows: Sequence[tuple[Spot, Sequence[str]]] = ()


NOTHING_LEFT_OUT = LeftOut()


@dataclass(frozen=True)
class ImportReport:
    """What an import has done, or in a dry run would have done.

    Rows with ``problems`` were left out, except for those of which only a cell was (``RowProblem.row_kept``).
    ``uncalled`` are enrolled but never called, because nobody has consented; ``withdrawn`` had agreed until this file;
    ``kept`` have agreed, and the file says nothing of it; ``by_statement`` have agreed from now on because of what was
    said for the whole file. Of those whom the file does not name, ``missing`` are still
    looked after, ``removed`` are not. ``shared`` and ``in_homes`` hold for the whole community, not
    only for this file. Of several sheets ``sheets`` were read and ``skipped`` were not; ``hidden_sheets`` and
    ``hidden_rows`` were left out because their program hides them, ``non_people`` because they are no people.
    ``spoken`` is how the residents of the file are called aloud. ``people`` are those who are new or changed.
    ``known_columns`` were read as somebody has said before, ``left_out`` are the rows with problems as they stand.
    """

    kind: Kind
    added: int
    changed: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    dry_run: bool
    uncalled: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    by_statement: tuple[ByStatement, ...] = ()
    still_out: tuple[StillOut, ...] = ()
    left: tuple[Left, ...] = ()
    left_responders: tuple[LeftResponder, ...] = ()
    missing: tuple[Missing, ...] = ()
    removed: tuple[Missing, ...] = ()
    new_words: tuple[NewWord, ...] = ()
    shared: tuple[SharedNumber, ...] = ()
    in_homes: tuple[NumberInHomes, ...] = ()
    spoken: tuple[SpokenWords, ...] = ()
    sheets: tuple[str, ...] = ()
    skipped: tuple[SkippedSheet, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    hidden_rows: int = 0
    non_people: tuple[NonPersonRow, ...] = ()
    without_unit: tuple[WithoutUnit, ...] = ()
    empty_areas: tuple[EmptyArea, ...] = ()
    people: tuple[PersonChange, ...] = ()
    known_columns: tuple[tuple[str, str | None], ...] = ()
    left_out: LeftOut = NOTHING_LEFT_OUT

    @property
    def people_with_mistakes(self) -> int:
        """In how many rows of people there is at least one mistake."""
        return len({problem.row for problem in self.problems if not problem.of_headers})
