"""Lists: which sheets of a file are read, and what is left out because a program hides it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from contacts.columns.columns import (
    HEADER_WITHIN,
    Column,
    Field,
    Kind,
    Layout,
    column_of,
    has_headers,
    layout,
    plain_header,
)
from contacts.files import spreadsheets
from contacts.files.sheets import FileError, Row, Sheet
from contacts.importing.import_report import SkippedSheet
from contacts.rows import names
from contacts.rows.non_person_rows import NonPersonRow, non_person_rows
from contacts.rows.row_problems import RowProblem
from core.errors import UserError

Cells = Mapping[tuple[int, int, int], str]
"""What somebody has written in place of a cell: by the position of its sheet, the number of its row, and its place."""
KnownColumns = Mapping[str, str | None]
"""What columns tell that nobody would know: by their headers (``plain_header``); None: nothing that is kept."""
WHAT_IS_WRONG = ("哪里不对", "what is wrong")
"""The column of our own in the rows that were left out: it is for whoever mends them."""


@dataclass(frozen=True)
class List:
    """A sheet that is read: its layout, and the rows below the headers; ``above`` are the headers and what stands above
    them."""

    name: str
    layout: Layout
    above: Sequence[Row]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Lists:
    """What is read of a file, and what is not. ``unread_names`` may stand in what is not; ``non_people`` are rows that
    are no people; ``known`` the headers of columns that were read as somebody has said, with what they tell."""

    read: Sequence[List]
    skipped: Sequence[SkippedSheet]
    hidden_sheets: Sequence[str]
    hidden_rows: int
    non_people: Sequence[NonPersonRow]
    unread_names: frozenset[str]
    problems: Sequence[RowProblem]
    known: Sequence[tuple[str, str | None]] = ()


def lists(
    kind: Kind,
    path: Path,
    *,
    with_hidden: bool = False,
    cells: Cells = MappingProxyType({}),
    columns: KnownColumns = MappingProxyType({}),
) -> Lists:
    """Reads a file, ``cells`` and ``columns`` as they say; raises ``UserError`` where it has no list."""
    as_written = [_mended(sheet, cells) for sheet in spreadsheets.read(path) if sheet.rows]
    known: dict[str, str | None] = {}
    file = [_headed(kind, sheet, columns, known) for sheet in as_written]
    seen = [sheet for sheet in file if with_hidden or not sheet.hidden]
    if not seen:
        raise FileError(
            "All sheets of “{value}” are hidden.", way_out="Show the one that is meant, or add --with-hidden.",
            field="file", value=path.name,
        )  # fmt: skip
    read, skipped, problems = [], [], []
    for sheet in seen:
        try:
            read.append(_list(kind, sheet))
        except UserError as error:
            if len(seen) == 1:
                raise
            skipped.append(SkippedSheet(sheet.name, error))
            if has_headers(kind, sheet.rows):
                problems.append(RowProblem(sheet.rows[0].spot, sheet.name, sheet.name, error, of_headers=True))
    if not read:
        raise next((each.error for each in problems), skipped[0].reason)
    hidden = [] if with_hidden else [(each, row) for each in read for row in each.rows if row.hidden]
    unread = [sheet for sheet in file if sheet.name not in {each.name for each in read}]
    shown = read if with_hidden else [replace(each, rows=_shown(each.rows)) for each in read]
    none = [row for each in shown for row in non_person_rows(each.layout, each.above, each.rows)]
    left_out = {each.row for each in none}
    unread_rows = [row for each in shown for row in each.rows if row.spot in left_out]
    return Lists(
        [replace(each, rows=[row for row in each.rows if row.spot not in left_out]) for each in shown],
        skipped,
        [sheet.name for sheet in file if sheet not in seen],
        len(hidden),
        none,
        frozenset(_name(each, row) for each, row in hidden)
        | _texts(row for sheet in unread for row in sheet.rows)
        | _texts(unread_rows),
        [*problems, *(problem for each in read for problem in _header_problems(each))],
        list(known.items()),
    )


def named(found: Sequence[List]) -> frozenset[str]:
    """Every name in these lists, also in rows that have a mistake."""
    return frozenset(name for each in found for row in each.rows if (name := _name(each, row)))


def _list(kind: Kind, sheet: Sheet) -> List:
    found = layout(kind, sheet.rows)
    below = [row for row in sheet.rows if row.spot > found.header]
    return List(sheet.name, found, [row for row in sheet.rows if row.spot <= found.header], below)


def _texts(rows: Iterable[Row]) -> frozenset[str]:
    """Everything that is written there, in which somebody's name may be."""
    return frozenset(names.tidy(text) for row in rows for text in row.cells)


def _shown(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.hidden]


def _name(found: List, row: Row) -> str:
    return names.tidy(found.layout.text(row, Column(Field.NAME)) or "")


def _header_problems(found: List) -> list[RowProblem]:
    spot = found.layout.header
    places = {text: at for row in found.above if row.spot == spot for at, text in enumerate(row.cells)}
    return [
        RowProblem(spot, str(error.value), str(error.value), error, row_kept=True, of_headers=True,
                   place=places.get(str(error.value)))
        for error in found.layout.unknown
    ]  # fmt: skip


def _headed(kind: Kind, sheet: Sheet, columns: KnownColumns, known: dict[str, str | None]) -> Sheet:
    """The sheet with headers that are read, in place of those that somebody has said to tell the same."""
    ours = dict.fromkeys(map(plain_header, WHAT_IS_WRONG))
    wanted = {**columns, **ours}

    there = {column for row in sheet.rows[:HEADER_WITHIN] for text in row.cells if (column := column_of(kind, text))}

    def read(text: str) -> str:
        plain = plain_header(text)
        if not plain or plain not in wanted or column_of(kind, text) is not None:
            return text
        field = wanted[plain] or ""
        if (column := column_of(kind, field)) in there and column is not None:
            return text  # the list tells it elsewhere, and this one is asked about
        if column is not None:
            there.add(column)
        if plain not in ours:
            known[text] = field or None
        return field

    top = [replace(row, cells=[read(text) for text in row.cells]) for row in sheet.rows[:HEADER_WITHIN]]
    return replace(sheet, rows=[*top, *sheet.rows[HEADER_WITHIN:]])


def _mended(sheet: Sheet, cells: Cells) -> Sheet:
    """The sheet with what somebody has written in place of its cells."""
    theirs: dict[tuple[int, int], dict[int, str]] = {}
    for (position, number, place), text in cells.items():
        theirs.setdefault((position, number), {})[place] = text
    if not theirs:
        return sheet
    return replace(
        sheet, rows=[_rewritten(row, theirs.get((row.spot.position, row.spot.number))) for row in sheet.rows]
    )


def _rewritten(row: Row, told: Mapping[int, str] | None) -> Row:
    """Nothing is doubtful any more in a cell that a person has written."""
    if not told:
        return row
    width = max(len(row.cells), 1 + max(told))
    cells = [told.get(at, row.cells[at] if at < len(row.cells) else "") for at in range(width)]
    return replace(row, cells=cells, dates=row.dates - told.keys(), uncalculated=row.uncalculated - told.keys(),
                   unclosed=row.unclosed - told.keys(), spread=row.spread - told.keys())  # fmt: skip
