"""English in the alphabet of the voice, each clause with its mark. espeak has a process of its own."""

import json
import subprocess
import sys

import pytest

SAY = """
import json, sys
from audio.engines.neural.english_phonemes import EnglishPhonemes
voice = EnglishPhonemes()
print(json.dumps([voice.of(text) for text in json.loads(sys.argv[1])]))
"""
SAID = {
    "If all is well, please press one.": "ɪf ˈɔl ɪz wˈɛl, plˈiz pɹˈɛs wˌʌn.",
    "Good morning, Mr. Wang! How are you today?": "ɡˈʊd mˈɔɹnɪŋ, mˈɪstəɹ wˈæŋɡ! hˌW ɑɹ ju tədˈA?",
    "“Hello,” she said; or wait…": "həlˈO, ʃi sˈɛd; ɔɹ wˈAt…",
    "'s morning call": "z mˈɔɹnɪŋ kˈɔl",
    "Wang's door": "wˈæŋɡz dˈɔɹ",
    "...": "",
    "": "",
}


@pytest.fixture(scope="module")
def said():
    run = subprocess.run(
        [sys.executable, "-c", SAY, json.dumps(list(SAID))], capture_output=True, text=True, check=True
    )
    return dict(zip(SAID, json.loads(run.stdout), strict=True))


@pytest.mark.parametrize("text", SAID)
def test_each_clause_keeps_its_mark(said, text):
    assert said[text] == SAID[text]
