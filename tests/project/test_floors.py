"""The house keeps its floors."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from zaoan.process.wiring import MODELS

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
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


def rooms():
    """Every package within a floor, by its dotted name."""
    return {f"{floor}.{each.parent.name}" for floor in LINTER["root_packages"]
            for each in (ROOT / floor).glob("*/__init__.py")}  # fmt: skip


def layered():
    """Whatever stands in layers, by its dotted name."""
    layers = (layer for each in LINTER["contracts"] if each["type"] == "layers" for layer in each["layers"])
    return {name.strip() for layer in layers for name in layer.split("|")}


def test_every_room_stands_in_the_layers_of_its_floor():
    """Or it may import whatever it likes of the others."""
    assert len(rooms()) > 70
    assert rooms() - layered() == set()


@pytest.mark.parametrize("module", MODELS)
def test_tables_come_with_those_that_they_refer_to_so_that_a_command_needs_no_others(module):
    found = subprocess.run([sys.executable, "-c", ALONE, module], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
