"""Use cases are the only way in: neither a list nor a command writes a row of people on its own."""

import ast
from pathlib import Path

import pytest

import contacts.importing
import zaoan.cli

PLACES = [Path(each.__file__).parent for each in (contacts.importing, zaoan.cli)]
FILES = sorted(path for place in PLACES for path in place.rglob("*.py"))
WRITING = {"add", "add_all", "delete", "merge"}
STATEMENTS = {"insert", "update", "delete"}


def written(path):
    """Where a file writes a row, by session or by statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            yield from (each.name for each in node.names if each.name in STATEMENTS)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            whose = ast.unparse(node.func.value)
            if whose.split(".")[-1] == "session":
                yield ast.unparse(node.func)


def test_the_files_are_found():
    assert {"enrolling.py", "enlisting.py", "newcomers.py", "resident_add.py", "responder_changes.py"} <= {
        path.name for path in FILES
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_row_is_written_there(path):
    assert list(written(path)) == []
