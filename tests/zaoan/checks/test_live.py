"""What the running service looks at for whoever stands before its pages: in bounded time, one at a time, no secret."""

import threading

import pytest

from console.setting_up import live_checks
from console.setting_up.live_checks import UnderWayError
from core import settings
from core.i18n import Language
from core.settings import Settings
from tests.patience import wait_for
from zaoan.checks import live
from zaoan.checks.examining import Check, Examination
from zaoan.checks.observation import State, ok, wrong
from zaoan.process import wiring


@pytest.fixture
def offered():
    yield live.offer
    live_checks.use(None)


def is_idle(examination):
    return not any(each.thread.is_alive() for each in examination._last)


def test_nobody_looks_while_somebody_looks_and_everybody_afterwards():
    begun, go_on = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        go_on.wait()
        return [ok("clock", "All is well.")]

    examination, found = Examination([Check("clock", slow)]), []
    first = threading.Thread(target=lambda: found.append(examination.examine(Settings())))
    first.start()
    begun.wait()
    assert examination.examine(Settings()) is None
    go_on.set()
    first.join()
    assert [each.state for each in found[0]] == [State.OK]
    wait_for(lambda: is_idle(examination), "the check to end")
    assert len(examination.examine(Settings())) == 1


def test_what_hangs_is_told_in_time_and_not_begun_again_while_it_hangs():
    go_on = threading.Event()
    hanging = Check("provider", lambda _: go_on.wait() and [], seconds=0.05)
    examination = Examination([hanging, Check("clock", lambda _: [ok("clock", "All is well.")])])
    told = examination.examine(Settings())
    assert [(each.check, each.state) for each in told] == [("provider", State.WRONG), ("clock", State.OK)]
    assert "Not finished after 0.05 s." in told[0].describe(Language.ENGLISH)
    assert examination.examine(Settings()) is None
    go_on.set()
    wait_for(lambda: is_idle(examination), "the check to end")
    assert examination.examine(Settings()) is not None


def test_pages_say_what_is_found_in_their_language_and_no_secret(offered, monkeypatch):
    chosen = Settings(twilio_auth_token="hunter2-hunter2")
    settings.use(chosen)
    said = wrong("provider", "{url} does not answer: {reason}.", "Start it with `zaoan up` or `zaoan exchange`.",
                 url="http://x", reason="hunter2-hunter2")  # fmt: skip
    monkeypatch.setattr(live, "LIVE", [Check("provider", lambda _: [said])])
    offered()
    [found] = live_checks.look(Language.CHINESE)
    assert (found.state, "hunter2" in found.said, "***" in found.said) == ("wrong", False, True)
    assert found.mend == "请用 `zaoan up` 或 `zaoan exchange` 启动它。"


def test_a_second_look_of_a_page_is_refused_with_the_way_out(offered, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        go_on.wait()
        return []

    monkeypatch.setattr(live, "LIVE", [Check("clock", slow)])
    offered()
    first = threading.Thread(target=lambda: live_checks.look(Language.ENGLISH))
    first.start()
    begun.wait()
    with pytest.raises(UnderWayError, match="Look again in a moment"):
        live_checks.look(Language.ENGLISH)
    go_on.set()
    first.join()


def test_a_service_without_its_exchange_is_told_so_live(house_settings, offered):
    opened = wiring.open_house(house_settings.model_copy(update={"exchange_url": "http://127.0.0.1:1"}))
    try:
        offered()
        found = live_checks.look(Language.ENGLISH)
    finally:
        opened.close()
    states = {each.check: each.state for each in found if each.check in {"provider", "database"}}
    assert states == {"provider": "wrong", "database": "ok"}
    assert {each.check for each in found} >= {"address", "clock", "troubles", "spool", "broker", "settings"}
