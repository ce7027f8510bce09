"""The most memory that a process has held, and that of no other.

On Linux ``ru_maxrss`` of a program is at least what the program held that has started it, and not only its own.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FROM_A_SMALL_PROCESS = """
import json, os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)])
_, status, used = os.wait4(process, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Spent:
    """What a command has cost: its exit code, its seconds of processor time, and the most megabytes it held."""

    code: int
    seconds: float
    megabytes: float


def of_this_process() -> float:
    """Megabytes, since its program began."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def of_command(words: Sequence[str], environment: Mapping[str, str]) -> Spent:
    """Runs a program, whose output is dropped, from a process that holds next to nothing."""
    launch = [sys.executable, "-ISc", _FROM_A_SMALL_PROCESS, *words]
    told = subprocess.run(launch, env=environment, stdout=subprocess.PIPE, check=True).stdout
    return Spent(*json.loads(told))
