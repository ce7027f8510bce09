"""Within a sentence people may be given time between phrases, and nowhere else."""

import pytest

from audio.engines.neural.phrases import phrase_ends
from audio.engines.neural.pieces import pieces
from core.i18n import Language


def parted(phonemes: str) -> str:
    ends = phrase_ends(phonemes)
    return "".join("|" if place in ends else symbol for place, symbol in enumerate(phonemes))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("您的家人会很快收到我们的消息。", 6),
        ("要是您一切都好，请按一。", 4),
        ("再见。", 1),
        ("好的。", 1),
    ],
)
def test_a_sentence_has_phrases_of_two_syllables_and_more(text: str, phrases: int) -> None:
    [piece] = pieces(text, Language.CHINESE, (), lambda _: "")
    assert len(parted(piece.phonemes).split("|")) == phrases


def test_nobody_rests_before_a_word_without_a_tone() -> None:
    assert parted("ʂɤ↘ʨʰy→ tɤ ɻə↗n xwei↘") == "ʂɤ↘ʨʰy→ tɤ|ɻə↗n xwei↘"


def test_short_words_belong_together_and_none_is_left_alone_at_the_end() -> None:
    assert parted("xwei↘ xə↓n kʰwai↘ ʂou→tau↘") == "xwei↘ xə↓n kʰwai↘|ʂou→tau↘"
    assert parted("ꭧau↘ku ni↗n") == "ꭧau↘ku ni↗n"
    assert parted("ʦai↘ xau↓, ni↗n") == "ʦai↘ xau↓,|ni↗n"


def test_a_syllable_that_ends_in_the_suffix_is_one() -> None:
    assert parted("wo↓ ꭧɤ↘ɚ jou↓ʂwei↓") == "wo↓ ꭧɤ↘ɚ|jou↓ʂwei↓"
    assert parted("ꭧɤ↘ɚ jou↓ʂwei↓") == "ꭧɤ↘ɚ jou↓ʂwei↓"
    assert parted("kʰʊ̃ɚ↘ jou↓ʂwei↓") == "kʰʊ̃ɚ↘ jou↓ʂwei↓"
    assert parted("ny↓ɚ↗ jou↓ʂwei↓") == "ny↓ɚ↗|jou↓ʂwei↓"


def test_a_comma_ends_a_phrase_however_short() -> None:
    assert parted("xau↓, i↓xou↘ pu↗ʦai↘") == "xau↓,|i↓xou↘|pu↗ʦai↘"


def test_in_english_a_word_without_a_stress_leans_on_the_next() -> None:
    assert parted("ðə mˈɔɹnɪŋ kˈɔl hæz ə pɹˈɑbləm.") == "ðə mˈɔɹnɪŋ|kˈɔl hæz ə pɹˈɑbləm."
