"""Calls over real SIP against telephones of another stack (pjsua2): how they are answered, and how they end."""

from uuid import uuid4

import pytest

from tests.trunk.running import OURS, number


def ask(service, path, *heard, keys=1, seconds=10, **more):
    asked = {"url": service.url + path, "keys": keys, "seconds": seconds, "also_silence": True}
    return {"hear": list(heard), "ask": asked | more}


def test_a_key_that_is_pressed_is_told_and_the_next_words_are_said(service, phones, trunk):
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, ask(service, f"{path}/1", service.sound("/long.wav", 20, 400)))
    service.says(f"{path}/1", {"hear": [service.sound("/short.wav", 0.5, 500)]})
    phones.script(to, code=200)
    call = trunk.call(to)
    phones.wait("hears", number=to)
    phones.press(to, "3")
    assert service.wait(f"{path}/1") == {"call": call, "party": to, "keys": "3"}
    assert trunk.outcome(call) == "completed"
    assert service.wait(f"{path}/status") == {"call": call, "outcome": "completed", "by_machine": False}
    phones.wait("ended", number=to)
    assert f"sip:{OURS}@" in phones.seen("rung", number=to)[0]["caller"]


ENDINGS = {
    "busy": ({"code": 486}, "busy"),
    "busy everywhere": ({"code": 600}, "busy"),
    "declined": ({"code": 603}, "declined"),
    "no such number": ({"code": 404}, "not in service"),
    "an incomplete number": ({"code": 484}, "not in service"),
    "out of reach": ({"code": 480}, "no answer"),
    "no line": ({"code": 503}, "network"),
    "a cause that says more": ({"code": 480, "reason": "Q.850;cause=17"}, "busy"),
    "a number that the network does not know": ({"code": 500, "reason": 'Q.850;cause=1;text="Unallocated"'},
                                                "not in service"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "outcome"), ENDINGS.values(), ids=ENDINGS)
def test_how_a_call_ends_that_nobody_answers(service, phones, trunk, script, outcome):
    to = number()
    phones.script(to, **script)
    call = trunk.call(to)
    assert trunk.outcome(call) == outcome
    assert service.wait(f"/{to.strip('+')}/status")["outcome"] == outcome


def test_nobody_answers_for_as_long_as_it_may_ring(phones, trunk):
    to = number()
    call = trunk.call(to, ring_seconds=1)
    assert trunk.outcome(call) == "no answer"
    assert phones.wait("ended", number=to)["code"] == 487


def test_a_call_is_placed_again_and_never_rings_twice(service, phones, trunk):
    to = number()
    phones.script(to, code=486)
    call = trunk.call(to)
    assert trunk.ask("PUT", f"/calls/{call}", json=trunk.order(to)).status_code == 200
    assert trunk.outcome(call) == "busy"
    again = trunk.ask("PUT", f"/calls/{call}", json=trunk.order(to))
    assert (again.status_code, again.json()["outcome"]) == (200, "busy")
    phones.script(to, code=486)
    assert len(phones.seen("rung", number=to)) == 1


def test_a_call_that_rings_is_cancelled_and_a_conversation_is_not(service, phones, trunk):
    rings, talks = number(), number()
    service.says(f"/{talks.strip('+')}", ask(service, "/nowhere", seconds=60))
    phones.script(talks, code=200)
    first, second = trunk.call(rings), trunk.call(talks)
    phones.wait("rung", number=rings)
    phones.wait("answered", number=talks)
    service.wait(f"/{talks.strip('+')}")
    for call in (first, second):
        assert trunk.ask("POST", f"/calls/{call}/cancel").status_code == 204
    assert trunk.look_up(first)["outcome"] == "cancelled"
    assert trunk.look_up(second)["outcome"] is None
    trunk.ask("POST", f"/calls/{second}/hang-up")
    assert trunk.look_up(second)["outcome"] == "completed"
    phones.wait("ended", number=talks)
    assert phones.wait("ended", number=rings)["code"] == 487


def test_a_number_of_nobody_and_an_id_of_another_call_ring_nowhere(trunk, phones):
    to = number()
    assert trunk.ask("PUT", "/calls/1", json=trunk.order(to, from_="+8613911111111")).status_code == 403
    assert trunk.ask("PUT", "/calls/1", json=trunk.order(to, dialled="who?")).status_code == 422
    assert trunk.ask("PUT", "/calls/1", json={"to": to}).status_code == 400
    assert trunk.ask("GET", f"/calls/{uuid4()}").status_code == 404
    assert phones.seen("rung", number=to) == []
