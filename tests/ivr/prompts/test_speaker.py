"""Which sound says a prompt: a recording, our voice, or the provider's, in the order that was chosen."""

from dataclasses import replace
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pytest

from audio.child import ChildFailedError
from audio.clips.clip_addresses import ClipAddresses
from audio.clips.pieces import Joined, Kept, Quiet
from audio.clips.speech import Speech, by_engine
from audio.clips.store import ClipStore
from audio.engines.engine import Engine
from audio.reading.syllables.names import Name
from audio.sound.telephone import as_ulaw
from audio.voice import ATTEMPTS, SpeechFailed, Voice, VoiceSilentError
from core.i18n import Language
from core.settings import Settings
from core.timbre import Timbre
from exchange.twiml import reader
from exchange.twiml.verbs import Prompts
from ivr.dialogue.catalogue import MELODY
from ivr.dialogue.engine import Dialogue, End, Prompt, begin
from ivr.listener import PLAIN, Overlay
from ivr.ports.provider import Hangup, Pause, Sound
from ivr.ports.provider import Speech as ByProvider
from ivr.prompts.composing import recorded_sound
from ivr.prompts.sources import Source
from ivr.prompts.speaker import Speaker
from ivr.provider.twilio.adapter import TwilioTelephony

CALLED = {"called": "王奶奶", "community": "槐东社区"}
GREETING = Prompt(key="check_in.greeting", words=CALLED)
OK = Prompt(key="check_in.ok")
FILE = as_ulaw(np.full(4000, 0.1, dtype=np.float32))
FAMILIAR = "f" * 40
ADDRESSES = ClipAddresses("http://here", "of this house")


def dialogue(*prompts, pace=None):
    return Dialogue(name="one", language="zh-CN", first="only", steps={"only": End(prompts=prompts)}, pace=pace)


def voicing(text):
    return Speech(text, Language.CHINESE, 170)


class Room:
    """A speaker whose voice cannot render, with whatever clips the test puts there."""

    def __init__(self, folder, keeper=lambda digest: None, **chosen):
        self.store = ClipStore(folder)
        voice = Voice(self.store, worker=("false",), keeper=keeper)
        self.speaker = Speaker(voice, ADDRESSES, **chosen)

    def has(self, sound):
        self.store.put(sound.digest, FILE)
        return ADDRESSES.url(sound.digest)

    def said(self, *prompts, overlay=PLAIN, pace=None):
        spoken = dialogue(*prompts, pace=pace)
        return self.speaker.reply(begin(spoken), spoken, "", None, overlay).utterances


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_our_own_clip_says_it_and_the_provider_where_there_is_none(room):
    url = room.has(voicing("好的，您一切都好。"))
    assert room.said(OK, GREETING, MELODY) == (
        Sound(url),
        ByProvider("王奶奶，您好。我是槐东社区的早安电话，这是自动电话。", "zh-CN"),
        Pause(3),
    )


def test_pace_and_voice_are_the_residents_own(room):
    url = room.has(Speech("好的，您一切都好。", Language.CHINESE, 140, Timbre.FEMALE))
    assert room.said(OK, overlay=Overlay(timbre=Timbre.FEMALE), pace=140) == (Sound(url),)
    assert isinstance(room.said(OK, pace=140)[0], ByProvider)


def test_the_provider_s_voice_may_come_first_but_never_before_a_recording(tmp_path):
    room = Room(tmp_path, engines=(), provider_voices={Language.CHINESE: "Polly.Zhiyu-Neural"})
    room.has(voicing("好的，您一切都好。"))
    by_provider = ByProvider("好的，您一切都好。", "zh-CN", "Polly.Zhiyu-Neural")
    assert room.said(OK) == (by_provider,)
    assert room.speaker.say(OK, Language.CHINESE) == by_provider
    assert room.speaker.is_ready(dialogue(OK))
    assert room.said(OK, overlay=Overlay(recordings={"好的，您一切都好": FAMILIAR})) == (by_provider,)
    url = room.has(Kept(FAMILIAR))
    assert room.said(OK, overlay=Overlay(recordings={"好的，您一切都好": FAMILIAR})) == (Sound(url),)


def test_a_recording_is_played_and_our_voice_helps_out_when_it_is_gone(tmp_path):
    kept = {FAMILIAR: FILE}
    room, overlay = Room(tmp_path, kept.get), Overlay(recordings={"好的，您一切都好": FAMILIAR})
    spoken, ours = dialogue(OK), room.has(voicing("好的，您一切都好。"))
    assert not room.speaker.is_ready(spoken, overlay)
    assert list(room.speaker.prepare(room.speaker.lacking(spoken, overlay))) == []
    assert room.speaker.is_ready(spoken, overlay)
    assert room.said(OK, overlay=overlay) == (Sound(ADDRESSES.url(FAMILIAR)),)
    (tmp_path / f"{FAMILIAR}.wav").unlink()
    kept.clear()
    assert [failure.reason for failure in room.speaker.prepare(room.speaker.lacking(spoken, overlay))] == [
        "the recording is no longer kept"
    ]
    assert room.said(OK, overlay=overlay) == (Sound(ours),)


def test_the_first_failure_of_a_silent_voice_is_told_at_once_and_nothing_more_is_tried(room, monkeypatch):
    asked = []
    monkeypatch.setattr(room.speaker._voice, "_attempt", partial(_dies, asked))
    failures = room.speaker.prepare(room.speaker.lacking(dialogue(OK, GREETING)))
    assert isinstance(next(failures), VoiceSilentError)
    assert len(asked) == ATTEMPTS, "the first prompt was tried, and no other one before it was told"
    assert list(failures) == []
    assert len(asked) == ATTEMPTS


def test_words_that_cannot_be_said_keep_no_others_from_being_said(room, monkeypatch):
    monkeypatch.setattr(room.speaker._voice, "_attempt", lambda *_: FILE)
    strange = Prompt(key="check_in.greeting", words=CALLED | {"called": "ع"})
    failures = list(room.speaker.prepare(room.speaker.lacking(dialogue(strange, OK))))
    assert [type(each) for each in failures] == [SpeechFailed]
    assert isinstance(room.said(OK)[0], Sound)


BOTH = (Engine.NEURAL, Engine.PYTTSX3)


@pytest.fixture
def with_both(tmp_path):
    return Room(tmp_path, engines=BOTH)


def neural(text, **more):
    return by_engine(Speech(text, Language.CHINESE, 170, **more), Engine.NEURAL)


def test_the_neural_voice_says_what_it_has_a_clip_for_and_pyttsx3_the_rest(with_both):
    simpler = with_both.has(voicing("好的，您一切都好。"))
    assert with_both.said(OK) == (Sound(simpler),)
    better = with_both.has(neural("好的，您一切都好。"))
    assert with_both.said(OK) == (Sound(better),)
    assert with_both.speaker.say(OK, Language.CHINESE) == Sound(better)


def test_where_the_neural_voice_fails_pyttsx3_speaks_and_it_is_not_asked_for_every_prompt(with_both, monkeypatch):
    asked = []

    def attempt(_mouth, speech, words):
        asked.append((speech.engine, words))
        if speech.engine is Engine.NEURAL:
            raise ChildFailedError("it could not be loaded")
        return FILE

    monkeypatch.setattr(with_both.speaker._voice, "_attempt", attempt)
    failures = list(with_both.speaker.prepare(with_both.speaker.lacking(dialogue(OK, GREETING))))
    assert {(each.engine, each.reason) for each in failures} == {(Engine.NEURAL, "it could not be loaded")}
    assert [engine for engine, _ in asked] == [Engine.NEURAL] * ATTEMPTS + [Engine.PYTTSX3] * 2
    assert with_both.speaker.is_resting(Engine.NEURAL)
    assert all(isinstance(each, Sound) for each in with_both.said(OK, GREETING))


def test_what_nothing_can_say_yet_the_quicker_voice_says_and_then_the_better_one(with_both, monkeypatch):
    asked = []
    monkeypatch.setattr(with_both.speaker._voice, "_attempt", lambda _, speech, __: asked.append(speech.engine) or FILE)
    for _ in range(2):
        assert list(with_both.speaker.prepare_quickly(with_both.speaker.lacking(dialogue(OK, GREETING)))) == []
    assert asked == [Engine.PYTTSX3] * 2
    assert with_both.speaker.lacking(dialogue(OK, GREETING)).is_audible()
    assert not with_both.speaker.is_ready(dialogue(OK, GREETING))
    for _ in range(2):
        assert list(with_both.speaker.prepare(with_both.speaker.lacking(dialogue(OK, GREETING)))) == []
    assert asked[2:] == [Engine.NEURAL] * 3, "the greeting is two sentences of the neural voice"
    assert list(with_both.speaker.prepare_quickly(with_both.speaker.lacking(dialogue(OK, GREETING)))) == []
    assert len(asked) == 5, "everything is there"


def test_a_recorded_name_is_joined_with_the_next_voice_where_the_first_one_fails(with_both, monkeypatch):
    overlay = Overlay(recordings={"王奶奶": FAMILIAR})
    with_both.has(Kept(FAMILIAR))

    def attempt(_mouth, speech, _words):
        if speech.engine is Engine.NEURAL:
            raise ChildFailedError("the voice died")
        return FILE

    monkeypatch.setattr(with_both.speaker._voice, "_attempt", attempt)
    list(with_both.speaker.prepare(with_both.speaker.lacking(dialogue(GREETING), overlay)))
    joined = recorded_sound(GREETING, Language.CHINESE, overlay, voicing)
    assert with_both.said(GREETING, overlay=overlay) == (Sound(ADDRESSES.url(joined.digest)),)


def test_a_clip_of_one_engine_or_model_is_none_of_another():
    ours = by_engine(voicing("您好"), Engine.NEURAL, "own.onnx 5 7")
    assert len({voicing("您好").digest, neural("您好").digest, ours.digest}) == 3
    assert by_engine(ours, Engine.PYTTSX3, "own.onnx 5 7").digest == voicing("您好").digest


def test_of_the_neural_voice_two_greetings_share_all_but_the_name(with_both, monkeypatch):
    asked = []
    monkeypatch.setattr(with_both.speaker._voice, "_attempt", lambda _, speech, words: asked.append(words) or FILE)
    for called in ("王奶奶", "李爷爷"):
        list(with_both.speaker.prepare(with_both.speaker.lacking(dialogue(replace_called(called)))))
        [heard] = with_both.speaker.aloud([replace_called(called)], dialogue(GREETING))
        assert heard.source is Source.NEURAL
    assert asked == ["王奶奶，您好。", "我是槐东社区的早安电话，这是自动电话。", "李爷爷，您好。"]


def replace_called(called):
    return Prompt(key="check_in.greeting", words=CALLED | {"called": called})


def _dies(asked, _mouth, _speech, words):
    asked.append(words)
    raise ChildFailedError("the voice died")


def test_a_recorded_name_is_joined_with_our_voice():
    heard = recorded_sound(GREETING, Language.CHINESE, Overlay(recordings={"王奶奶": "a" * 40}), voicing)
    rest = "您好。我是槐东社区的早安电话，这是自动电话"
    assert heard == Joined((Kept("a" * 40), Quiet(0.2), voicing(rest)))


def test_recorded_parts_are_joined_with_a_spoken_name():
    parts = {"您好。我是": "a" * 40, "的早安电话，这是自动电话": "b" * 40}
    heard = recorded_sound(GREETING, Language.CHINESE, Overlay(recordings=parts), voicing)
    assert heard == Joined((voicing("王奶奶"), Quiet(0.2), Kept("a" * 40), voicing("槐东社区"), Kept("b" * 40)))


def test_a_whole_recording_comes_before_its_parts():
    recordings = {"王奶奶": "a" * 40, "王奶奶，您好。我是槐东社区的早安电话，这是自动电话": "c" * 40}
    assert recorded_sound(GREETING, Language.CHINESE, Overlay(recordings=recordings), voicing) == Kept("c" * 40)


def test_nothing_is_joined_where_nothing_of_it_was_recorded():
    assert recorded_sound(OK, Language.CHINESE, Overlay(recordings={"王奶奶": "a" * 40}), voicing) is None


def test_empty_gaps_and_marks_are_quiet_between_the_others():
    details = Prompt(key="page.details", words={"name": "王奶奶", "place": "3号楼", "access": ""})
    heard = recorded_sound(details, Language.CHINESE, Overlay(recordings={"王奶奶": "a" * 40}), voicing)
    assert heard == Joined((Kept("a" * 40), Quiet(0.2), voicing("3号楼。再听一遍，请按3。和这位居民通话，请按4")))


def test_the_provider_is_told_which_of_its_voices_to_use():
    telephony = TwilioTelephony("AC", "token", "http://127.0.0.1:1")
    named = telephony.render(Hangup((ByProvider("您好", "zh-CN", "Polly.Zhiyu-Neural"),)))
    assert ElementTree.fromstring(named).find("Say").attrib == {"language": "cmn-CN", "voice": "Polly.Zhiyu-Neural"}
    plain = telephony.render(Hangup((ByProvider("您好", "zh-CN"),)))
    assert ElementTree.fromstring(plain).find("Say").attrib == {"language": "cmn-CN"}


def test_a_provider_s_voice_that_takes_pinyin_is_told_how_a_name_is_read(tmp_path):
    room = Room(tmp_path, engines=(), provider_voices={Language.CHINESE: "Polly.Zhiyu-Neural"})
    greeting = Prompt(key="unknown.greeting", words={"called": "盖奶奶"})
    said = room.said(greeting, overlay=Overlay(readings={"盖奶奶": "盖=gai4"}))
    document = TwilioTelephony("AC", "token", "http://127.0.0.1:1").render(Hangup(said))
    say = ElementTree.fromstring(document).find("Say")
    (phoneme,) = say
    assert (phoneme.tag, phoneme.attrib) == ("phoneme", {"alphabet": "x-amazon-pinyin", "ph": "gai4"})
    assert (phoneme.text, phoneme.tail) == ("盖", "奶奶，您好。")
    ((heard,),) = [each.utterances for each in reader.parse(document.encode()) if isinstance(each, Prompts)]
    assert heard.text == "盖奶奶，您好。"
    plain = TwilioTelephony("AC", "token", "http://127.0.0.1:1").render(Hangup((replace(said[0], voice=None),)))
    assert ElementTree.fromstring(plain).find("Say").text == "盖奶奶，您好。"


def test_the_provider_s_voices_are_a_setting():
    chosen = Settings(twilio_voices="zh-CN=Polly.Zhiyu-Neural, en=Polly.Joanna-Neural", voice="provider")
    assert chosen.twilio_voices == {Language.CHINESE: "Polly.Zhiyu-Neural", Language.ENGLISH: "Polly.Joanna-Neural"}
    assert Settings(twilio_voices=chosen.model_dump(mode="json")["twilio_voices"]).twilio_voices == chosen.twilio_voices
    with pytest.raises(ValueError, match="'fr' names no voice; write it like zh-CN="):
        Settings(twilio_voices="fr=Polly.Lea")


def test_a_surname_is_spoken_as_a_surname_and_as_its_family_reads_it(room):
    """盖 is ge3 by the list of surnames and gai4 in this family: two sounds, of which each has its own clip."""
    prompt = Prompt(key="unknown.greeting", words={"called": "盖奶奶"})
    text = "盖奶奶，您好。"
    by_list = room.has(Speech(text, Language.CHINESE, 170, names=(Name("盖奶奶"),)))
    assert room.said(prompt) == (Sound(by_list),)
    own = Overlay(readings={"盖奶奶": "盖=gai4"})
    assert isinstance(room.said(prompt, overlay=own)[0], ByProvider)
    by_family = room.has(Speech(text, Language.CHINESE, 170, names=(Name("盖奶奶", (("盖", "gai4"),)),)))
    assert room.said(prompt, overlay=own) == (Sound(by_family),)
