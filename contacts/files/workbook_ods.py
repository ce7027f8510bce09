"""Parts of ods files: what python-calamine does not tell, read from their XML in a stream.

python-calamine 0.9.1 knows neither merged cells nor errors nor hidden rows of OpenDocument.
"""

import io
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from contacts.files import bounds
from contacts.files.workbook_parts import Details

_ROWS_OF_A_SHEET = 1 << 20
"""No program shows more."""


def details(content: bytes) -> dict[str, Details]:
    """By the name of the sheet; raises ``BadZipFile``, ``LookupError`` or ``ExpatError`` for broken files."""
    scan = _Scan()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as part:
        scan.parser.ParseFile(part)
    return scan.found


class _Scan:
    def __init__(self) -> None:
        self.found: dict[str, Details] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._sheet = Details()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._inside = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._sheet = self.found.setdefault(attributes["table:name"], Details())
            self._row = 0
        elif name == "table:table-row":
            self._rows, self._column = _times(attributes, "table:number-rows-repeated"), 0
            if attributes.get("table:visibility") in {"collapse", "filter"}:
                self._sheet.hidden.update(range(self._row, min(self._row + self._rows, _ROWS_OF_A_SHEET)))
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = _times(attributes, "table:number-columns-repeated")
            self._cell = attributes
            self._text.clear()
        elif name == "text:p":
            self._inside += 1

    def _characters(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._rows
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._finish("".join(self._text).strip())
            self._column += self._columns
        elif name == "text:p":
            self._inside -= 1

    def _finish(self, text: str) -> None:
        place, sheet = (self._row, self._column), self._sheet
        kind = self._cell.get("calcext:value-type") or self._cell.get("office:value-type")
        high, wide = _times(self._cell, "table:number-rows-spanned"), _times(self._cell, "table:number-columns-spanned")
        if high > 1 or wide > 1:
            sheet.merged.append((place, (self._row + high - 1, self._column + wide - 1)))
        if kind:
            row, column = sheet.last
            sheet.last = max(row, self._row + self._rows - 1), max(column, self._column + self._columns - 1)
        for each in self._places():
            if kind == "error":
                sheet.errors[each] = text or "#VALUE!"
            elif "table:formula" in self._cell and not kind:
                sheet.uncalculated.add(each)

    def _places(self) -> Iterator[tuple[int, int]]:
        """Where the cell stands, again and again where it is repeated; what is refused anyway is not looked at."""
        if self._rows * self._columns <= bounds.MOST_COLUMNS:
            for row in range(self._row, self._row + self._rows):
                for column in range(self._column, self._column + self._columns):
                    yield row, column


def _times(attributes: dict[str, str], name: str) -> int:
    return int(attributes.get(name, "1"))
