"""Who lives in the stories is written down by ``tests/people.py``, and by nobody else."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PEOPLE = {"Community", "Household", "Relative", "Resident", "Responder"}
BY_HAND = {
    "people.py": "this is who writes them down",
    "core": "tests of tables as such: a row, and no story",
    "zaoan/cli/prompts/test_every_dialogue.py": "a responder who is never stored",
}


def put_together(written):
    """The people that a module puts together out of their tables, each as ``line name``."""
    tree = ast.parse(written)
    tables = {each.asname or each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
              and node.module == "contacts.models" for each in node.names if each.name in PEOPLE}  # fmt: skip
    return [f"{node.lineno} {node.func.id}" for node in ast.walk(tree) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name) and node.func.id in tables]  # fmt: skip


def test_nobody_puts_people_together_by_hand():
    found = [f"{path.relative_to(TESTS)}:{each}" for path in sorted(TESTS.rglob("*.py"))
             if not any(path.is_relative_to(TESTS / place) for place in BY_HAND)
             for each in put_together(path.read_text("utf-8"))]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("place", BY_HAND)
def test_whoever_may_does(place):
    files = [TESTS / place, *(TESTS / place).rglob("*.py")]
    assert any(put_together(each.read_text("utf-8")) for each in files if each.is_file())
