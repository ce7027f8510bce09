"""The contract of the port, for every adapter: a reply in the provider's words says what was asked."""

from dataclasses import replace

import pytest

from ivr.ports.provider import Bridge, Connection, Dial, Gather, Hangup, Hearing, Pause, Record, Sound, Speech
from tests.ivr.ports.bench import OURS, Document

KEY_URL, CLIP = "https://us.example/turns/1?step=ask-0&play=1", "https://us.example/audio/1.wav"
SAID = (Speech("早安，王奶奶", "zh-CN"), Pause(2), Sound(CLIP), Speech("Press 1 & hang up", "en"))
HEARD = ("早安，王奶奶", 2, CLIP, "Press 1 & hang up")
FETCHABLE = "https://us.example/turns/1/recording"
CONNECTION = Connection("+8613900000001", OURS, 25, 600, "https://us.example/whisper", "https://us.example/status")
REPLIES = {
    "words, and the end": (Hangup(SAID), Document(HEARD)),
    "nothing, and the end": (Hangup(()), Document(())),
    "a key": (Gather(SAID, KEY_URL, 8), Document(HEARD, asks=(KEY_URL, 1, 8, True, ()))),
    "a number": (Gather(SAID, KEY_URL, 12, digits=6), Document(HEARD, asks=(KEY_URL, 6, 12, True, ()))),
    "a key before the end": (Gather(SAID, KEY_URL, 1, closes=True), Document(HEARD, asks=(KEY_URL, 1, 1, False, ()))),
    "a key or a word": (
        Gather(SAID, KEY_URL, 8, hearing=Hearing("zh-CN", ("好", "不舒服"))),
        Document(HEARD, asks=(KEY_URL, 1, 8, True, ("好", "不舒服"))),
    ),
    "a recording": (
        Record(SAID, KEY_URL, 60, 6, FETCHABLE),
        Document(HEARD, records=(KEY_URL, 60, 6, FETCHABLE)),
    ),
    "somebody else": (
        Dial(SAID, KEY_URL, CONNECTION),
        Document(HEARD, connects=(KEY_URL, CONNECTION.number, OURS, 25, 600, CONNECTION.whisper_url,
                                  CONNECTION.status_url)),
    ),
    "with whoever waits": (Bridge(SAID), Document(HEARD, bridges=True)),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "document"), REPLIES.values(), ids=REPLIES)
def test_a_reply_says_what_was_asked(bench, reply, document):
    assert bench.read(bench.telephony.render(reply)) == bench.understands(document)


@pytest.mark.parametrize("name", ["words, and the end", "nothing, and the end"])
def test_after_the_last_words_the_line_goes_dead(bench, name):
    assert bench.read(bench.telephony.render(REPLIES[name][0])).ends


def test_after_these_words_another_address_is_asked(bench):
    assert bench.read(bench.telephony.render_redirect(SAID, KEY_URL)) == Document(HEARD, goes_on=KEY_URL)


def test_pinyin_changes_no_word_that_is_said(bench):
    parts = (("早", ("zao3",)), ("安", ("an1",)), ("，女士", ()))
    said = Speech("早安，女士", "zh-CN", "Polly.Zhiyu-Neural", parts)
    for speech in (said, replace(said, voice=None)):
        assert bench.read(bench.telephony.render(Hangup((speech,)))).heard == ("早安，女士",)


def test_no_character_of_a_name_makes_the_reply_unreadable(bench):
    said = Speech('王<&>"奶\u200b奶\x07\ufffe\ud800', "zh-CN")
    [heard] = bench.read(bench.telephony.render(Hangup((said,)))).heard
    assert heard.startswith('王<&>"奶')


def test_a_text_is_thanked_for_in_silence(bench):
    assert bench.is_silent_thanks(bench.telephony.thanks())
    assert "/" in bench.telephony.reply_type
