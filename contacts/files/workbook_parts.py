"""Parts of xlsx files: what python-calamine does not tell, read from their XML in a stream of constant memory.

python-calamine 0.9.1 gives an empty text for an error (``#N/A``) and for a formula without a stored value, and does
not say which rows are hidden. Element names are compared without their namespace, which differs in strict files.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_EMPTY_CELL = re.compile(rb'<(?:\w+:)?c r="[A-Z]+\d+"(?: s="\d+")? ?/>')
_PIECE = 1 << 20
_TRUE = {"1", "true", "on"}
_Place = tuple[int, int]


@dataclass
class Details:
    """Of one sheet, rows and columns counted from 0: hidden rows, cells with an error and its text, formulas
    without a result, those that are nothing but a text (of xls alone), the largest row and column in which something is
    written, and merged cells (of ods alone)."""

    hidden: set[int] = field(default_factory=set)
    errors: dict[_Place, str] = field(default_factory=dict)
    uncalculated: set[_Place] = field(default_factory=set)
    literals: dict[_Place, str] = field(default_factory=dict)
    last: _Place = (0, 0)
    merged: list[tuple[_Place, _Place]] = field(default_factory=list)


def details(content: bytes) -> dict[str, Details]:
    """By the name of the sheet; raises ``BadZipFile``, ``LookupError`` or ``ExpatError`` for broken files."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paths, stale = _sheets(archive)
        return {name: _Scan(archive, path, stale).found for name, path in paths.items()}


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Where the sheets are stored, and whether nobody has calculated the workbook since a program wrote it."""
    start = _elements(archive, "_rels/.rels", "Relationship")
    book = next(each["Target"] for each in start if each["Type"].endswith("/officeDocument")).lstrip("/")
    folder, name = posixpath.split(book)
    related = _elements(archive, f"{folder}/_rels/{name}.rels".lstrip("/"), "Relationship")
    targets = {each["Id"]: posixpath.normpath(posixpath.join("/", folder, each["Target"]))[1:] for each in related}
    sheets = {each["name"]: targets[_id(each)] for each in _elements(archive, book, "sheet")}
    stale = any(each.get("fullCalcOnLoad") in _TRUE for each in _elements(archive, book, "calcPr"))
    return sheets, stale


def _id(attributes: dict[str, str]) -> str:
    return next(value for name, value in attributes.items() if name.rpartition(":")[2] == "id")


def _elements(archive: zipfile.ZipFile, path: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(path) as part:
        parser.ParseFile(part)
    return found


class _Scan:
    """Reads one sheet. ``stale``: a program has written every formula with the value 0, as XlsxWriter does."""

    def __init__(self, archive: zipfile.ZipFile, path: str, stale: bool) -> None:
        self.found = Details()
        self._stale = stale
        self._row, self._column = -1, -1
        self._kind, self._formula, self._inside, self._holds = "", False, False, False
        self._text: list[str] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with archive.open(path) as part:
            for piece in _without_empty_cells(part):
                parser.Parse(piece)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if plain == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if attributes.get("hidden") in _TRUE:
                self.found.hidden.add(self._row)
        elif plain == "c":
            self._cell(attributes)
        elif plain == "f":
            self._formula = True
        elif plain in {"v", "is"}:
            self._inside = True

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = _column(reference[1]) if reference else self._column + 1
        if reference:
            self._row = int(reference[2]) - 1
        self._kind, self._formula = attributes.get("t", "n"), False
        self._holds = False
        self._text.clear()

    def _characters(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def _end(self, name: str) -> None:
        plain = name.rpartition(":")[2]
        if plain in {"v", "is"}:
            self._inside = False
            self._holds = True
        elif plain == "c":
            self._finish("".join(self._text))

    def _finish(self, text: str) -> None:
        place = self._row, self._column
        if text or self._holds:
            row, column = self.found.last
            self.found.last = max(row, self._row), max(column, self._column)
        if self._kind == "e":
            self.found.errors[place] = text or "#VALUE!"
        elif self._formula and ((not text and self._kind != "str") or (text == "0" and self._stale)):
            self.found.uncalculated.add(place)


def _without_empty_cells(part: IO[bytes]) -> Iterator[bytes]:
    """The XML in pieces, without the cells that have nothing but a format: of those there may be millions."""
    rest = b""
    while piece := part.read(_PIECE):
        whole, end, rest = (rest + piece).rpartition(b">")
        yield _EMPTY_CELL.sub(b"", whole + end)
    yield rest


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
