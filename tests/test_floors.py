"""The house keeps its floors."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_every_floor_imports_only_from_below():
    assert lint_imports() == EXIT_STATUS_SUCCESS
