"""What lists cost: processor time and memory of a process of its own, and whether a resident costs more among many.

``python -m benchmarks.scale.lists SIZE`` imports so many residents into an installation of its own, exports them, and
prints the processor seconds of each; what a start costs is not among them.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import peak_memory
from benchmarks.figures import Bound, Figure, at_most

SIZES = (10_000, 100_000)
KINDS = ("csv", "xlsx")
MOST_SECONDS, MOST_MEGABYTES = 15, 250
"""What 10,000 rows may cost."""
HEADERS = (
    "姓名",
    "称呼",
    "电话",
    "备用电话",
    "楼栋",
    "单元",
    "房号",
    "出生年",
    "标记",
    "家属姓名",
    "家属电话",
    "关系",
    "同意",
)
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴", "桂兰秀英玉珍德福长海"


IMPORTED, EXPORTED = (1_000, 10_000), (500, 5_000)
"""Among how few and how many residents one is imported, and exported."""
MOST_GROWTH = 1.10
TRIES = 5
"""Of one size after the other, again and again; the least of each counts, for a busy machine only adds."""


def figures() -> Sequence[Figure]:
    """One for each size and kind of file, and what one resident costs among many."""
    costs = [figure for size in SIZES for kind in KINDS for figure in _figures(size, kind)]
    return [*costs, *_growth()]


def _growth() -> Sequence[Figure]:
    measured: dict[int, list[tuple[float, float]]] = {size: [] for size in (*IMPORTED, *EXPORTED)}
    for _ in range(TRIES):
        for size, known in measured.items():
            known.append(_each(size))
    least = {size: [min(each) * 1e6 / size for each in zip(*known, strict=True)] for size, known in measured.items()}
    return [
        Figure(f"a resident {done} among {many:,}", least[many][at], "µs of processor time",
               f"{least[few][at]:.0f} µs among {few:,}", least[many][at] / least[few][at],
               at_most(MOST_GROWTH, of_ratio=True))
        for at, (done, (few, many)) in enumerate((("imported", IMPORTED), ("exported", EXPORTED)))
    ]  # fmt: skip


def _each(size: int) -> tuple[float, float]:
    """Processor seconds of importing and of exporting so many, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.scale.lists", str(size)]
    done = subprocess.run(words, env=_unset(), capture_output=True, text=True, check=True)
    imported, exported = map(float, done.stdout.split())
    return imported, exported


def _measure(size: int) -> None:
    from contacts.importing.exporting import export_residents
    from contacts.importing.importing import Kind, run_import
    from core import settings
    from core.settings import Settings
    from zaoan.process import wiring

    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        chosen = Settings(database_url=f"sqlite:///{folder}/zaoan.db", data_dir=Path(folder), area_code="0311")
        settings.use(chosen)
        opened = wiring.open_house(chosen)
        few, many = Path(folder, "few.csv"), Path(folder, "many.csv")
        _write(few, 20)
        run_import(Kind.RESIDENTS, few, consent=None, dry_run=True)  # whatever is loaded or composed once
        export_residents(Path(folder, "few-out.csv"))
        _write(many, size)
        began = time.process_time()
        run_import(Kind.RESIDENTS, many, consent=None, dry_run=False)
        imported = time.process_time()
        export_residents(Path(folder, "out.csv"))
        print(imported - began, time.process_time() - imported)
        opened.close()


def rows(size: int) -> Iterator[Sequence[str]]:
    """A list of so many residents, half of whom have a relative."""
    yield HEADERS
    for index in range(size):
        surname, last = _SURNAMES[index % 10], _NAMES[index // 10 % 10] + _NAMES[index // 100 % 10]
        relative = (f"小{last[0]}", f"139{index:08d}", "女儿") if index % 2 else ("", "", "")
        flags = "独居、高龄" if index % 2 else "空巢"
        yield (surname + last, f"{surname}奶奶", f"0311-8{index:07d}", f"138{index:08d}" if index % 3 == 0 else "",
               f"{index // 600 + 1}号楼", f"{index // 100 % 6 + 1}单元", f"{index // 10 % 10 + 1}{index % 10 + 1:02d}",
               str(1930 + index % 30), flags, *relative, "2026-11-01 书面同意")  # fmt: skip


def _figures(size: int, kind: str) -> Sequence[Figure]:
    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        path = Path(folder, f"list.{kind}")
        _write(path, size)
        seconds, megabytes = _cost(Path(folder), path)
    per = seconds / size * 10_000
    name, bounded = f"{kind} of {size:,} rows imported", size == SIZES[0]
    most: tuple[Bound | None, Bound | None] = (
        (at_most(MOST_SECONDS), at_most(MOST_MEGABYTES)) if bounded else (None, None)
    )
    return [
        Figure(name, seconds, "s of processor time", f"{per:.1f} s for each 10,000 rows", bound=most[0]),
        Figure(f"{name}, memory", megabytes, "MB", bound=most[1]),
    ]


def _write(path: Path, size: int) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows(rows(size))
        return
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows(size):
        sheet.append(row)
    book.save(path)


def _cost(folder: Path, path: Path) -> tuple[float, float]:
    """Processor seconds and the most megabytes held; raises ``ChildProcessError`` when the import fails."""
    ours = {"ZAOAN_DATABASE_URL": f"sqlite:///{folder / 'zaoan.db'}", "ZAOAN_DATA_DIR": str(folder),
            "ZAOAN_AREA_CODE": "0311"}  # fmt: skip
    spent = peak_memory.of_command([sys.executable, "-m", "zaoan", "import", str(path)], _unset() | ours)
    if spent.code not in {0, 1}:
        raise ChildProcessError(f"the import ended with {spent.code}")
    return spent.seconds, spent.megabytes


def _unset() -> dict[str, str]:
    """The environment without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ZAOAN_")}


if __name__ == "__main__":
    _measure(int(sys.argv[1]))
