"""Readings by the phonemes of the voice: what is heard, whatever stands between the text and the voice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
LINES = (HERE / "readings.txt").read_text("utf-8").splitlines()
CASES = [tuple(line.split("\t")) for line in LINES if line and not line.startswith("#")]
PHONEMES = """
import json, re, sys
from audio.reading.characters import HAN
from audio.reading.syllables.names import name_from
from audio.reading.passages import passages
from audio.reading.syllables.phonemes import Phonemes
from audio.reading.read_aloud import read_aloud
from core.i18n import Language
phonemes = Phonemes()
def bare(said):
    return re.sub(r"[^A-Za-z0-9;:.@&]", "", said.replace("\\n", ""))
def heard(text, names):
    language = Language.CHINESE if re.match(f"[{HAN}\\\\d]", text) else Language.ENGLISH
    said = passages(read_aloud(text, language), language, names)
    return bare("".join(phonemes.of(each.words) for each in said if each.language is Language.CHINESE))
cases = json.load(sys.stdin)
print(json.dumps([[heard(text, [name_from(each) for each in names]),
                   bare("".join(phonemes.of(each) for each in syllables))] for text, syllables, names in cases]))
"""


@pytest.fixture(scope="module")
def spoken() -> dict[str, tuple[str, str]]:
    """Text → the phonemes that are heard, and those of its syllables said one by one; in a process of its own."""
    asked = [(text, syllables.split(), names) for text, syllables, *names in CASES]
    program = [sys.executable, "-c", PHONEMES]
    answer = subprocess.run(program, input=json.dumps(asked), capture_output=True, text=True, check=True, cwd=ROOT)
    return {text: tuple(pair) for (text, *_), pair in zip(asked, json.loads(answer.stdout), strict=True)}


ENGLISH_LINES = (HERE / "english_readings.txt").read_text("utf-8").splitlines()
ENGLISH_CASES = [line.split("\t") for line in ENGLISH_LINES if line and not line.startswith("#")]
NAMES = [line.split("\t") for line in (HERE / "english_names.txt").read_text("utf-8").splitlines() if "\t" in line]
ENGLISH_PHONEMES = """
import json, re, sys
from audio.reading.syllables import phonemes
from audio.reading.passages import passages
from audio.reading.read_aloud import read_aloud
from core.i18n import Language
phonemes.VOICE = b"gmw/en-us"
voice = phonemes.Phonemes()
def bare(said):
    return re.sub("[^A-Za-z0-9@]", "", said).replace("2", "")
def heard(text):
    said = passages(read_aloud(text, Language.ENGLISH), Language.ENGLISH)
    return bare("".join(voice.of(each.words) for each in said))
cases, names = json.load(sys.stdin)
print(json.dumps([[[heard(text), bare(voice.of(words))] for text, words in cases], [heard(each) for each in names]]))
"""


@pytest.fixture(scope="module")
def said_in_english() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Text → the phonemes that are heard, and those of its words; name → its phonemes. In a process of its own."""
    program = [sys.executable, "-c", ENGLISH_PHONEMES]
    asked = json.dumps([ENGLISH_CASES, [name for name, _ in NAMES]])
    answer = subprocess.run(program, input=asked, capture_output=True, text=True, check=True, cwd=ROOT)
    cases, names = json.loads(answer.stdout)
    return (
        dict(zip((text for text, _ in ENGLISH_CASES), cases, strict=True)),
        dict(zip((name for name, _ in NAMES), names, strict=True)),
    )


@pytest.mark.parametrize("text", [text for text, _ in ENGLISH_CASES])
def test_the_english_voice_says_what_a_person_would_say(
    said_in_english: tuple[dict[str, list[str]], dict[str, str]], text: str
) -> None:
    heard, meant = said_in_english[0][text]
    assert heard == meant


@pytest.mark.parametrize(("name", "phonemes"), NAMES)
def test_the_english_voice_says_a_name_as_people_do(
    said_in_english: tuple[dict[str, list[str]], dict[str, str]], name: str, phonemes: str
) -> None:
    assert said_in_english[1][name] == phonemes


@pytest.mark.parametrize("text", [text for text, *_ in CASES])
def test_the_voice_says_what_a_person_would_say(spoken: dict[str, tuple[str, str]], text: str) -> None:
    heard, meant = spoken[text]
    assert heard == meant
