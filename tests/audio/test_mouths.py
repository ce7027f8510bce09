"""Mouths are taken in turns, what is urgent first; an engine that was silent is left alone for a while."""

from threading import Event, Thread

from audio import mouths
from audio.mouths import Mouths
from tests.patience import PATIENCE_SECONDS, wait_for

MUTE = ("false",)


def test_what_is_urgent_comes_before_whatever_waits_and_the_rest_as_it_came() -> None:
    one, said = Mouths(MUTE, 1), list[str]()

    def speak(name: str, urgent: bool) -> None:
        with one.one(urgent=urgent):
            said.append(name)

    threads = []
    with one.one():
        for name in ("a routine call", "another", "an alert"):
            threads.append(Thread(target=speak, args=(name, name == "an alert")))
            threads[-1].start()
            wait_for(lambda: len(one._waiting) == len(threads), "it does not wait for its turn")
    for each in threads:
        each.join(PATIENCE_SECONDS)
    assert said == ["an alert", "a routine call", "another"]


def test_a_mouth_that_is_reserved_waits_for_what_is_urgent_and_the_others_do_not() -> None:
    two, spoken = Mouths(MUTE, 2), list[str]()

    def speak() -> None:
        with two.one():
            spoken.append("a routine call")

    def begun() -> Thread:
        begun = Thread(target=speak)
        begun.start()
        return begun

    def is_over(begun: Thread) -> bool:
        begun.join(PATIENCE_SECONDS)
        return not begun.is_alive()

    with two.reserved():
        assert is_over(begun())
        with two.one(urgent=True):
            assert is_over(begun())
        with two.one():
            third = begun()
            wait_for(lambda: two._waiting, "it to wait for the mouth that is not reserved")
            with two.one(urgent=True):
                spoken.append("an alert")
            assert spoken == ["a routine call", "a routine call", "an alert"]
    assert is_over(third)
    assert spoken[3:] == ["a routine call"]


def test_two_mouths_speak_side_by_side() -> None:
    two, both_speak = Mouths(MUTE, 2), Event()

    def speak() -> None:
        with two.one():
            both_speak.set()

    with two.one():
        other = Thread(target=speak)
        other.start()
        assert both_speak.wait(PATIENCE_SECONDS)
    other.join(PATIENCE_SECONDS)


def test_an_engine_that_was_silent_rests_and_is_asked_again_later(monkeypatch) -> None:
    now = 1000.0
    monkeypatch.setattr(mouths, "monotonic", lambda: now)
    resting, eager = Mouths(MUTE, 1, rest_seconds=60), Mouths(MUTE, 1)
    for each in (resting, eager):
        assert each.silence == ""
        each.fell_silent("the voice died")
    assert (resting.silence, eager.silence) == ("the voice died", "")
    now += 61
    assert resting.silence == ""
