"""Measuring: each utterance is spoken by each engine, sent over each line, and listened to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.clips.sentences import by_sentence
from audio.clips.store import Clip
from audio.engines.engine import Engine
from audio.sound.dtmf import keys_in
from audio.sound.telephone import read
from audio.voice import Sound, SpeechFailed
from benchmarks.voices.lines import Line, transmitted
from benchmarks.voices.recogniser import Listener
from benchmarks.voices.results import Heard, Results
from benchmarks.voices.utterances import Utterance
from core.timbre import Timbre

Speaker = Callable[[Sound], Clip]
"""Makes the clip of a sound, or finds it; raises ``SpeechFailed``."""

Progress = Callable[[int, int], None]
"""So many of so many are done."""


@dataclass(frozen=True)
class Trial:
    """An utterance as one voice says it. ``model`` names a model of the neural engine that is not the shipped one."""

    utterance: Utterance
    engine: Engine
    timbre: Timbre
    model: str = ""

    @property
    def sound(self) -> Sound:
        """Exactly as a call plays it."""
        return by_sentence(self.utterance.speech(self.engine, self.timbre, self.model))


@dataclass(frozen=True)
class Listening:
    """Who speaks, who listens and under what name, and where what was heard is kept."""

    speak: Speaker
    listen: Listener
    listener: str
    results: Results


def trials(
    utterances: Sequence[Utterance], engines: Sequence[Engine], timbres: Sequence[Timbre], model: str = ""
) -> Sequence[Trial]:
    """All voices say an utterance before the next one comes: a run that was stopped compares what it has."""
    return [Trial(each, engine, timbre, model) for each in utterances for timbre in timbres for engine in engines]


def measured(wanted: Sequence[Trial], by: Listening, progress: Progress) -> Sequence[Heard]:
    """What is heard of each trial on each line; what is kept already is not measured again."""
    blank = [_blank(trial, line, by.listener) for trial in wanted for line in Line]
    todo = [trial for trial in wanted if _unheard(trial, by)]
    done = len(wanted) - len(todo)
    progress(done, len(wanted))
    for more, (trial, clip) in enumerate(_spoken(todo, by.speak), start=1):
        for each in _unheard(trial, by):
            by.results.keep(_failed(each, clip) if isinstance(clip, SpeechFailed) else _heard(each, clip, by))
        progress(done + more, len(wanted))
    found = (by.results.get(each.identity) for each in blank)
    return [each for each in found if each is not None]


def _spoken(wanted: Sequence[Trial], speak: Speaker) -> Iterator[tuple[Trial, Clip | SpeechFailed]]:
    """The next clips are made while one is listened to."""
    ahead = ThreadPoolExecutor(1)
    try:
        yield from zip(wanted, ahead.map(lambda trial: _clip(trial, speak), wanted), strict=True)
    finally:
        ahead.shutdown(cancel_futures=True)


def _clip(trial: Trial, speak: Speaker) -> Clip | SpeechFailed:
    try:
        return speak(trial.sound)
    except SpeechFailed as failure:
        return failure


def _unheard(trial: Trial, by: Listening) -> Sequence[Heard]:
    blank = [_blank(trial, line, by.listener) for line in Line]
    return [each for each in blank if by.results.get(each.identity) is None]


def _blank(trial: Trial, line: Line, listener: str) -> Heard:
    said = trial.utterance
    return Heard(trial.sound.digest, said.key, said.language, trial.engine, trial.timbre, line, said.text, said.people,
                 "", listener)  # fmt: skip


def _heard(blank: Heard, clip: Clip, by: Listening) -> Heard:
    samples, _ = read(clip.path)
    with TemporaryDirectory(prefix="zaoan-voices-") as folder:
        arrived = Path(folder) / "arrived.wav"
        arrived.write_bytes(transmitted(samples, blank.line, blank.clip))
        keys = "".join(key.name for key in keys_in(read(arrived)[0]))
        return replace(blank, heard=by.listen(arrived, blank.language), keys=keys)


def _failed(blank: Heard, failure: SpeechFailed) -> Heard:
    return replace(blank, failure=failure.reason)
