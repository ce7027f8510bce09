"""People's time may change its speed while people wait, and the service hears of it."""

import asyncio
import time

import pytest
import requests

from ivr.exchange.tempo import Tempo
from tests.ivr.exchange.running import number, running
from tests.ivr.exchange.service import PATIENCE_SECONDS
from tests.ivr.exchange.telephones import open_telephone


async def lived(wait, tempo, after, speed):
    """How many people's seconds pass in a wait when the speed changes ``after`` so many real seconds."""
    first, begun = tempo.speed, time.monotonic()
    waiting = asyncio.ensure_future(wait)
    await asyncio.sleep(after)
    tempo.change(speed)
    changed = time.monotonic()
    await asyncio.gather(waiting, return_exceptions=True)
    return first * (changed - begun) + speed * (time.monotonic() - changed)


@pytest.mark.parametrize(("speed", "seconds", "then"), [(10, 5, 5), (1, 3, 10)])
def test_what_is_left_of_a_wait_passes_at_the_new_speed(speed, seconds, then):
    async def waits():
        tempo = Tempo(speed)
        return await lived(tempo.sleep(seconds), tempo, 0.1, then)

    assert asyncio.run(waits()) == pytest.approx(seconds, abs=1.5)


def test_a_time_limit_changes_with_the_speed_too():
    async def limited(tempo):
        async with tempo.timeout(5):
            await asyncio.sleep(60)

    async def waits():
        tempo = Tempo(10)
        return await lived(limited(tempo), tempo, 0.1, 5)

    assert asyncio.run(waits()) == pytest.approx(5, abs=1.5)


def test_the_time_that_was_lived_is_the_sum_of_both_speeds():
    async def lives():
        tempo, begun = Tempo(100), time.monotonic()
        await asyncio.sleep(0.1)
        tempo.change(1)
        changed = time.monotonic()
        await asyncio.sleep(0.1)
        return tempo.now() - 100 * (changed - begun) - (time.monotonic() - changed)

    assert asyncio.run(lives()) == pytest.approx(0, abs=1)


def test_cancelling_a_wait_is_not_taken_for_its_end():
    async def cancelled():
        waiting = asyncio.ensure_future(Tempo(1).sleep(60))
        await asyncio.sleep(0)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def tempo_of(exchange):
    return requests.get(f"{exchange.url}/exchange/tempo", timeout=5).json()


def wait_for_tempo(exchange, speed):
    until = time.monotonic() + PATIENCE_SECONDS
    while tempo_of(exchange)["speed"] != speed:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_people_live_at_real_speed_while_any_telephone_is_open(exchange):
    assert tempo_of(exchange) == {"speed": 100, "configured": 100, "telephones": 0, "held": []}
    with open_telephone(exchange, number()) as first:
        with open_telephone(exchange, number()):
            assert first.hears("tempo", telephones=2)["speed"] == 1
            assert tempo_of(exchange).items() >= {"speed": 1, "configured": 100, "telephones": 2}.items()
            assert len(tempo_of(exchange)["held"]) == 2
        assert first.hears("tempo", telephones=1)["speed"] == 1
    wait_for_tempo(exchange, 100)


def test_a_call_that_was_under_way_goes_on_at_real_speed(exchange, service):
    url = service.says("/slow", "<Response><Pause length='300'/></Response>")
    with open_telephone(exchange, number()):  # at real speed it hardly counts how long our reply takes
        sid = exchange.call(exchange.subscribe({"pick": "answer", "after": 0}), url)
        service.wait_for("/slow")
        time.sleep(0.3)
    wait_for_tempo(exchange, 100)
    time.sleep(0.3)
    with open_telephone(exchange, number()):
        time.sleep(4)
        assert not any(entry["event"] == "call.ended" for entry in exchange.log(sid))
    ended = next(entry for entry in exchange.ended(sid) if entry["event"] == "call.ended")
    assert ended["seconds"] == pytest.approx(300, abs=3)


def test_the_service_is_told_each_change_signed_and_again_until_it_understands(service, tmp_path):
    service.says("/tempo", "busy", status=503)
    url = f"{service.url}/tempo"
    with running(service, tmp_path / "log", "--speed", "60", "--tempo-url", url) as exchange:
        with open_telephone(exchange, number()):
            refused = service.wait_for("/tempo", 2)
            assert 0.9 < refused[1].at - refused[0].at < 1.6
            service.says("/tempo", "understood")
            service.wait_for("/tempo", 3)
        told = service.wait_for("/tempo", 4)
        time.sleep(1.2)
    assert [request.form["Speed"] for request in told] == ["1", "1", "1", "60"]
    assert all(request.genuine for request in told)
    assert len(service.at("/tempo")) == 4


def test_a_speed_that_is_outdated_is_not_told_any_more(service, tmp_path):
    service.says("/tempo-down", "busy", status=503)
    url = f"{service.url}/tempo-down"
    with running(service, tmp_path / "log", "--speed", "60", "--tempo-url", url) as exchange:
        with open_telephone(exchange, number()):
            service.wait_for("/tempo-down")
        service.says("/tempo-down", "understood")
        service.wait_for("/tempo-down", 2)
    assert [request.form["Speed"] for request in service.at("/tempo-down")] == ["1", "60"]


def test_the_speed_without_telephones_can_be_set(exchange):
    url = f"{exchange.url}/exchange/tempo"
    try:
        assert requests.put(url, json={"speed": 20}, timeout=5).json()["speed"] == 20
        assert tempo_of(exchange)["configured"] == 20
        assert requests.put(url, json={"speed": 0}, timeout=5).status_code == 400
    finally:
        requests.put(url, json={"speed": 100}, timeout=5)
