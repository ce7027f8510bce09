"""Spreadsheets: csv and xlsx files as rows of text, with the row numbers that their author sees."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from core.errors import UserError

CSV, XLSX = ".csv", ".xlsx"
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r]")


@dataclass(frozen=True)
class Row:
    """One row of text; ``number`` counts from 1 as spreadsheet programs do, empty rows included."""

    number: int
    cells: Sequence[str]


class FileError(UserError):
    """The file as a whole cannot be used; ``value`` is its name."""


def read(path: Path) -> list[Row]:
    """The rows that are not empty, with the guards against formulas taken off; raises ``FileError``."""
    if path.suffix.lower() not in {CSV, XLSX}:
        raise _wrong_type(path)
    content = _content(path)
    if content.startswith(_OLD_EXCEL):
        raise _wrong_type(path)
    cells = _xlsx_rows(path, content) if content.startswith(_ZIP) else _csv_rows(path, content)
    rows = [
        Row(number, [_unguarded(_CONTROL.sub("", text).strip()) for text in row]) for number, row in enumerate(cells, 1)
    ]
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise _file_error(path, "“{value}” is empty.", "Write a row of headers and a row for each person.")
    return filled


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Writes csv (UTF-8 with the mark that spreadsheet programs look for) or xlsx by the suffix.

    Text that a spreadsheet program would run as a formula gets a leading apostrophe. Raises ``FileError`` for other
    suffixes and where nothing can be written.
    """
    guarded = ([_guarded(text) for text in row] for row in rows)
    try:
        if path.suffix.lower() == XLSX:
            _write_xlsx(path, guarded)
        elif path.suffix.lower() == CSV:
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                csv.writer(file).writerows(guarded)
        else:
            raise _wrong_type(path)
    except OSError as error:
        raise _file_error(path, "“{value}” cannot be written.", "Choose a folder in which you may write.") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _file_error(path, "There is no file “{value}”.", "Check its name and folder.") from error
    except OSError as error:
        raise _unreadable(path) from error


def _csv_rows(path: Path, content: bytes) -> list[list[str]]:
    text = _decoded(path, content)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unreadable(path) from error


def _decoded(path: Path, content: bytes) -> str:
    """UTF-8, or what Chinese spreadsheet programs write; a file with a UTF-16 mark is what it says it is."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(path)


def _xlsx_rows(path: Path, content: bytes) -> list[list[str]]:
    import openpyxl  # few commands read a workbook, and it takes longer to load than all else they need
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # some programs write wrong ones, which would hide cells
        return [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise _unreadable(path) from error


def _text(value: object) -> str:
    """A cell as its author sees it: whole numbers without a point, times and dates in the usual order."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_xlsx(path: Path, rows: Iterator[list[str]]) -> None:
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(content.getvalue())


def _guarded(text: str) -> str:
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def _wrong_type(path: Path) -> FileError:
    return _file_error(path, "“{value}” is not a csv or xlsx file.", "Save it as csv or xlsx and try again.")


def _unreadable(path: Path) -> FileError:
    return _file_error(path, "“{value}” cannot be read.", "Open it in your spreadsheet program and save it as xlsx.")


def _file_error(path: Path, message: str, way_out: str) -> FileError:
    return FileError(message, way_out=way_out, field="file", value=path.name)
