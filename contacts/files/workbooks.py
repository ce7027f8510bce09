"""Workbooks: xlsx, xls and ods files as sheets of text, each cell as its author sees it."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.parsers.expat import ExpatError

from contacts.files import bounds, workbook_ods, workbook_parts, workbook_xls
from contacts.files.sheets import FileError, Row, Sheet, Spot, file_error, unreadable
from contacts.files.workbook_parts import Details

_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ExpatError, LookupError, ValueError,
    ArithmeticError, StopIteration, RuntimeError, struct.error,
)  # fmt: skip
"""What reading a broken workbook runs into; RuntimeError: parts that are encrypted, or packed in a way nobody knows."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S")
"""How ods files store times; python-calamine 0.9.1 leaves those of more than a day as they are."""
_LONGEST = 1000
"""Days; whatever is longer is no number of hours."""
_Cell = str | float | bool | time | date | datetime | timedelta
_TURNED = (date, time, timedelta)
"""What programs make of text that looks like a date or a time."""


def sheets(path: Path, content: bytes) -> list[Sheet]:
    """All sheets, hidden ones too, in the workbook's order; raises ``FileError``."""
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        if _is_encrypted(content):
            raise _encrypted(path)
        if content.startswith(ZIP):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                bounds.refuse_packed(path, archive)
        known = _details(path, content)
        book = load_workbook(io.BytesIO(content))
        found = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        read = []
        for position, each in enumerate(found):
            sheet = book.get_sheet_by_name(each.name)
            named = each.name if len(found) > 1 else ""
            merged = sheet.merged_cell_ranges or known.get(each.name, Details()).merged
            cells = _filled(sheet.iter_rows(), (sheet.start or (0, 0))[1], merged)
            rows = _rows(cells, position, named, known.get(each.name, Details()))
            read.append(Sheet(each.name, list(rows), each.visible != SheetVisibleEnum.Visible))
        return read
    except PasswordError as error:
        raise _encrypted(path) from error
    except _BROKEN as error:
        raise unreadable(path) from error
    except CalamineError as error:
        raise unreadable(path) from error


def is_open_xml(content: bytes) -> bool:
    """Whether it is an xlsx file, strict or not."""
    return "[Content_Types].xml" in _names(content)


def _details(path: Path, content: bytes) -> dict[str, Details]:
    if "content.xml" in _names(content):
        known = workbook_ods.details(content)
    elif is_open_xml(content):
        known = workbook_parts.details(content)
    else:
        known = workbook_xls.details(content) if content.startswith(OLE) else {}
    for name, each in known.items():
        # python-calamine holds the rectangle between the first and the last cell in memory
        if (each.last[0] + 1) * (each.last[1] + 1) > bounds.MOST_CELLS:
            raise FileError(
                "On the sheet “{sheet}” something is written far outside the list, in row {row}.",
                way_out="Delete the empty rows and columns around the list, and what stands there.",
                field="file", value=path.name, sheet=name, row=each.last[0] + 1,
            )  # fmt: skip
    return known


def _filled(
    rows: Iterator[Sequence[_Cell]], offset: int, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[tuple[list[_Cell], set[int]]]:
    """The rows from the sheet's first on, in which what a merged cell says stands in its whole range; and the places
    that are to the right of where it was written."""
    waiting = sorted(merged)
    open_: list[tuple[int, int, int, _Cell]] = []  # last row, first and last column, value
    for number, cells in enumerate(rows):
        row: list[_Cell] = [""] * offset + list(cells)
        open_ = [each for each in open_ if each[0] >= number]
        while waiting and waiting[0][0][0] <= number:
            (_, left), (bottom, right) = waiting.pop(0)
            if left < len(row):
                open_.append((bottom, left, right, row[left]))
        if len(open_) > len(row):
            raise ValueError("merged cells that overlap")
        for _, left, right, value in open_:
            row[left : right + 1] = [value] * (min(right, len(row) - 1) - left + 1)
        yield row, {place for _, left, right, _ in open_ for place in range(left + 1, min(right, len(row) - 1) + 1)}


def _rows(cells: Iterator[tuple[list[_Cell], set[int]]], position: int, sheet: str, known: Details) -> Iterator[Row]:
    told: dict[int, dict[int, str]] = {}
    for (row, column), shown in (known.errors | known.literals).items():
        told.setdefault(row, {})[column] = shown
    waiting: dict[int, set[int]] = {}
    for row, column in known.uncalculated:
        waiting.setdefault(row, set()).add(column)
    for number, (values, spread) in enumerate(cells):
        for place, shown in told.get(number, {}).items():
            values[place : place + 1] = [shown]
        if any(value != "" for value in values) or number in waiting:
            yield Row(
                Spot(position, number + 1, sheet),
                [_text(value) for value in values],
                frozenset(place for place, value in enumerate(values) if isinstance(value, _TURNED)),
                frozenset(waiting.get(number, ())),
                spread=frozenset(spread),
                hidden=number in known.hidden,
            )


def _text(value: _Cell) -> str:
    """Whole numbers without a point, dates and times in the usual order, times to the minute."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        within = timedelta() <= value < timedelta(days=1)
        return _text((datetime.combine(date(2000, 1, 1), time()) + value).time()) if within else str(value)
    if isinstance(value, time):
        return _minute(datetime.combine(date(2000, 1, 1), value)).strftime("%H:%M")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else _minute(value).isoformat(" ", "minutes")
    if isinstance(value, str) and (duration := _DURATION.fullmatch(value)):
        return _time_shown(timedelta(hours=int(duration[1]), minutes=int(duration[2]), seconds=float(duration[3])))
    return value.isoformat() if isinstance(value, date) else str(value)


def _time_shown(since: timedelta) -> str:
    """A day of our years with a time, of which an ods file shows only the time, is stored as hours since 1899."""
    return _text(since % timedelta(days=1) if since.days > _LONGEST else since)


def _minute(value: datetime) -> datetime:
    """To the nearest minute: a spreadsheet's fraction of a day is often a blink beside it."""
    return (value + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _names(content: bytes) -> Sequence[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except _BROKEN:
        return []


def _is_encrypted(content: bytes) -> bool:
    """Office programs wrap an encrypted workbook into a stream of that name; OpenDocument says so in its manifest."""
    if content.startswith(OLE):
        return "EncryptedPackage".encode("utf-16-le") in content
    if "META-INF/manifest.xml" not in _names(content):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"encryption-data" in archive.read("META-INF/manifest.xml")


def _encrypted(path: Path) -> FileError:
    return file_error(
        path, "“{value}” is protected by a password.", "Save it without the password and try again; keep the copy safe."
    )
