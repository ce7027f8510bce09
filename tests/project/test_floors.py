"""The house keeps its floors."""

import subprocess
import sys

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from zaoan.process.wiring import MODELS

ALONE = """
import importlib, sys
from sqlalchemy.orm import configure_mappers
from core.storage.database import Base
importlib.import_module(sys.argv[1])
configure_mappers()
print([each.referred_table.name for table in Base.metadata.sorted_tables for each in table.foreign_key_constraints])
"""


def test_every_floor_imports_only_from_below():
    assert lint_imports() == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("module", MODELS)
def test_tables_come_with_those_that_they_refer_to_so_that_a_command_needs_no_others(module):
    found = subprocess.run([sys.executable, "-c", ALONE, module], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
