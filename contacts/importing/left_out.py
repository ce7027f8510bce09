"""Rows left out: what an import did not take, as it stands in the file, to be mended by itself and sent again."""

from collections import Counter
from collections.abc import Iterable, Sequence

from contacts.files.sheets import Spot
from contacts.importing.import_report import LeftOut
from contacts.importing.lists import List
from contacts.rows.row_problems import RowProblem

_Header = tuple[str, int]
"""The text of a header, and how often it stood before it in the same row."""


def left_out(read: Sequence[List], problems: Iterable[RowProblem]) -> LeftOut:
    """Every row of which at least a cell was left out, without columns that have no header."""
    wrong = {each.row for each in problems if not each.of_headers}
    found: list[tuple[Spot, dict[_Header, str]]] = []
    headers: dict[_Header, None] = {}
    for each in read:
        places = _headers(each)
        rows = [row for row in each.rows if row.spot in wrong]
        if rows:
            headers |= dict.fromkeys(places)
        found += [(row.spot, {header: row.cells[at] for header, at in places.items() if at < len(row.cells)})
                  for row in rows]  # fmt: skip
    return LeftOut([text for text, _ in headers],
                   [(spot, [cells.get(header, "") for header in headers]) for spot, cells in found])  # fmt: skip


def _headers(of: List) -> dict[_Header, int]:
    cells = next((row.cells for row in of.above if row.spot == of.layout.header), ())
    seen: Counter[str] = Counter()
    places: dict[_Header, int] = {}
    for at, text in enumerate(cells):
        if text:
            places[text, seen[text]] = at
            seen[text] += 1
    return places
