"""Row problems: why a cell of a spreadsheet, and perhaps its row, was not imported."""

from dataclasses import dataclass

from contacts.columns.columns import title_in
from contacts.files.sheets import Spot
from core.errors import UserError
from core.i18n import Language, translate


@dataclass(frozen=True)
class RowProblem:
    """Why a cell, and with it its row, was not imported; the row's other cells were where ``row_kept``.

    ``column`` is its English header, or the unknown one as it was written. ``cell_read``: it was taken as it
    stands. ``of_headers``: it concerns nobody alone.
    ``place`` counts the cells of its row from 0; None where the file has no such cell.
    """

    row: Spot
    column: str
    value: str
    error: UserError
    row_kept: bool = False
    cell_read: bool = False
    of_headers: bool = False
    place: int | None = None

    def describe(self, language: Language) -> str:
        """Where it is, what is wrong, and how to mend it."""
        column = title_in(self.column, language)
        reason = self.error.describe(language)
        if not self.row_kept or self.cell_read or self.of_headers:
            return translate(
                language, "Row {row}, {column}: {reason}", row=self.row.words, column=column, reason=reason
            )
        return translate(
            language,
            "Row {row}, {column}: {reason} Only this cell was left out.",
            row=self.row.words,
            column=column,
            reason=reason,
        )
