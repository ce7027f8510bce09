"""Bounds: how much a spreadsheet may hold, so that none fills the memory or never ends.

A list of 100,000 residents is far below each of them; what is beyond is a mistake of a program, or no list.
"""

import copy
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contacts.files.sheets import FileError

MOST_MEGABYTES = 100
"""Of a file as it is stored."""
MOST_UNPACKED_MEGABYTES = 1000
"""Of a workbook once it is unpacked: a million formatted empty rows have some 250."""
MOST_TEXT_MEGABYTES = 200
"""Of the texts that the sheets of a workbook share, which are held in memory."""
MOST_ROWS = 500_000
MOST_COLUMNS = 1000
MOST_CELLS = 20_000_000
LONGEST_CELL = 32_767
"""Characters: no spreadsheet program writes more into a cell."""
_MEGABYTE, _PIECE, _ENDLESS = 1_000_000, 1 << 20, 1 << 62
_SHARED = ("sharedStrings.xml", "styles.xml", "workbook.xml")
_DIVIDE = "Divide it into several files, and delete what is not part of the list."


@dataclass
class Counter:
    """Counts rows and cells of a file while they are read; ``row`` is where a person looks for the number."""

    path: Path
    rows: int = 0
    cells: int = 0

    def add(self, number: int, cells: Sequence[str]) -> None:
        """One row more; raises ``FileError``."""
        width = 1 + max((at for at, text in enumerate(cells) if text), default=0)
        self.rows += 1
        self.cells += width
        if self.rows > MOST_ROWS:
            raise _beyond(self.path, "“{value}” has more than {most} rows.", MOST_ROWS)
        refuse_cells(self.path, self.cells)
        if width > MOST_COLUMNS:
            raise FileError(
                "In row {row} of “{value}” something is written beyond column {most}.",
                way_out="Delete the empty columns beside the list, and what stands there.",
                field="file", value=self.path.name, row=number, most=MOST_COLUMNS,
            )  # fmt: skip
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise too_long(self.path, number)


def too_long(path: Path, number: int) -> FileError:
    """What is said of a row in which a cell is longer than any program writes it."""
    return FileError(
        "Row {row} of “{value}” has a cell of more than {most} characters.",
        way_out="Shorten it; perhaps a quotation mark is missing there.",
        field="file", value=path.name, row=number, most=LONGEST_CELL,
    )  # fmt: skip


def refuse_cells(path: Path, cells: int) -> None:
    """Raises ``FileError`` for so many cells."""
    if cells > MOST_CELLS:
        raise _beyond(path, "“{value}” has more than {most} cells.", MOST_CELLS)


def refuse_large(path: Path) -> None:
    """Raises ``FileError`` for a file of too many bytes, before any of them is read; ``OSError`` as ``stat`` does."""
    if path.stat().st_size > MOST_MEGABYTES * _MEGABYTE:
        raise _beyond(path, "“{value}” has more than {most} MB.", MOST_MEGABYTES)


def refuse_packed(path: Path, archive: zipfile.ZipFile) -> None:
    """Raises ``FileError`` for a workbook that is small only as long as it is packed; what it says of its own sizes is
    not believed. Raises ``BadZipFile`` for broken ones."""
    total = 0
    for part in archive.infolist():
        shared = part.filename.endswith(_SHARED)
        size = 0
        for piece in _unpacked(archive, part):
            size, total = size + piece, total + piece
            if total > MOST_UNPACKED_MEGABYTES * _MEGABYTE:
                raise _beyond(path, "“{value}” has more than {most} MB once it is unpacked.", MOST_UNPACKED_MEGABYTES)
            if shared and size > MOST_TEXT_MEGABYTES * _MEGABYTE:
                raise _beyond(path, "“{value}” has more than {most} MB of text.", MOST_TEXT_MEGABYTES)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    """The sizes of its pieces, whatever it says of itself."""
    whole = copy.copy(part)
    whole.file_size = _ENDLESS
    with archive.open(whole) as packed:
        while piece := packed.read(_PIECE):
            yield len(piece)


def _beyond(path: Path, problem: str, most: int) -> FileError:
    return FileError(problem, way_out=_DIVIDE, field="file", value=path.name, most=most)
