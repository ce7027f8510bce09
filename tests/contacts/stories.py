"""What the stories of contacts have in common."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import event, func, select

from contacts.importing.importing import ImportReport, Kind, run_import
from core.storage.database import Base, Database, reading

WANG = {"姓名": "王桂兰", "电话": "0311-86000101", "楼栋": "3号楼", "单元": "2单元", "房号": "301", "同意": "书面同意"}
LI = {"姓名": "李长海", "电话": "0311-86000102", "楼栋": "1号楼", "单元": "1单元", "房号": "101", "同意": "书面同意"}


def save(path: Path, rows: Sequence[Mapping[str, object]], encoding: str = "utf-8") -> Path:
    """Writes a spreadsheet; the headers are those of all rows together."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    cells = [headers, *([row.get(header, "") for header in headers] for row in rows)]
    if path.suffix == ".xlsx":
        workbook = Workbook()
        for each in cells:
            workbook.active.append(each)
        workbook.save(path)
    else:
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file).writerows(cells)
    return path


def import_rows(
    folder: Path,
    rows: Sequence[Mapping[str, object]],
    kind: Kind = Kind.RESIDENTS,
    consent: str | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Imports rows by way of a csv file."""
    return run_import(kind, save(folder / "rows.csv", rows), consent=consent, dry_run=dry_run)


@contextmanager
def statements_of(db: Database) -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def count(table: type[Base]) -> int:
    """How many rows a table has."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))
