"""The neural voice itself, with its real model: what it writes, at which pace, and in whose voice."""

from pathlib import Path

import pytest
import soundfile

from audio.clips.pieces import Joined
from audio.clips.sentences import by_sentence
from audio.clips.speech import Speech
from audio.engines.engine import Engine
from audio.engines.neural.model import Utterance
from audio.engines.neural.neural_engine import MEN, USUAL_PACE, WOMEN, NeuralEngine
from audio.engines.neural.neural_engine import plan as planned_for
from audio.engines.neural.pieces import pieces
from audio.engines.neural.timing import spoken_seconds
from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import named
from audio.sound.checks import BadRenderingError
from audio.sound.pace import MEASURABLE_UNITS, units
from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, measure, read
from benchmarks.voices.utterances import utterances
from core.i18n import Language
from core.timbre import Timbre

SENTENCE = "要是您一切都好，请按一。"
PACE_WITHIN = 0.06
"""160 to 180 characters a minute where 170 are wanted."""
PACES = {Language.CHINESE: (110, 140, 170, 200), Language.ENGLISH: (90, 110, 130, 150)}
ENGLISH = "If all is well, please press one."


@pytest.fixture(scope="module")
def engine() -> NeuralEngine:
    return NeuralEngine()


@pytest.mark.parametrize("timbre", [Timbre.FEMALE, Timbre.MALE])
@pytest.mark.parametrize(
    ("text", "language", "pace"), [(SENTENCE, Language.CHINESE, 170), (ENGLISH, Language.ENGLISH, 130)]
)
def test_what_it_writes_is_what_a_telephone_plays_at_about_the_pace(
    engine: NeuralEngine, tmp_path: Path, text: str, language: Language, pace: int, timbre: Timbre
) -> None:
    path = tmp_path / "said.wav"
    seconds = engine.record(text, language, pace, str(path), timbre)
    assert (soundfile.info(path).samplerate, soundfile.info(path).subtype) == (8000, "ULAW")
    heard = measure(*read(path))
    assert heard.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert heard.peak_dbfs <= PEAK_DBFS
    assert heard.activity.seconds == pytest.approx(seconds, abs=0.3)
    assert units(text, language) * 60 / seconds == pytest.approx(pace, rel=PACE_WITHIN)


@pytest.fixture(scope="module")
def sentences(engine: NeuralEngine) -> list[tuple[str, Language, list[Utterance]]]:
    """Sentences of the shipped prompts that are long enough to have a pace, as either voice of a language says them."""
    found = []
    for language in Language:
        asked = [each.speech(Engine.NEURAL) for each in utterances(language, names=1, limit=16)]
        sounds = [by_sentence(each) for each in asked]
        parts = {part for each in sounds for part in (each.pieces if isinstance(each, Joined) else [each])}
        for part in sorted((each for each in parts if isinstance(each, Speech)), key=lambda each: each.text)[:30]:
            text = read_aloud(part.text, language)
            said = pieces(text, language, part.names, engine._english)
            if len(said) == 1 and units(text, language) >= MEASURABLE_UNITS[language]:
                found += [
                    (text, language, [engine._model.utterance(each.phonemes, voices[each.language]) for each in said])
                    for voices in (WOMEN, MEN)
                ]
    return found


@pytest.mark.parametrize("which", range(4))
def test_every_single_sentence_is_planned_at_its_pace(sentences, which: int) -> None:
    """By the lengths that the voice expects: what is drawn then is given exactly the quiet that it lacks."""
    beside = []
    for text, language, said in sentences:
        pace = PACES[language][which]
        wanted = units(text, language) * 60 / pace
        plan = planned_for(said, wanted, max(1.0, USUAL_PACE[language] / pace))
        spoken = sum(spoken_seconds(each.expected.lengths, plan.speed) for each in said)
        quiet = plan.quiet_seconds if any(each.expected.breaks for each in said) else 0.0
        beside.append((abs((spoken + quiet) / wanted - 1), text))
    assert len(beside) > 40
    assert max(beside) <= (PACE_WITHIN, "")


@pytest.mark.long
def test_who_wants_it_slower_hears_it_slower(engine: NeuralEngine, tmp_path: Path) -> None:
    slow, usual, quick = (
        engine.record(SENTENCE, Language.CHINESE, pace, str(tmp_path / "x.wav"), Timbre.USUAL)
        for pace in (110, 170, 240)
    )
    assert slow > usual * 1.15
    assert usual > quick * 1.1


@pytest.mark.long
def test_a_sentence_is_as_a_rule_drawn_once(engine: NeuralEngine, tmp_path: Path, monkeypatch) -> None:
    drawn = []
    spoken = engine._model.spoken
    monkeypatch.setattr(engine._model, "spoken", lambda *asked: drawn.append(asked) or spoken(*asked))
    for pace in (150, 190, 230):
        engine.record("您的家人会很快收到我们的消息。", Language.CHINESE, pace, str(tmp_path / "x.wav"), Timbre.FEMALE)
    assert len(drawn) <= 4


def test_a_long_sentence_is_parted_at_a_comma_and_keeps_all_its_words() -> None:
    clause = "我们会马上告诉社区的工作人员"
    [whole] = pieces(f"{clause}。", Language.CHINESE, (), lambda _: "")
    first, *more = pieces(f"{clause}，{clause}，{clause}，{clause}。", Language.CHINESE, (), lambda _: "")
    assert len(more) == 1
    assert first.phonemes.endswith(",")
    assert first.pause_seconds < more[0].pause_seconds
    assert (first.phonemes + more[0].phonemes).count(whole.phonemes.rstrip(".")) == 4


def test_a_text_without_a_sound_is_refused(engine: NeuralEngine, tmp_path: Path) -> None:
    with pytest.raises(BadRenderingError):
        engine.record("……", Language.CHINESE, 170, str(tmp_path / "x.wav"), Timbre.USUAL)


def test_a_name_is_said_as_its_family_says_it_and_a_surname_as_surnames_are() -> None:
    def said(text: str, reading: str = "") -> str:
        return pieces(text, Language.CHINESE, [named(text, reading)], lambda _: "")[0].phonemes

    assert said("盖奶奶").startswith("kɤ↓")
    assert said("盖奶奶", "盖=gai4").startswith("kai↘")
    assert said("单奶奶").startswith("ʂa↘n")


def test_marks_stay_and_every_sentence_is_a_piece_of_its_own() -> None:
    first, second = pieces("您好，王奶奶。再见！", Language.CHINESE, (), lambda _: "")
    assert first.phonemes.endswith(".")
    assert "," in first.phonemes
    assert first.pause_seconds == 0.6
    assert second.phonemes.endswith("!")


def test_a_chinese_name_in_an_english_text_is_said_by_the_mandarin_voice() -> None:
    parts = pieces("Good morning, 王桂兰, how are you?", Language.ENGLISH, (), lambda text: text.strip())
    assert [each.language for each in parts] == [Language.ENGLISH, Language.CHINESE, Language.ENGLISH]
