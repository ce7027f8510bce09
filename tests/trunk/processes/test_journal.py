"""What is on the disk outlives the trunk, whole or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.patience import PATIENCE_SECONDS
from trunk.calls.journal import Journal
from trunk.calls.records import Asked, Order
from trunk.calls.registry import KEEP, Registry
from trunk.folder_lock import FolderInUseError, held_alone
from trunk.sip.dialogs import Dialog
from trunk.sip.outcomes import Outcome

ORDER = Order("+8613800000001", "+8631186009001", "13800000001", 30, "u/1", "u/2", "u/3")
DIALOG = Dialog("id", "<sip:a@b>;tag=1", "<sip:c@d>;tag=2", "sip:c@d", "127.0.0.1:5060", "udp", 7, is_answered=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trunk" / "calls.jsonl"


def opened(path, now=None):
    return Registry(Journal(path), now or (lambda: datetime.now(UTC)))


def test_everything_is_known_again(path):
    before = opened(path)
    for call in ("open", "over"):
        before.order(call, ORDER)
        before.answered(call)
        before.has_dialog(call, DIALOG)
    before.asked("over", Asked("u/4", {"keys": "3"}, was_answered=False))
    before.heard_machine("over")
    before.ended("over", Outcome.COMPLETED)
    after = opened(path)
    assert [after.find(call) for call in ("open", "over")] == [before.find(call) for call in ("open", "over")]
    assert [each.id for each in after.open_calls()] == ["open"]
    assert (after.dialog_of("open"), after.dialog_of("over")) == (DIALOG, None)
    assert after.requests_of("over") == (Asked("u/4", {"keys": "3"}, was_answered=False),)
    assert after.order("over", ORDER) == (before.find("over"), False)


def test_one_trunk_at_a_time_has_a_folder_and_the_next_one_waits_for_it(tmp_path):
    async def next_one(seconds):
        async with held_alone(tmp_path / "trunk", seconds=seconds):
            return "its turn"

    async def both():
        async with held_alone(tmp_path / "trunk"):
            with pytest.raises(FolderInUseError):
                await next_one(0.0)
            told_to_end = asyncio.Event()
            told_to_end.set()
            with pytest.raises(FolderInUseError):
                async with held_alone(tmp_path / "trunk", told_to_end):
                    pass
            waiting = asyncio.create_task(next_one(PATIENCE_SECONDS))
            await asyncio.sleep(0.3)
            assert not waiting.done()
        return await waiting

    assert asyncio.run(both()) == "its turn"


def test_a_line_that_was_torn_is_cut_off_and_what_follows_is_whole(path):
    opened(path).order("whole", ORDER)
    with path.open("ab") as file:
        file.write(b'{"call": {"id": "torn"')
    again = opened(path)
    again.order("next", ORDER)
    assert [opened(path).find(call) is not None for call in ("whole", "torn", "next")] == [True, False, True]


def test_a_line_that_nobody_understands_takes_no_other_along(path):
    opened(path).order("known", ORDER)
    with path.open("ab") as file:
        file.write(b'{"a later version": 1}\nnonsense\n')
    assert opened(path).find("known") is not None


def test_the_first_end_counts(path):
    registry = opened(path)
    registry.order("call", ORDER)
    registry.ended("call", Outcome.BUSY)
    assert registry.ended("call", Outcome.COMPLETED).outcome is Outcome.BUSY


def test_calls_of_last_week_are_forgotten_and_those_that_live_are_not(path):
    then = datetime.now(UTC) - KEEP - timedelta(minutes=1)
    before = opened(path, lambda: then)
    for call in ("over", "open"):
        before.order(call, ORDER)
    before.has_dialog("open", DIALOG)
    before.ended("over", Outcome.BUSY)
    after = opened(path)
    assert (after.find("over"), after.find("open").id) == (None, "open")
    assert b"over" not in path.read_bytes()
    assert opened(path).dialog_of("open") == DIALOG
