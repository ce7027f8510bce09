"""What a command costs before it does anything: processor time of a process of its own, beside Python's own start."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, at_most

COMMANDS = ("version", "--help", "campaign --help", "community show", "campaign list", "resident list", "round list",
            "case list")  # fmt: skip
TRIES = 3
MOST_SECONDS, OTHERS_SECONDS = {"version": 0.35, "--help": 0.35}, 0.6


def figures() -> Sequence[Figure]:
    """The least of a few tries for each command, on an installation of its own."""
    with TemporaryDirectory(prefix="zaoan-bench-") as directory:
        nothing = min(_seconds(Path(directory), "-c", "pass") for _ in range(TRIES))
        _seconds(Path(directory), "-m", "zaoan", "migrate")
        return [_figure(Path(directory), command, nothing) for command in COMMANDS]


def _figure(directory: Path, command: str, nothing: float) -> Figure:
    spent = min(_seconds(directory, "-m", "zaoan", *command.split()) for _ in range(TRIES))
    beside, bound = f"`python -c pass`: {nothing:.3f} s", at_most(MOST_SECONDS.get(command, OTHERS_SECONDS))
    return Figure(f"zaoan {command}", spent, "s of processor time", beside, spent / nothing, bound)


def _seconds(directory: Path, *words: str) -> float:
    """User and system time of one process; raises ``CalledProcessError`` when it fails."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZAOAN_")}
    ours = {"ZAOAN_DATABASE_URL": f"sqlite:///{directory / 'zaoan.db'}", "ZAOAN_DATA_DIR": str(directory)}
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], env=inherited | ours, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
