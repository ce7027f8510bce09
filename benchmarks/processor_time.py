"""Processor time of processes that run, as Linux keeps it in ``/proc``, in hundredths of a second."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")
_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Process:
    """One process: whose child it is, and the seconds it has spent, with those of its children that have ended."""

    parent: int
    seconds: float


def of_children(of: Callable[[list[str]], bool]) -> tuple[float, float]:
    """Seconds of this process's children and theirs: of those whose command line ``of`` means, and of all others.

    What has ended counts for the process that has waited for it, and not at all where that was this one.
    """
    running = _running()
    below = _below(os.getpid(), running)
    meant = {each for each in below if of(_command_line(each))}
    seconds = {each: running[each].seconds for each in below}
    return sum(seconds[each] for each in meant), sum(seconds[each] for each in below - meant)


def _running() -> Mapping[int, _Process]:
    found = {int(each.name): _process(each) for each in _PROCESSES.iterdir() if each.name.isdigit()}
    return {number: process for number, process in found.items() if process is not None}


def _process(folder: Path) -> _Process | None:
    """None for one that has ended meanwhile; the fields are those of proc_pid_stat(5), after the program's name."""
    try:
        fields = (folder / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return _Process(int(fields[1]), sum(map(int, fields[11:15])) / _PER_SECOND)


def _below(root: int, running: Mapping[int, _Process]) -> set[int]:
    children = {number for number, process in running.items() if process.parent == root}
    return children.union(*(_below(child, running) for child in children))


def _command_line(number: int) -> list[str]:
    try:
        return (_PROCESSES / str(number) / "cmdline").read_text("utf-8", errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []
