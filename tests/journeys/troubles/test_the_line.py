"""A whole call listened to as it came over the line: its words are the dialogue's, and it sounds as a call must."""

import io
from datetime import datetime
from operator import itemgetter

import numpy as np
import pytest
import requests
import soundfile

from audio.clips.speech import Speech
from audio.reading.read_aloud import read_aloud
from audio.sound.activity import activity
from audio.sound.pace import units
from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, measure
from core.i18n import Language
from core.storage.database import reading
from ivr.dialogue.catalogue import DEFAULT_PACE, names_in, words
from ivr.dialogue.engine import Heard, Sound, advance, begin
from ivr.dispatch import calls
from ivr.queries import call_by_provider_id
from tests.journeys.neighbourhood import SPEED
from tests.patience import PATIENCE_SECONDS
from zaoan.rehearsal.behaviours import Behaviour, answer, press
from zaoan.rehearsal.wire import read_from

LISTENING_SPEED = 1
"""As people really hear it: what a busy machine adds to a pause counts no more than it would on a real line."""
LONGEST_SILENCE = 3.0
QUIET_AT_FIRST = 2.0


@pytest.fixture
def listening(building):
    building.around.service.run_at(LISTENING_SPEED)
    yield building
    building.around.service.run_at(SPEED)


@pytest.mark.parametrize(("spoken", "language"), [("普通话", Language.CHINESE), ("英语", Language.ENGLISH)])
def test_a_check_in_is_heard_word_for_word_and_evenly_loud(listening, spoken, language):
    called = {Language.CHINESE: "王奶奶", Language.ENGLISH: "Mrs Wang"}[language]
    telephone = listening.home(Behaviour([answer(press("1", after=1.0))]), called, language=spoken)
    listening.begin().until_over()
    call = listening.until_ended(listening.calls_to(telephone)[0].call_id)
    with reading() as session:
        dialogue = calls.dialogue_of(call_by_provider_id(session, call.call_id))
    assert dialogue.language == language
    first = begin(dialogue)
    said = [*first.say, *advance(dialogue, first.position, Heard(Sound.KEY, "1")).say]
    assert played_in(listening, call) == [sound_of(prompt, language) for prompt in said]
    line = overheard(listening, call)
    texts = [read_aloud(words(prompt, language), language) for prompt in said]
    latest = max(QUIET_AT_FIRST, QUIET_AT_FIRST / 2 + until_it_played(listening, call))
    sounds_as_it_must(line, sum(units(text, language) for text in texts), DEFAULT_PACE[language], latest)


def logged(building, call, *events):
    log, _ = read_from(building.around.service.exchange_log, 0)
    return [entry for entry in log if entry["event"] in events and entry["call"] == call.call_id]


def played_in(building, call):
    played = logged(building, call, "play", "say")
    return [entry.get("url", entry.get("text", "")).rpartition("/")[2].partition("-")[0] for entry in played]


def until_it_played(building, call):
    """Seconds from the answer to the first sound: the pause of the dialogue, and what a busy machine has added."""
    first = min(logged(building, call, "play"), key=itemgetter("at"))
    [answered] = logged(building, call, "call.answered")
    return (datetime.fromisoformat(first["at"]) - datetime.fromisoformat(answered["at"])).total_seconds()


def sound_of(prompt, language):
    speech = Speech(words(prompt, language), language, DEFAULT_PACE[language], names=names_in(prompt))
    return speech.digest


def overheard(building, call):
    url = f"{building.around.service.settings.exchange_url}/exchange/calls/{call.call_id}/line.wav"
    samples, rate = soundfile.read(io.BytesIO(requests.get(url, timeout=PATIENCE_SECONDS).content))
    assert rate == 8000
    return samples


def sounds_as_it_must(line, spoken_units, pace, latest):
    heard = measure(line)
    assert heard.peak_dbfs <= PEAK_DBFS
    assert heard.loudness_lufs == pytest.approx(TARGET_LUFS, abs=1)
    assert 0.9 <= heard.activity.start_seconds <= latest, "about one second of quiet comes first"
    sentences = list(stretches_of_speech(line))
    loudness = [measure(each).loudness_lufs for each in sentences if len(each) > 8000]
    assert max(loudness) - min(loudness) <= 3, "single sentences differ in loudness, whole prompts by less than 1"
    silences = [len(each) / 8000 for each in stretches_of_silence(line)]
    assert max(silences) <= LONGEST_SILENCE
    spoken = np.count_nonzero(frames(line)) * 0.01
    assert spoken_units * 60 / spoken >= pace * 0.9


def frames(line):
    whole = line[: len(line) // 80 * 80].reshape(-1, 80)
    return np.sqrt(np.mean(whole**2, axis=1)) > 0.01


def runs(line, speech):
    """Stretches of speech, pauses of less than 0.4 s included, or the silences between them."""
    spoken = activity(line, 8000)
    inside = line[round(spoken.start_seconds * 8000) : round(spoken.end_seconds * 8000)]
    loud = frames(inside)
    quiet_for, begins, state = 0, 0, True
    for index, is_loud in enumerate(loud):
        quiet_for = 0 if is_loud else quiet_for + 1
        if state and quiet_for == 40:
            if speech:
                yield inside[begins * 80 : (index - 39) * 80]
            begins, state = index - 39, False
        elif not state and is_loud:
            if not speech:
                yield inside[begins * 80 : index * 80]
            begins, state = index, True
    if speech:
        yield inside[begins * 80 :]


def stretches_of_speech(line):
    return runs(line, speech=True)


def stretches_of_silence(line):
    return runs(line, speech=False)
