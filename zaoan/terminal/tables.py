"""Tables on a screen of any width: what does not fit goes on in the next line, and nothing is cut off."""

from collections.abc import Iterable, Sequence

from core.short_ids import DIGITS
from zaoan.terminal.common import console, say, word

Row = Sequence[str]


def show_table(columns: Sequence[str], rows: Iterable[Row], empty: str, emphasised: Sequence[Row] = ()) -> None:
    """Rows under headings (catalogue keys), those ``emphasised`` in red; the sentence ``empty`` where there is none.

    A first column of short ids is never broken, so that an id can be copied.
    """
    known = [tuple(row) for row in rows]
    if not known:
        say(empty)
        return
    from rich.table import Table  # only where there is something to show
    from rich.text import Text

    table = Table()
    for index, key in enumerate(columns):
        is_id = index == 0 and all(len(row[0]) == DIGITS and row[0].isalnum() for row in known)
        table.add_column(word(key), overflow="fold", min_width=DIGITS if is_id else None)
    loud = {tuple(row) for row in emphasised}
    for row in known:
        table.add_row(*map(Text, row), style="bold red" if row in loud else "")
    console().print(table)
