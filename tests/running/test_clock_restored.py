"""That no test finds the clock of another one: neither of the test nor of the module before it."""

import subprocess
import sys
from pathlib import Path

ONE = """
from datetime import UTC, datetime

import pytest

from core import clock


@pytest.fixture(scope="module")
def house():
    clock.set_anchor(clock.Anchor(clock.real_now(), datetime(2001, 1, 1, tzinfo=UTC)))


def test_it_is_another_year(house):
    assert clock.now().year == 2001
    clock.set_anchor(clock.Anchor(clock.real_now(), datetime(2002, 1, 1, tzinfo=UTC)))


def test_it_is_that_of_the_module_again(house):
    assert clock.now().year == 2001
"""
OTHER = """
from core import clock


def test_it_is_the_real_one():
    assert abs((clock.now() - clock.real_now()).total_seconds()) < 3600
"""


def test_the_clock_of_a_test_and_of_a_module_is_over_with_it(tmp_path):
    names = [tmp_path / "test_a.py", tmp_path / "test_b.py"]
    for path, text in zip(names, (ONE, OTHER), strict=True):
        path.write_text(text)
    top = Path(__file__).parents[2]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c",
               str(top / "pyproject.toml"), "--rootdir", str(top), *map(str, names)]  # fmt: skip
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
