"""Who is taken for an answering machine, and who is not: nobody but what speaks for long and then beeps, once."""

import numpy as np
import pytest

from tests.trunk.sound.tones import key, noise, pcm, quiet, sine, speech
from trunk.sound.greeting import Greeting
from trunk.sound.tones import ringback


def is_machine(*parts, frame=320):
    """Whether it is by the end of these samples, which come in frames."""
    sound, ear = (
        pcm(np.concatenate([*parts, quiet(1.2)]) + noise(len(np.concatenate([*parts])) / 8000 + 1.2, -60)),
        Greeting(),
    )
    return any(ear.feed(sound[at : at + 2 * frame]) for at in range(0, len(sound), 2 * frame))


def beep(hertz=1000.0, seconds=0.3, decibels=-18):
    return sine(hertz, seconds, decibels)


@pytest.mark.parametrize("hertz", [400, 440, 800, 1000, 1400, 2000, 2100])
@pytest.mark.parametrize("seconds", [0.16, 0.5, 1.2])
def test_a_greeting_and_a_beep_are_a_machines(hertz, seconds):
    assert is_machine(quiet(1), speech(4), quiet(0.5), beep(hertz, seconds))


@pytest.mark.parametrize("seed", range(8))
def test_whoever_speaks_it_and_however_loud(seed):
    assert is_machine(quiet(0.2 * seed), speech(3 + seed, -30 + 2 * seed, seed), quiet(0.1 * seed), beep())


def test_several_sentences_are_one_greeting_when_the_last_is_long():
    assert is_machine(speech(2), quiet(0.8), speech(3, seed=1), quiet(0.3), beep())


def test_our_own_words_that_come_back_softly_hide_no_machine():
    echo = np.concatenate([quiet(1), speech(6.5, -38, 3)])
    greeting = np.concatenate([quiet(1), speech(4), quiet(0.4), beep(), quiet(1.8)])
    assert is_machine(greeting + echo[: len(greeting)])


PEOPLE = {
    "who says hello twice": (speech(0.5), quiet(1.2), speech(0.7)),
    "who says hello, and a kitchen beeps": (speech(0.5), quiet(1), speech(0.6), quiet(0.5), beep(2000)),
    "who talks for long": (speech(12),),
    "who talks in phrases, and something beeps": (
        *[x for n in range(6) for x in (speech(1.5, seed=n), quiet(0.8))],
        beep(),
    ),
    "who presses a key": (speech(4), quiet(0.3), key("1", 0.3)),
    "who says nothing": (quiet(5),),
    "nobody but a beep": (quiet(2), beep(), quiet(2)),
    "a television and no beep": (noise(20, -30),),
    "who talks on after a beep": (speech(4), quiet(0.3), beep(), quiet(0.2), speech(2, seed=4)),
    "a beep long after the words": (speech(4), quiet(4), beep()),
}


@pytest.mark.parametrize("parts", PEOPLE.values(), ids=PEOPLE)
def test_a_person_is_none(parts):
    assert not is_machine(*parts)


@pytest.mark.parametrize(("on", "off"), [(0.35, 0.35), (0.7, 0.7), (0.5, 0.5), (0.25, 0.25)])
def test_a_busy_signal_after_words_is_no_beep(on, off):
    assert not is_machine(speech(4), quiet(0.2), *[part for _ in range(6) for part in (beep(450, on), quiet(off))])


def test_a_dialling_tone_or_a_fax_after_words_is_no_beep():
    assert not is_machine(speech(4), quiet(0.2), beep(450, 8))
    assert not is_machine(speech(4), quiet(0.2), beep(2100, 3))


def test_a_line_that_rings_on_is_no_machine_and_one_that_answers_then_is():
    rings = np.frombuffer(ringback(), "<i2") / 32768
    assert not is_machine(rings, rings, rings)
    assert is_machine(rings, rings, speech(4), quiet(0.5), beep())


def test_after_a_minute_nobody_listens_any_more():
    assert not is_machine(quiet(60), speech(4), quiet(0.5), beep())
