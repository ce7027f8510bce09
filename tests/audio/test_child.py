"""A voice's process is given up when it stands still, and waited for while it works, however busy the machine."""

import sys
import time

import pytest

from audio.child import LOOK_SECONDS, Child, ChildFailedError
from tests.patience import wait_for
from tests.running.open_files import a_thousand_files_open

WORKS = "input(); import time\nwhile time.process_time() < {seconds}: pass\nprint('{{\"ok\": true}}', flush=True)"
STANDS_STILL = "input(); import time; time.sleep(60)"
STILL_SECONDS = 0.2


def asked(program: str, seconds: float) -> dict[str, object]:
    child = Child((sys.executable, "-c", program))
    try:
        return child.ask({"text": "您好"}, seconds)
    finally:
        child.close()


def test_a_process_that_works_longer_than_the_limit_is_waited_for() -> None:
    assert asked(WORKS.format(seconds=1.5), 1.0)["ok"]


BEGINS_SLOWLY = WORKS.replace("input(); import time", "import time").replace("print(", "input(); print(")


def test_a_process_that_begins_slowly_is_waited_for() -> None:
    """As one that loads its libraries on a busy machine before it reads its first order."""
    assert asked(BEGINS_SLOWLY.format(seconds=4), 3)["ok"]


def test_whoever_looks_sees_whether_it_works_or_stands_still() -> None:
    works = Child((sys.executable, "-c", "while True: pass"))
    still = Child((sys.executable, "-c", STANDS_STILL.removeprefix("input(); ")))
    try:
        wait_for(lambda: not still.is_at_work(), "it to stand still")
        for _ in range(3):
            assert works.is_at_work()
            time.sleep(LOOK_SECONDS + 0.1)
        assert not still.is_at_work()
    finally:
        works.close()
        still.close()


def test_it_answers_a_service_that_has_more_than_a_thousand_files_open() -> None:
    """As one whose pages several hundred people have before them."""
    with a_thousand_files_open():
        assert asked(WORKS.format(seconds=0), 3)["ok"]


def test_a_process_that_stands_still_is_given_up() -> None:
    with pytest.raises(ChildFailedError, match="hung"):
        asked(STANDS_STILL, STILL_SECONDS)


def test_a_process_that_works_for_ever_is_given_up() -> None:
    with pytest.raises(ChildFailedError, match="hung"):
        asked(WORKS.format(seconds=10_000), STILL_SECONDS)


def test_a_process_that_waits_for_its_turn_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine so busy that the voice gets no processor at all for a while."""
    from audio import child

    monkeypatch.setattr(child, "_doing", lambda _: child._Doing(0.0, waits_for_its_turn=True))
    assert asked("input(); import time; time.sleep(2.5); print('{\"ok\": true}', flush=True)", 1.0)["ok"]
