"""The order in which a run of all tests is shared out."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import order

ROOT = Path(__file__).parents[2]
LADDERS, ROUNDS, LISTS = "tests/escalation/test_ladder.py", "tests/campaigns/test_rounds.py", "tests/api/test_lists.py"


@dataclass(frozen=True)
class Item:
    nodeid: str


def arranged(*nodeids):
    items = [Item(each) for each in nodeids]
    order.arrange(items)
    return [each.nodeid for each in items]


@pytest.mark.parametrize("named", [*order.STORIES, *order.A_FILE_EACH, *order.ON_POSTGRESQL, *order.SERVED])
def test_what_is_named_is_there(named):
    path = ROOT / named.partition("::")[0]
    assert named == order.POSTGRESQL or path.is_dir() or path.with_suffix(".py").is_file()


def test_nobody_is_lost_and_the_longest_stories_are_begun_first():
    long = [f"{each}.py::test_it" for each in order.STORIES if each != order.POSTGRESQL]
    short = [f"tests/core/test_{number:03}.py::test_it" for number in range(200)]
    found = arranged(*sorted([*long, *short]))
    assert sorted(found) == sorted([*long, *short])
    assert [each for each in found if each in long] == long
    assert found[-1] in short
    assert arranged(*short) == short


def test_what_needs_postgresql_goes_to_one_process_for_each_server():
    of_ladders, of_rounds, of_lists = (
        order._group(f"{each}::test_it[postgresql]") for each in (LADDERS, ROUNDS, LISTS)
    )
    assert len({of_ladders, of_rounds, of_lists}) == 3
    assert order._group("tests/escalation/cases/test_cases.py::test_it[postgresql-1]") == of_ladders
    assert order._group("tests/core/running/test_ticks.py::test_it[postgresql]") == of_lists
    assert order._group(f"{LADDERS}::test_it[sqlite]") is None
