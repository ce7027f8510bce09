"""What a command costs before it does anything: processor time and memory of a process of its own, beside Python's."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

from benchmarks import peak_memory
from benchmarks.figures import Figure, at_most
from benchmarks.peak_memory import Spent

COMMANDS = ("version", "--help", "campaign --help", "community show", "campaign list", "resident list", "round list",
            "case list")  # fmt: skip
TRIES = 3
MOST_SECONDS, OTHERS_SECONDS = {"version": 0.35, "--help": 0.35}, 0.6
MOST_MB = {"version": 50, "--help": 50}


def figures() -> Sequence[Figure]:
    """The least of a few tries for each command, on an installation of its own."""
    with TemporaryDirectory(prefix="zaoan-bench-") as directory:
        nothing = _least(Path(directory), "-c", "pass")
        _spent(Path(directory), "-m", "zaoan", "migrate")
        return [figure for command in COMMANDS for figure in _figures(Path(directory), command, nothing)]


def _figures(directory: Path, command: str, nothing: Spent) -> Sequence[Figure]:
    spent = _least(directory, "-m", "zaoan", *command.split())
    seconds, megabytes = f"`python -c pass`: {nothing.seconds:.3f} s", f"`python -c pass`: {nothing.megabytes:.0f} MB"
    most = MOST_MB.get(command)
    return [
        Figure(f"zaoan {command}", spent.seconds, "s of processor time", seconds, spent.seconds / nothing.seconds,
               at_most(MOST_SECONDS.get(command, OTHERS_SECONDS))),
        Figure(f"zaoan {command}, memory", spent.megabytes, "MB", megabytes, spent.megabytes / nothing.megabytes,
               at_most(most) if most else None),
    ]  # fmt: skip


def _least(directory: Path, *words: str) -> Spent:
    tries = [_spent(directory, *words) for _ in range(TRIES)]
    return Spent(0, min(each.seconds for each in tries), min(each.megabytes for each in tries))


def _spent(directory: Path, *words: str) -> Spent:
    """What one process has cost; raises ``CalledProcessError`` when it fails."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZAOAN_")}
    ours = {"ZAOAN_DATABASE_URL": f"sqlite:///{directory / 'zaoan.db'}", "ZAOAN_DATA_DIR": str(directory)}
    spent = peak_memory.of_command([sys.executable, *words], inherited | ours)
    if spent.code:
        raise CalledProcessError(spent.code, words)
    return spent
