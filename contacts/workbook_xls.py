"""Parts of xls files: what python-calamine does not tell, hidden rows and errors, which xlrd does.

xlrd 2.0.2 alone would do for xls, but python-calamine reads every kind by one set of rules.
"""

import io

from contacts.workbook_parts import Details


def details(content: bytes) -> dict[str, Details]:
    """By the name of the sheet; raises ``ValueError`` for what xlrd cannot read."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
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
            last=(max(sheet.nrows - 1, 0), max(sheet.ncols - 1, 0)),
        )
        for sheet in book.sheets()
    }
