"""Several trunks: the first that takes the call, the next where it cannot, and never another one once it has rung."""

import asyncio
import json
import socket
import threading
from contextlib import closing, contextmanager

import pytest
import requests

from tests.patience import wait_for
from tests.trunk.phones import Phones
from tests.trunk.ports import ADDRESS, free_address
from tests.trunk.running import OURS, SECOND, number, running
from tests.trunk.test_calls import ask
from trunk.calls.switchboard import FIRST_RESPONSE_SECONDS
from trunk.routing.pace import Pace
from trunk.routing.routes import NotNowError, NotOursError, Routes
from trunk.sip.messages import parsed
from trunk.sip.peering import Peer

THEIRS = "+8631186009777"


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Another gateway."""
    opened = Phones(free_address(), tmp_path_factory.mktemp("second"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def both(service, phones, second, tmp_path_factory):
    """A trunk with two gateways, of which the first carries one call at most."""
    then = json.dumps({"proxy": second.address, "callers": [THEIRS], "dials_e164": True})
    more = ("--then", then, "--calls-at-once", "1")
    with running(service, tmp_path_factory.mktemp("both"), phones, *more) as opened:
        yield opened


def carried_by(trunk, call):
    return trunk.look_up(call)["carried_by"]


def test_a_trunk_that_cannot_carry_a_call_is_followed_by_the_next_under_a_number_of_its_own(
    service, phones, second, both
):
    to = number()
    phones.script(to.removeprefix("+86"), code=503, unrung=True)
    second.script(to, code=486)
    call = both.call(to, dialled=to.removeprefix("+86"))
    assert both.outcome(call) == "busy"
    assert carried_by(both, call) == second.address
    assert len(second.seen("rung", number=to)) == 1
    assert f"sip:{THEIRS}@" in second.seen("rung", number=to)[0]["caller"]
    assert service.wait(f"/{to.strip('+')}/status")["outcome"] == "busy"
    lines = [json.loads(line) for line in (both.folder / "calls.jsonl").read_text().splitlines()]
    assert [each["carried_by"] for each in lines if each.get("changed") == call and "carried_by" in each] == [
        phones.address,
        second.address,
    ]


@pytest.mark.parametrize("script", [{"code": 503}, {"code": 486, "unrung": True}, {"code": 404, "unrung": True}])
def test_what_has_rung_or_is_known_of_the_number_is_not_tried_elsewhere(phones, second, both, script):
    to = number()
    phones.script(to, **script)
    call = both.call(to)
    assert both.outcome(call)
    assert carried_by(both, call) == phones.address
    assert second.seen("rung", number=to) == []


def test_a_trunk_whose_lines_are_taken_is_passed_over_and_serves_again_when_one_is_free(service, phones, second, both):
    first, other, third = number(), number(), number()
    calls = [both.call(to) for to in (first, other)]
    phones.wait("rung", number=first)
    second.wait("rung", number=other)
    assert [carried_by(both, call) for call in calls] == [phones.address, second.address]
    for call in calls:
        both.ask("POST", f"/calls/{call}/cancel")
    phones.script(third, code=486)
    call = both.call(third)
    assert (both.outcome(call), carried_by(both, call)) == ("busy", phones.address)


def test_a_call_that_goes_on_elsewhere_talks_and_is_cancelled_there(service, phones, second, both):
    talks, rings = number(), number()
    for to in (talks, rings):
        phones.script(to, code=500, unrung=True)
    second.script(talks, code=200)
    path = f"/{talks.strip('+')}"
    service.says(path, ask(service, f"{path}/1", service.sound("/long.wav", 20, 400)))
    call = both.call(talks)
    second.wait("hears", number=talks)
    second.press(talks, "2")
    assert service.wait(f"{path}/1")["keys"] == "2"
    assert both.outcome(call) == "completed"
    call = both.call(rings)
    second.wait("rung", number=rings)
    both.ask("POST", f"/calls/{call}/cancel")
    assert both.look_up(call)["outcome"] == "cancelled"
    assert second.wait("ended", number=rings)["code"] == 487


def test_a_dead_trunk_is_passed_over_before_anything_is_dialled(service, second, tmp_path):
    gateway = Phones(free_address(), tmp_path / "phones")
    then = json.dumps({"proxy": second.address, "callers": [OURS]})
    with running(service, tmp_path / "trunk", gateway, "--then", then) as own:

        def stands():
            return own.ask("GET", "/healthz").json()["peers"][0]["gateway"]

        wait_for(lambda: stands() == "answers", "the gateway")
        gateway.kill()
        wait_for(lambda: stands() == "silent", "the gateway's death")
        to = number()
        second.script(to, code=486)
        call = own.call(to)
        assert (own.outcome(call), carried_by(own, call)) == ("busy", second.address)


def test_which_one_is_next():
    known = {("a", OURS): False, ("a", SECOND): True, ("b", OURS): True, ("c", OURS): True, ("c", SECOND): True}
    peers = [Peer(proxy, [OURS]) for proxy in "abc"]
    routes = Routes(peers, lambda peer, from_: known.get((peer.proxy, from_), False))
    assert [routes.first(ours).peer.proxy for ours in (OURS, SECOND)] == ["b", "a"]
    assert [routes.after(routes.all[0], ours).peer.proxy for ours in (OURS, SECOND)] == ["b", "c"]
    assert routes.after(routes.all[2], OURS) is None
    known.update({("b", OURS): False, ("c", OURS): False})
    with pytest.raises(NotOursError):
        routes.first(OURS)


def test_calls_are_begun_at_the_pace_of_the_trunk():
    routes = Routes([Peer("a", [OURS])], lambda peer, from_: True)
    now = 100.0
    routes.all[0].pace = Pace(2.0, lambda: now)
    for _ in range(2):
        routes.first(OURS).pace.begun()
    with pytest.raises(NotNowError) as refused:
        routes.first(OURS)
    assert 0 < refused.value.seconds <= 0.5
    now += 0.5
    routes.first(OURS).pace.begun()
    with pytest.raises(NotNowError):
        routes.first(OURS)


def test_whoever_comes_a_moment_too_early_waits_for_the_pace_and_for_nothing_else():
    routes = Routes([Peer("a", [OURS], calls_per_second=50.0, calls_at_once=1)], lambda peer, from_: True)
    for _ in range(50):
        routes.all[0].pace.begun()
    assert asyncio.run(routes.first_soon(OURS)) is routes.all[0]
    routes.all[0].calls = 1
    with pytest.raises(NotNowError, match="carries 1 calls already"):
        asyncio.run(routes.first_soon(OURS))


def test_whoever_would_wait_long_for_the_pace_is_told_when_to_ask_again():
    routes = Routes([Peer("a", [OURS], calls_per_second=0.05)], lambda peer, from_: True)
    routes.first(OURS).pace.begun()
    with pytest.raises(NotNowError) as refused:
        asyncio.run(routes.first_soon(OURS))
    assert 10 < refused.value.seconds <= 20


@contextmanager
def silent_peer():
    """A gateway whose address takes every INVITE and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind((ADDRESS, 0))
        yield "{}:{}".format(*nobody.getsockname())


def test_a_peer_that_says_nothing_to_an_invite_has_rung_nobody_and_the_next_one_carries_the_call(
    service, second, tmp_path
):
    then, to = json.dumps({"proxy": second.address, "callers": [THEIRS]}), number()
    second.script(to, code=486)
    with silent_peer() as nobody, running(service, tmp_path, None, "--then", then, proxy=nobody) as own:
        call = own.call(to, ring_seconds=20)
        assert (own.outcome(call), carried_by(own, call)) == ("busy", second.address)


class LatePeer:
    """A gateway that takes no notice of an INVITE until ``wakes``, and rings then; ``requests`` are what has come."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, 0))
        self.address = "{}:{}".format(*self._socket.getsockname())
        self.requests, self._awake = [], threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def wakes(self):
        self._awake.set()

    def close(self):
        self._socket.close()

    def _listen(self):
        while True:
            try:
                packet, sender = self._socket.recvfrom(65536)
            except OSError:
                return
            message = parsed(packet)
            if message is None or message.method not in {"INVITE", "CANCEL", "ACK", "BYE"}:
                continue
            self.requests.append(message)
            if self._awake.is_set() and message.method == "INVITE":
                self._answer(message, "180 Ringing", sender)
            elif message.method == "CANCEL":
                self._answer(message, "200 OK", sender)
                invited = next(each for each in self.requests if each.method == "INVITE")
                self._answer(invited, "487 Request Terminated", sender)

    def _answer(self, message, status, sender):
        names = ("Via", "From", "To", "Call-ID", "CSeq")
        fields = [f"{name}: {message.header(name)}{';tag=late' if name == 'To' else ''}" for name in names]
        lines = [f"SIP/2.0 {status}", *fields, "Content-Length: 0", "", ""]
        self._socket.sendto("\r\n".join(lines).encode(), sender)


def test_a_telephone_that_rings_after_all_for_a_call_that_has_gone_elsewhere_is_silenced(service, second, tmp_path):
    then, to = json.dumps({"proxy": second.address, "callers": [THEIRS]}), number()
    second.script(to, code=200)
    service.says(f"/{to.strip('+')}", ask(service, f"/{to.strip('+')}/1", service.sound("/long.wav", 60, 400)))
    with closing(LatePeer()) as late, running(service, tmp_path, None, "--then", then, proxy=late.address) as own:
        call = own.call(to, ring_seconds=20)
        second.wait("hears", number=to)
        late.wakes()
        wait_for(lambda: [each for each in late.requests if each.method == "CANCEL"], "the end of the late ringing")
        wait_for(lambda: [each for each in late.requests if each.method == "ACK"], "that it is taken note of")
        assert own.look_up(call)["outcome"] is None
        second.press(to, "1")
        assert service.wait(f"/{to.strip('+')}/1")["keys"] == "1"


def test_a_peer_that_says_it_tries_and_then_nothing_for_long_is_waited_for(phones, second, both):
    to = number()
    phones.script(to, code=486, unrung=True, after=FIRST_RESPONSE_SECONDS + 1)
    call = both.call(to, ring_seconds=20)
    assert (both.outcome(call), carried_by(both, call)) == ("busy", phones.address)


def test_an_invite_that_nobody_has_answered_is_trouble_of_the_network_and_no_telephone_that_nobody_picked_up(
    service, tmp_path
):
    with silent_peer() as nobody, running(service, tmp_path, None, proxy=nobody) as own:
        call = own.call(number(), ring_seconds=20)
        assert own.outcome(call) == "network"
        assert own.look_up(call)["reason"] == "no response to the INVITE"


def test_how_soon_calls_ring_and_are_answered_is_counted_by_trunk(service, phones, second, both):
    def counted():
        lines = both.ask("GET", "/metrics").text.splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    ringing = 'zaoan_trunk_dial_to_ringing_seconds_{}{{trunk="{}"}}'
    before, to = counted(), number()
    phones.script(to, code=200)
    assert both.outcome(both.call(to)) == "completed"
    after = counted()
    assert after[ringing.format("count", 1)] == before[ringing.format("count", 1)] + 1
    assert after[ringing.format("count", 2)] == before[ringing.format("count", 2)]
    assert after[ringing.format("sum", 1)] > before[ringing.format("sum", 1)]
    answered = 'zaoan_trunk_dial_to_answered_seconds_bucket{trunk="1",le="+Inf"}'
    assert after[answered] == before[answered] + 1
    assert after['zaoan_trunk_answers{trunk="1"}'] == 1
    assert after['zaoan_trunk_calls{trunk="1"}'] == 0
    assert phones.address not in both.ask("GET", "/metrics").text


def test_the_figures_are_for_whoever_knows_the_secret(both):

    assert requests.get(f"{both.url}/metrics", timeout=10).status_code == 401


def test_a_trunk_that_was_killed_leaves_nothing_behind_where_temporary_files_go(service, phones, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with running(service, tmp_path / "trunk", phones) as own:
        own.kill()
        assert len(list((own.folder / "engine").iterdir())) == 1
        own.start()
        assert len(list((own.folder / "engine").iterdir())) == 1
    assert list(temporary.iterdir()) == []
    assert list((own.folder / "engine").iterdir()) == []
