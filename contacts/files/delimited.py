"""Delimited text (csv): rows of text, whatever program of an office has written them."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from contacts.files import bounds
from contacts.files.sheets import FileError, Row, Sheet, Spot, file_error, unreadable

_PAGE = re.compile(r"\s*<(?:!doctype|html|head|meta|table|style|\?xml)", re.IGNORECASE)
_LEVEL_ONE = {"gb18030": range(0xB0, 0xD8), "cp950": range(0xA4, 0xC7)}
"""The first bytes of the characters in daily use, by encoding."""
_COMMON = 0.7
_FIRST_LINES = 5
"""A title may stand above the first row that has delimiters."""


def sheets(path: Path, content: bytes) -> list[Sheet]:
    """The one sheet of a text file; raises ``FileError``."""
    text = _decoded(path, content)
    if _PAGE.match(text):
        raise file_error(
            path, "“{value}” is a web page under the name of a spreadsheet.",
            "Open it in your spreadsheet program and save it as xlsx.",
        )  # fmt: skip
    lines = list(io.StringIO(text, newline=""))
    first = "".join(lines[:_FIRST_LINES])
    try:
        return [Sheet("", list(_counted(path, _rows(lines, max(",;\t", key=first.count)))))]
    except csv.Error as error:
        longest = max(range(len(lines)), key=lambda at: len(lines[at]))
        too_long = len(lines[longest]) > bounds.LONGEST_CELL
        raise bounds.too_long(path, longest + 1) if too_long else unreadable(path) from error


def _counted(path: Path, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, of which there are not too many cells, empty ones too."""
    cells = 0
    for row in rows:
        cells += len(row.cells)
        bounds.refuse_cells(path, cells)
        yield row


def _rows(lines: list[str], delimiter: str) -> Iterator[Row]:
    """A quotation mark that nobody closes ends with its line, or it would swallow the people below."""
    widest, at, number = 0, 0, 0
    while at < len(lines):
        number += 1
        cells, taken = _record(lines, at, delimiter)
        unclosed: frozenset[int] = frozenset()
        if not taken or (taken > 1 and _swallows(cells, lines[at : at + taken], delimiter, widest)):
            cells, taken = _literal(lines[at], delimiter), 1
            unclosed = frozenset(place for place, text in enumerate(cells) if text.count('"') % 2)
        widest = max(widest, len(cells))
        yield Row(Spot(0, number), cells, unclosed=unclosed)
        at += taken


def _record(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """The record that begins at a line, and how many lines it takes: 0 where a quotation mark is never closed."""
    if '"' not in lines[at]:
        return next(csv.reader([lines[at]], delimiter=delimiter), []), 1
    reader = csv.reader((lines[number] for number in range(at, len(lines))), delimiter=delimiter)
    try:
        cells = next(reader, [])
    except csv.Error:  # longer than any cell may be
        return [], 0
    taken = reader.line_num
    open_at_end = at + taken == len(lines) and _complaint(lines[at:], delimiter).startswith("unexpected end")
    return cells, 0 if open_at_end else taken


def _swallows(cells: list[str], lines: list[str], delimiter: str, widest: int) -> bool:
    """Whether a cell of several lines has taken in what look like rows of their own, up to a later quotation mark."""
    inside = (line for text in cells for line in text.splitlines()[1:])
    return bool(_complaint(lines, delimiter)) or any(line.count(delimiter) >= max(2, widest - 1) for line in inside)


def _complaint(lines: list[str], delimiter: str) -> str:
    """What a strict reader says of quotation marks; empty where they are in order."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _literal(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])


def _decoded(path: Path, content: bytes) -> str:
    """UTF-8, or what Chinese programs write; a file with a UTF-16 mark is what it says it is."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    if marked:
        raise unreadable(path)
    return _chinese(path, content)


def _chinese(path: Path, content: bytes) -> str:
    """GB18030 or Big5, by which of the two makes characters in daily use of the bytes; each reads the other's
    without an error, as names that nobody bears. Raises ``FileError`` where neither does."""
    shares = {encoding: _share(content, encoding) for encoding in _LEVEL_ONE}
    best = max(shares, key=lambda encoding: shares[encoding])
    if shares[best] < _COMMON:
        raise _unknown_encoding(path)
    return content.decode(best)


def _share(content: bytes, encoding: str) -> float:
    """Of the characters that are not ASCII, how many are in daily use or punctuation; -1 where it cannot be read."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return -1
    if re.search("[\ue000-\uf8ff\U000f0000-\U0010ffff]", text):
        return 0
    han = [each for each in text if "\u3400" <= each <= "\u9fff" or each >= "\U00020000"]
    return sum(each.encode(encoding)[0] in _LEVEL_ONE[encoding] and len(each.encode(encoding)) == 2 for each in han) / (
        len(han) or 1
    )


def _unknown_encoding(path: Path) -> FileError:
    return file_error(
        path, "It is not clear in which encoding “{value}” was saved.",
        "Save it as xlsx, or as “CSV UTF-8”, and try again.",
    )  # fmt: skip
