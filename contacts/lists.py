"""Lists: which sheets of a file are read, and what is left out because a program hides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contacts import names, spreadsheets
from contacts.columns import Column, Field, Kind, Layout, has_headers, layout
from contacts.import_report import SkippedSheet
from contacts.row_problems import RowProblem
from contacts.sheets import FileError, Row, Sheet
from core.errors import UserError


@dataclass(frozen=True)
class List:
    """A sheet that is read: its layout, and the rows below the headers."""

    name: str
    layout: Layout
    rows: Sequence[Row]


@dataclass(frozen=True)
class Lists:
    """What is read of a file, and what is not. ``unread_names`` may stand in what is not."""

    read: Sequence[List]
    skipped: Sequence[SkippedSheet]
    hidden_sheets: Sequence[str]
    hidden_rows: int
    unread_names: frozenset[str]
    problems: Sequence[RowProblem]


def lists(kind: Kind, path: Path, *, with_hidden: bool = False) -> Lists:
    """Reads a file; raises ``UserError`` where it has no list."""
    file = [sheet for sheet in spreadsheets.read(path) if sheet.rows]
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
    return Lists(
        read if with_hidden else [List(each.name, each.layout, _shown(each.rows)) for each in read],
        skipped,
        [sheet.name for sheet in file if sheet not in seen],
        len(hidden),
        frozenset(_name(each, row) for each, row in hidden) | _texts(unread),
        [*problems, *(problem for each in read for problem in _header_problems(each.layout))],
    )


def named(found: Sequence[List]) -> frozenset[str]:
    """Every name in these lists, also in rows that have a mistake."""
    return frozenset(name for each in found for row in each.rows if (name := _name(each, row)))


def _list(kind: Kind, sheet: Sheet) -> List:
    found = layout(kind, sheet.rows)
    return List(sheet.name, found, [row for row in sheet.rows if row.spot > found.header])


def _texts(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Everything that is written there, in which somebody's name may be."""
    return frozenset(names.tidy(text) for sheet in sheets for row in sheet.rows for text in row.cells)


def _shown(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.hidden]


def _name(found: List, row: Row) -> str:
    return names.tidy(found.layout.text(row, Column(Field.NAME)) or "")


def _header_problems(found: Layout) -> list[RowProblem]:
    return [
        RowProblem(found.header, str(error.value), str(error.value), error, row_kept=True, of_headers=True)
        for error in found.unknown
    ]
