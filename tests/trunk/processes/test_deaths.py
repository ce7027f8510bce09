"""Each process dies at the worst moment: nobody is left off the hook, nobody is rung twice, no key is lost."""

import json

import pytest

from tests.patience import wait_for
from tests.trunk.phones import Phones
from tests.trunk.ports import free_address
from tests.trunk.running import number, running
from tests.trunk.service import Service
from tests.trunk.test_calls import ask


@pytest.fixture
def own(service, phones, tmp_path):
    """A trunk of one's own."""
    with running(service, tmp_path / "trunk", phones) as opened:
        yield opened


def talking(service, phones, trunk, **script):
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, ask(service, f"{path}/1", service.sound("/word.wav", 0.3, 400), seconds=300))
    phones.script(to, code=200, **script)
    call = trunk.call(to)
    phones.wait("hears", number=to)
    return call, to, path


def picked_up_after_a_death(phones, trunk):
    """Returns when the next trunk has ended the call."""
    to = number()
    trunk.call(to)
    phones.wait("rung", number=to)
    trunk.kill()
    phones.order("answer", number=to)
    trunk.start()
    phones.wait("ended", number=to)


def test_a_conversation_is_ended_by_the_next_trunk_and_not_begun_again(service, phones, own):
    call, to, path = talking(service, phones, own)
    own.kill()
    assert phones.seen("ended", number=to) == []
    own.start()
    phones.wait("ended", number=to)
    assert own.look_up(call)["outcome"] == "completed"
    assert service.wait(f"{path}/status")["outcome"] == "completed"
    assert own.ask("PUT", f"/calls/{call}", json=own.order(to)).status_code == 200
    phones.script(to)
    assert len(phones.seen("rung", number=to)) == 1
    assert len(service.told(path)) == 1


def test_a_telephone_that_rings_is_silenced_by_the_next_trunk(service, phones, own):
    to = number()
    call = own.call(to)
    phones.wait("rung", number=to)
    own.kill()
    own.start()
    assert phones.wait("ended", number=to)["code"] == 487
    assert own.look_up(call)["outcome"] == "unknown"
    assert service.wait(f"/{to.strip('+')}/status")["outcome"] == "unknown"


def test_whoever_picks_up_after_the_trunk_has_died_is_not_left_off_the_hook(service, phones, own):
    picked_up_after_a_death(phones, own)


def test_a_call_is_on_the_disk_before_it_leaves_this_machine(service, phones, own):
    to = number()
    call = own.call(to)
    phones.wait("rung", number=to)
    own.kill()
    first = json.loads((own.folder / "calls.jsonl").read_text().splitlines()[0])
    assert (first["call"]["id"], first["call"]["order"]["to"]) == (call, to)
    assert (own.folder / "calls.jsonl").stat().st_mode & 0o077 == 0
    own.start()


def test_a_trunk_that_is_told_to_end_hangs_up(service, phones, own):
    _, to, _ = talking(service, phones, own)
    own.close()
    phones.wait("ended", number=to)


def test_a_key_waits_for_a_service_that_has_died(phones, tmp_path):
    before = Service()
    with running(before, tmp_path / "trunk", phones) as own:
        call, to, path = talking(before, phones, own)
        before.close()
        phones.press(to, "3")
        after = Service(before.port)
        assert after.wait(f"{path}/1") == {"call": call, "party": to, "keys": "3"}
        assert own.outcome(call) == "completed"
        asked = own.ask("GET", f"/calls/{call}/requests").json()
        assert [(each["told"]["keys"], each["was_answered"]) for each in asked] == [("", True), ("3", True)]
        after.close()


def test_what_nobody_was_told_is_known_after_the_death_of_both(service, phones, own):
    call, to, path = talking(service, phones, own)
    service.says(f"{path}/1", 500)
    service.says(f"{path}/fallback", 500)
    phones.press(to, "3")
    assert own.outcome(call) == "completed"
    own.kill()
    own.start()
    asked = own.ask("GET", f"/calls/{call}/requests").json()
    assert {"url": f"{service.url}{path}/1", "told": {"keys": "3"}, "was_answered": False} in asked


def test_a_gateway_that_dies_is_noticed_before_the_next_call(service, tmp_path):
    gateway = Phones(free_address(), tmp_path / "phones")
    with running(service, tmp_path / "trunk", gateway) as own:

        def stands():
            return own.ask("GET", "/healthz").json()["peers"][0]["gateway"]

        wait_for(lambda: stands() == "answers", "the gateway")
        gateway.kill()
        wait_for(lambda: stands() == "silent", "the gateway's death")
        refused = own.ask("PUT", "/calls/1", json=own.order(number()))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3")
        assert own.ask("GET", "/calls/1").status_code == 404
