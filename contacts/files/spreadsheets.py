"""Spreadsheets: files of several kinds as sheets of text, with the places that their author sees."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from contacts.files import bounds, delimited, workbooks
from contacts.files.bounds import Counter
from contacts.files.sheets import FileError as FileError  # part of what callers see
from contacts.files.sheets import Row as Row
from contacts.files.sheets import Sheet as Sheet
from contacts.files.sheets import file_error, unreadable

CSV, XLSX = ".csv", ".xlsx"
_READABLE = {CSV, XLSX, ".txt", ".tsv", ".xlsm", ".xls", ".et", ".ods"}
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
_TURNED = re.compile(
    r"'*(?:\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|0\d+|\d{12,}|\d+e\d+|\d{1,2}月\d{1,2}日?|\d{4}年\d{1,2}月(?:\d{1,2}日?)?"
    r"|\d{1,2}[- ][a-z]{3,9}(?:[- ]\d+)?|[a-z]{3,9}[- ]\d{1,4})",
    re.IGNORECASE,
)
"""What programs make a date or another number of when they open csv; in a workbook it is marked as text."""
_TURNED_AND_GUARDED = re.compile(f"'{_TURNED.pattern}", re.IGNORECASE)
_TEXT = "@"
_MOST_SHARED = 20_000
"""Texts that may be written again and again: buildings, flags, words for consent."""
_LINE_BREAK = "_x000D_"
"""What programs write into other files that do not decode it in Open XML; python-calamine 0.9.1 does, and then it is
what people see."""
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
"""How programs keep a leading zero in csv: ``="0301"`` is the text 0301."""


def read(path: Path) -> list[Sheet]:
    """The sheets with those rows that are not empty, without guards against formulas; raises ``FileError``."""
    if path.suffix.lower() not in _READABLE:
        raise _wrong_type(path)
    content = _content(path)
    reading = workbooks.sheets if content.startswith((workbooks.ZIP, workbooks.OLE)) else delimited.sheets
    escaped = "" if workbooks.is_open_xml(content) else _LINE_BREAK
    counter = Counter(path)
    found = [replace(sheet, rows=_tidy(sheet.rows, escaped, counter)) for sheet in reading(path, content)]
    if not any(sheet.rows for sheet in found):
        raise file_error(path, "“{value}” is empty.", "Write a row of headers and a row for each person.")
    return found


def _tidy(rows: Iterable[Row], escaped: str, counter: Counter) -> list[Row]:
    same: dict[str, str] = {}

    def once(text: str) -> str:
        """What is written again and again is held once."""
        return same.setdefault(text, text) if len(same) < _MOST_SHARED else same.get(text, text)

    tidied = (
        replace(row, cells=[once(_plain(_opened(row, at), escaped)) for at in range(len(row.cells))]) for row in rows
    )
    found = []
    for row in tidied:
        if any(row.cells) or row.uncalculated:
            counter.add(row.spot.number, row.cells)
            found.append(row)
    return found


def _opened(row: Row, place: int) -> str:
    return row.cells[place].removeprefix('"') if place in row.unclosed else row.cells[place]


def _plain(text: str, escaped: str) -> str:
    """Without control characters and padding, and without what programs wrap around text; ``escaped`` is a line break
    that a program has left escaped."""
    lines = (text.replace(escaped, "\r") if escaped else text).replace("\r\n", "\n").replace("\r", "\n")
    clean = _CONTROL.sub("", lines).strip()
    wrapped = _AS_TEXT.fullmatch(clean)
    return wrapped[1].replace('""', '"').strip() if wrapped else _unguarded(clean)


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Writes csv (UTF-8 with the mark that spreadsheet programs look for) or xlsx by the suffix.

    Text that a spreadsheet program would run as a formula gets a leading apostrophe, and in csv what it would turn into
    a date or another number does as well. Raises ``FileError`` for other suffixes and where nothing can be written.
    """
    try:
        if path.suffix.lower() == XLSX:
            _write_xlsx(path, ([_guarded(text) for text in row] for row in rows))
        elif path.suffix.lower() == CSV:
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                csv.writer(file).writerows([_kept(_guarded(text)) for text in row] for row in rows)
        else:
            raise _wrong_type(path)
    except OSError as error:
        raise file_error(path, "“{value}” cannot be written.", "Choose a folder in which you may write.") from error


def _content(path: Path) -> bytes:
    try:
        bounds.refuse_large(path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise file_error(path, "There is no file “{value}”.", "Check its name and folder.") from error
    except OSError as error:
        raise unreadable(path) from error


def _write_xlsx(path: Path, rows: Iterator[list[str]]) -> None:
    import openpyxl  # few commands write a workbook, and it takes longer to load than all else they need
    from openpyxl.cell import WriteOnlyCell

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.number_format = _TEXT
        sheet.append(cells)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(content.getvalue())


def _guarded(text: str) -> str:
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def _kept(text: str) -> str:
    return f"'{text}" if _TURNED.fullmatch(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) or _TURNED_AND_GUARDED.fullmatch(text) else text


def _wrong_type(path: Path) -> FileError:
    return file_error(path, "“{value}” is not a spreadsheet.", "Save it as xlsx or csv and try again.")
