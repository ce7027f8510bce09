"""Sheets: what a spreadsheet file holds once it is read, as rows of text with the places that their author sees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import UserError
from core.i18n import InWords

ERROR = re.compile(r"#[A-Z][A-Z/0-9_]*[!?]?|Err:\d{3}|#{3,}")
"""What spreadsheet programs show where a formula has failed: ``#N/A``, ``#DIV/0!``, ``Err:508``, ``####``."""


@dataclass(frozen=True, order=True, slots=True)
class Spot:
    """Where a row stands. ``number`` counts from 1 as spreadsheet programs do; ``sheet`` is named where there are
    several. Ordered as the file is."""

    position: int
    number: int
    sheet: str = ""

    @property
    def words(self) -> InWords:
        """For people: ``第5行``, ``工作表“3号楼”第5行``; in English what follows “row”: ``5 of the sheet “3号楼”``."""
        if not self.sheet:
            return InWords(f"第{self.number}行", str(self.number))
        return InWords(f"工作表“{self.sheet}”第{self.number}行", f"{self.number} of the sheet “{self.sheet}”")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text, and what is doubtful in it by place: cells that hold a date or a time, formulas that nobody has
    calculated, and quotation marks that are never closed. ``spread`` are cells that say what a merged cell to their
    left does. ``hidden`` is how its program shows (or does not show) it."""

    spot: Spot
    cells: Sequence[str]
    dates: frozenset[int] = frozenset()
    uncalculated: frozenset[int] = frozenset()
    unclosed: frozenset[int] = frozenset()
    spread: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file with the rows that are not empty."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False


class FileError(UserError):
    """The file as a whole cannot be used; ``value`` is its name."""


def file_error(path: Path, message: str, way_out: str) -> FileError:
    """``message`` and ``way_out`` are catalogue keys."""
    return FileError(message, way_out=way_out, field="file", value=path.name)


def unreadable(path: Path) -> FileError:
    """A file whose content is broken or of a kind that nobody knows."""
    return file_error(path, "“{value}” cannot be read.", "Open it in your spreadsheet program and save it as xlsx.")
