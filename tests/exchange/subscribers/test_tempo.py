"""People's time may change its speed while people wait, and the service hears of it."""

import asyncio
import threading
import time
from datetime import datetime
from itertools import pairwise

import pytest
import requests

from exchange.tempo import Pace, Tempo
from tests.exchange.running import number, running
from tests.exchange.telephones import open_telephone
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.running.turned_loop import turned


def shown():
    return asyncio.get_running_loop().time()


async def lived(wait, tempo, after, speed):
    """How many people's seconds pass in a wait when the speed changes ``after`` so many real seconds."""
    first, begun = tempo.speed, shown()
    waiting = asyncio.ensure_future(wait)
    await asyncio.sleep(after)
    tempo.change(speed)
    changed = shown()
    await asyncio.gather(waiting, return_exceptions=True)
    return first * (changed - begun) + speed * (shown() - changed)


@pytest.mark.parametrize(("speed", "seconds", "then"), [(10, 5, 5), (1, 3, 10)])
def test_what_is_left_of_a_wait_passes_at_the_new_speed(speed, seconds, then):
    async def waits():
        tempo = Tempo(speed)
        return await lived(tempo.sleep(seconds), tempo, 0.1, then)

    assert turned(waits()) == pytest.approx(seconds)


def test_a_time_limit_changes_with_the_speed_too():
    async def limited(tempo):
        async with tempo.timeout(5):
            await asyncio.sleep(60)

    async def waits():
        tempo = Tempo(10)
        return await lived(limited(tempo), tempo, 0.1, 5)

    assert turned(waits()) == pytest.approx(5)


def test_the_time_that_was_lived_is_the_sum_of_both_speeds():
    async def lives():
        tempo = Tempo(100)
        await asyncio.sleep(0.1)
        tempo.change(1)
        await asyncio.sleep(0.2)
        return tempo.now()

    assert turned(lives()) == pytest.approx(10.2)


def test_queued_calls_leave_one_after_another_at_their_pace():
    async def leave():
        pace = Pace(20)
        left = []

        async def one():
            await pace.turn()
            left.append(shown())

        await asyncio.gather(*(one() for _ in range(4)))
        return left

    assert turned(leave()) == pytest.approx([0, 0.05, 0.1, 0.15])


def test_cancelling_a_wait_is_not_taken_for_its_end():
    async def cancelled():
        waiting = asyncio.ensure_future(Tempo(1).sleep(60))
        await asyncio.sleep(0)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def tempo_of(exchange):
    return requests.get(f"{exchange.url}/exchange/tempo", timeout=PATIENCE_SECONDS).json()


def wait_for_tempo(exchange, speed):
    wait_for(lambda: tempo_of(exchange)["speed"] == speed, f"speed {speed}")


def people_seconds(entries, speed):
    """How many of their seconds passed between the first entry and the last, as the log tells of its speeds."""
    seconds = 0.0
    for before, after in pairwise(entries):
        speed = before.get("speed", speed)
        real = datetime.fromisoformat(after["at"]) - datetime.fromisoformat(before["at"])
        seconds += speed * real.total_seconds()
    return seconds


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
    url = service.says("/slow", "<Response><Pause length='600'/></Response>")
    with open_telephone(exchange, number()):
        sid = exchange.call(exchange.subscribe({"pick": "answer", "after": 0}), url)
        service.wait_for("/slow")
    wait_for_tempo(exchange, 100)
    with open_telephone(exchange, number()):
        wait_for_tempo(exchange, 1)
        assert not any(entry["event"] == "call.ended" for entry in exchange.log(sid))
    exchange.ended(sid)
    entries = exchange.log()
    begins, ends = (
        next(at for at, each in enumerate(entries) if each["event"] == event and each["call"] == sid)
        for event in ("call.answered", "call.ended")
    )
    spoken = entries[ends]["seconds"]
    told = [each for each in entries[begins : ends + 1] if each["event"] == "tempo"]
    assert [each["speed"] for each in told] == [100, 1, 100]
    assert spoken >= 600
    assert spoken == pytest.approx(people_seconds([entries[begins], *told, entries[ends]], speed=1), rel=0.05)


def test_the_service_is_told_each_change_signed_and_again_until_it_understands(service, tmp_path):
    service.says("/tempo", "busy", status=503)
    url = f"{service.url}/tempo"
    with running(service, tmp_path / "log", "--speed", "60", "--tempo-url", url) as exchange:
        with open_telephone(exchange, number()):
            refused = service.wait_for("/tempo", 2)
            assert refused[1].at - refused[0].at > 0.9
            service.says("/tempo", "understood")
            service.wait_for("/tempo", 3)
        told = service.wait_for("/tempo", 4)
        time.sleep(1.2)  # in which it would have told it again
    assert [request.form["Speed"] for request in told] == ["1", "1", "1", "60"]
    assert all(request.genuine for request in told)
    assert len(service.at("/tempo")) == 4


def test_a_speed_that_is_outdated_is_not_told_any_more(service, tmp_path):
    gate = threading.Event()
    service.says("/tempo-down", "busy", status=503, gate=gate)
    url = f"{service.url}/tempo-down"
    with running(service, tmp_path / "log", "--speed", "60", "--tempo-url", url) as exchange:
        with open_telephone(exchange, number()):
            service.wait_for("/tempo-down")
        wait_for_tempo(exchange, 60)
        service.says("/tempo-down", "understood")
        gate.set()
        service.wait_for("/tempo-down", 2)
    assert [request.form["Speed"] for request in service.at("/tempo-down")] == ["1", "60"]


def test_the_speed_without_telephones_can_be_set(exchange):
    url = f"{exchange.url}/exchange/tempo"
    try:
        assert requests.put(url, json={"speed": 20}, timeout=PATIENCE_SECONDS).json()["speed"] == 20
        assert tempo_of(exchange)["configured"] == 20
        assert requests.put(url, json={"speed": 0}, timeout=PATIENCE_SECONDS).status_code == 400
    finally:
        requests.put(url, json={"speed": 100}, timeout=PATIENCE_SECONDS)
