"""What many calls share of the neural voice is made once: prompts are made sentence by sentence."""

import pytest

from audio.clips.pieces import Joined, Quiet
from audio.clips.sentences import STEP, by_sentence
from audio.clips.speech import Speech, by_engine
from audio.engines.engine import Engine
from audio.reading.syllables.names import Name
from audio.sound.pace import units
from core.i18n import Language

GREETING = "{}，您好。我是槐东社区的早安电话，这是自动电话。"


def neural(text: str, language: Language = Language.CHINESE, pace: int = 170, *names: Name) -> Speech | Joined:
    return by_sentence(by_engine(Speech(text, language, pace, names=names), Engine.NEURAL))


def said(sound: Speech | Joined) -> list[str]:
    return [piece.text for piece in sound.pieces if isinstance(piece, Speech)]


def test_two_greetings_differ_in_the_name_alone() -> None:
    wang, jia = (neural(GREETING.format(name), Language.CHINESE, 170, Name(name)) for name in ("王奶奶", "贾爷爷"))
    assert said(wang) == ["王奶奶，您好。", "我是槐东社区的早安电话，这是自动电话。"]
    assert wang.pieces[1] == Quiet(0.6)
    assert wang.pieces[2] == jia.pieces[2]
    assert wang.pieces[0].names == (Name("王奶奶"),)
    assert wang.pieces[2].names == ()


@pytest.mark.parametrize("pace", [110, 140, 170])
def test_sentences_and_the_rests_between_them_take_as_long_as_the_whole_is_to(pace: int) -> None:
    text = GREETING.format("王奶奶") + "您身体好吗？"
    sound = neural(text, Language.CHINESE, pace)
    rests = sum(piece.seconds for piece in sound.pieces if isinstance(piece, Quiet))
    spoken = sum(
        units(piece.text, Language.CHINESE) * 60 / piece.pace for piece in sound.pieces if isinstance(piece, Speech)
    )
    assert rests + spoken == pytest.approx(units(text, Language.CHINESE) * 60 / pace, rel=STEP / pace)


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("好。您一切都好。明天见。", Language.CHINESE, ["好。您一切都好。明天见。"]),
        ("您好！请按一，现在就按。好。", Language.CHINESE, ["您好！请按一，现在就按。好。"]),
        ("Good morning. This is an automatic call from your community. Thank you.", Language.ENGLISH,
         ["Good morning. This is an automatic call from your community. Thank you."]),
        ("Mrs. Wang, good morning to you. This is an automatic call. Please press a key now.", Language.ENGLISH,
         ["Mrs. Wang, good morning to you.", "This is an automatic call.", "Please press a key now."]),
        ("", Language.CHINESE, []),
    ],
)  # fmt: skip
def test_short_sentences_are_said_together_and_nothing_is_lost(
    text: str, language: Language, sentences: list[str]
) -> None:
    sound = neural(text, language)
    assert (said(sound) if isinstance(sound, Joined) else [sound.text] if text else []) == sentences


def test_pyttsx3_says_a_prompt_in_one_go() -> None:
    plain = Speech(GREETING.format("王奶奶"), Language.CHINESE, 170)
    assert by_sentence(plain) is plain
