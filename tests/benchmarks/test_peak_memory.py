"""What a process has held is told of it alone, whatever the one holds that has started it."""

import subprocess
import sys

from benchmarks import peak_memory

HOLDS_MB = 200
LITTLE_MB = 100
SMALL = "from benchmarks import peak_memory; print(peak_memory.of_this_process())"


def test_a_large_parent_does_not_count():
    held = bytearray(b"x" * (HOLDS_MB << 20))
    small = subprocess.run([sys.executable, "-c", SMALL], stdout=subprocess.PIPE, check=True).stdout
    command = peak_memory.of_command([sys.executable, "-c", "raise SystemExit(3)"], {})
    assert peak_memory.of_this_process() > len(held) >> 20
    assert float(small) < LITTLE_MB
    assert (command.code, command.megabytes < LITTLE_MB) == (3, True)


def test_what_a_command_holds_and_works_counts():
    work = f"held = bytearray(b'x' * ({HOLDS_MB} << 20)); print(sum(range(10 ** 6)))"
    spent = peak_memory.of_command([sys.executable, "-c", work], {})
    assert spent.code == 0
    assert spent.megabytes > HOLDS_MB
    assert spent.seconds > 0
