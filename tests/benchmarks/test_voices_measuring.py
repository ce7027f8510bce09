"""A run speaks, sends and listens; what it has measured is kept, and it goes on where it was stopped."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.clips.store import Clip
from audio.engines.engine import Engine
from audio.voice import SpeechFailed
from benchmarks.voices.lines import Line
from benchmarks.voices.measuring import Listening, measured, trials
from benchmarks.voices.recogniser import Recogniser, RecogniserError
from benchmarks.voices.results import Results
from benchmarks.voices.utterances import utterances
from core.i18n import Language
from core.timbre import Timbre
from tests.benchmarks.voices import a_result

SOME = utterances(Language.CHINESE, names=3, limit=4)
WANTED = trials(SOME, list(Engine), [Timbre.USUAL])


class Scripted:
    """Speaks tones, or the key 5, and hears as many words as it was told; counts both."""

    def __init__(
        self, folder: Path, patience: int = 10_000, keys: bool = False, mute: frozenset[str] = frozenset()
    ) -> None:
        self.folder, self.patience, self.keys, self.mute = folder, patience, keys, mute
        self.spoken: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()

    def speak(self, sound) -> Clip:
        self.spoken[sound.digest] += 1
        if sound.digest in self.mute:
            raise SpeechFailed(sound, "it has no voice")
        path = self.folder / f"{sound.digest}.wav"
        at = np.arange(8000) / 8000
        tones = (770, 1336) if self.keys else (500,)
        soundfile.write(path, sum(0.1 * np.sin(2 * np.pi * hertz * at) for hertz in tones), 8000, subtype="ULAW")
        return Clip(sound.digest, path)

    def listen(self, path: Path, language: Language) -> str:
        assert language is Language.CHINESE
        self.kinds[soundfile.info(path).subtype] += 1
        if sum(self.kinds.values()) > self.patience:
            raise KeyboardInterrupt
        return f"听到第{sum(self.kinds.values())}个"


def run(people: Scripted, folder: Path, progress=lambda *_: None, listener: str = "somebody"):
    by = Listening(people.speak, people.listen, listener, Results(folder / "results.jsonl"))
    return measured(WANTED, by, progress)


def test_each_voice_is_heard_on_each_line(tmp_path: Path) -> None:
    people, told = Scripted(tmp_path), []
    heard = run(people, tmp_path, lambda *each: told.append(each))
    assert len(heard) == 2 * len(WANTED) == len({each.identity for each in heard})
    assert people.kinds == {"ULAW": len(WANTED), "ALAW": len(WANTED)}
    assert {each.engine for each in heard} == set(Engine)
    assert {each.text for each in heard} == {each.text for each in SOME}
    assert all(each.heard.startswith("听到第") and not each.keys for each in heard)
    assert told == [(done, len(WANTED)) for done in range(len(WANTED) + 1)]


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(Scripted(tmp_path, patience=5), tmp_path)
    kept = Results(tmp_path / "results.jsonl").kept
    assert len(kept) == 5
    again = Scripted(tmp_path)
    heard = run(again, tmp_path)
    assert sum(again.kinds.values()) == 2 * len(WANTED) - 5
    assert set(kept.values()) <= set(heard)
    assert len(heard) == 2 * len(WANTED)


def test_what_is_kept_is_neither_spoken_nor_heard_again(tmp_path: Path) -> None:
    heard = run(Scripted(tmp_path), tmp_path)
    idle = Scripted(tmp_path)
    assert run(idle, tmp_path) == heard
    assert not idle.spoken
    assert not idle.kinds


def test_another_listener_hears_all_of_it_anew(tmp_path: Path) -> None:
    run(Scripted(tmp_path), tmp_path)
    other = Scripted(tmp_path)
    run(other, tmp_path, listener="somebody else")
    assert sum(other.kinds.values()) == 2 * len(WANTED)


def test_a_line_that_was_cut_off_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    first, second = a_result("再见。", "再见"), a_result("您好。", "您好")
    Results(path).keep(first)
    path.write_text(path.read_text("utf-8") + second.written()[:40], "utf-8")
    results = Results(path)
    assert list(results.kept.values()) == [first]
    results.keep(second)
    assert list(Results(path).kept.values()) == [first, second]


def test_a_key_in_a_sound_is_told(tmp_path: Path) -> None:
    assert {each.keys for each in run(Scripted(tmp_path, keys=True), tmp_path) if each.line is Line.CLEAR} == {"5"}


def test_what_cannot_be_said_counts_and_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    mute = WANTED[0].sound.digest
    heard = run(Scripted(tmp_path, mute=frozenset({mute})), tmp_path)
    assert {each.failure for each in heard if each.clip == mute} == {"it has no voice"}
    again = Scripted(tmp_path)
    assert not any(each.failure for each in run(again, tmp_path))
    assert list(again.spoken) == [mute]


def test_a_recogniser_that_is_not_there_says_how_it_is_installed(tmp_path: Path) -> None:
    with (
        Recogniser(tmp_path / "bin/python", tmp_path) as recogniser,
        pytest.raises(RecogniserError, match="make voices"),
    ):
        recogniser(tmp_path / "a.wav", Language.CHINESE)


def test_a_recogniser_that_ends_is_an_error(tmp_path: Path) -> None:
    with Recogniser(Path("/bin/false"), tmp_path) as recogniser, pytest.raises(RecogniserError, match="ended"):
        recogniser(tmp_path / "a.wav", Language.CHINESE)
