"""Parts of xls files: what python-calamine does not tell, hidden rows and errors, which xlrd does, and formulas without
a result, which neither does: LibreOffice 7.4 writes 0 for texts such as ``="0301"`` it has never shown, xlwt for all.
What a formula says that is nothing but a text is that text.

xlrd 2.0.2 alone would do for xls, but python-calamine reads every kind by one set of rules.
"""

import io
import struct
from collections.abc import Iterator, Sequence

from contacts.files.workbook_parts import Details

_BEGIN, _SHEET, _CALCULATED, _FORMULA, _SHARED = 0x0809, 0x0085, 0x01C1, 0x0006, 0x04BC
"""Records of BIFF8 by [MS-XLS]: BOF, BoundSheet8, RecalcId (written by whoever calculates), Formula, ShrFmla."""
_OF_SEVERAL, _LITERAL, _JOINED = 0x01, b"\x17", b"\x08"
"""Tokens of formulas: PtgExp, PtgStr, PtgConcat."""
_Place = tuple[int, int]
_Tokens = dict[tuple[int, int, int], bytes]


def details(content: bytes) -> dict[str, Details]:
    """By the name of the sheet; raises ``ValueError`` for what xlrd cannot read."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        uncalculated, literals = _uncalculated(content)
    except Exception as error:  # xlrd 2.0.2 raises whatever its parsing of a broken file runs into
        raise ValueError(str(error)) from error
    return {
        sheet.name: Details(
            hidden={row for row, shown in sheet.rowinfo_map.items() if shown.hidden},
            errors={
                (row, column): xlrd.error_text_from_code.get(cell.value, "#VALUE!")
                for row in range(sheet.nrows)
                for column, cell in enumerate(sheet.row(row))
                if cell.ctype == xlrd.XL_CELL_ERROR
            },
            uncalculated=uncalculated.get(number, set()),
            literals=literals.get(number, {}),
            last=(max(sheet.nrows - 1, 0), max(sheet.ncols - 1, 0)),
        )
        for number, sheet in enumerate(book.sheets())
    }


def _uncalculated(content: bytes) -> tuple[dict[int, set[_Place]], dict[int, dict[_Place, str]]]:
    """By the number of the sheet, formulas whose result is a 0 that nobody has calculated, and what those say that are
    nothing but a text."""
    from xlrd.compdoc import CompDoc

    memory, start, size = CompDoc(content, logfile=io.StringIO()).locate_named_stream("Workbook")
    if memory is None:
        return {}, {}
    records = list(_records(bytes(memory[start : start + size])))
    calculated = any(kind == _CALCULATED for _, kind, _ in records)
    zeros, shared = _formulas(records)
    found: dict[int, set[_Place]] = {}
    literals: dict[int, dict[_Place, str]] = {}
    for (sheet, *place), tokens in zeros.items():
        own = shared.get((sheet, *struct.unpack_from("<HH", tokens, 1)), b"") if tokens[0] == _OF_SEVERAL else tokens
        if (text := _literal(own)) is not None:
            literals.setdefault(sheet, {})[place[0], place[1]] = text
        elif not calculated or _is_text(own):
            found.setdefault(sheet, set()).add((place[0], place[1]))
    return found, literals


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record begins, its kind, and what it holds."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _formulas(records: Sequence[tuple[int, int, bytes]]) -> tuple[_Tokens, _Tokens]:
    """The tokens of formulas whose stored result is 0, and of those that several cells share; by sheet, row, column."""
    bound = [struct.unpack_from("<IBB", record) for _, kind, record in records if kind == _SHEET]
    sheets = {at: number for number, (at, *_) in enumerate(each for each in bound if each[2] == 0)}
    zeros: _Tokens = {}
    shared: _Tokens = {}
    sheet = -1
    for at, kind, record in records:
        if kind == _BEGIN:
            sheet = sheets.get(at, -1)
        elif kind == _FORMULA and record[6:14] == bytes(8):
            row, column = struct.unpack_from("<HH", record)
            zeros[sheet, row, column] = _counted(record, 20)
        elif kind == _SHARED:
            row, _, column = struct.unpack_from("<HHB", record)
            shared[sheet, row, column] = _counted(record, 8)
    return zeros, shared


def _counted(record: bytes, at: int) -> bytes:
    """The tokens behind their number of bytes."""
    return record[at + 2 : at + 2 + struct.unpack_from("<H", record, at)[0]]


def _is_text(tokens: bytes) -> bool:
    """Whether the result of a formula is surely a text: two joined."""
    return tokens[-1:] == _JOINED


def _literal(tokens: bytes) -> str | None:
    """The text of a formula that is nothing else, ``="0301"``; None for any other."""
    if tokens[:1] != _LITERAL or len(tokens) < 3:
        return None
    is_wide = bool(tokens[2] & 1)
    text = tokens[3:]
    if len(text) != tokens[1] * (2 if is_wide else 1):
        return None
    return text.decode("utf-16-le" if is_wide else "latin-1")
