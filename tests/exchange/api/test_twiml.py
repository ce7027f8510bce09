import pytest
from twilio.twiml.voice_response import Gather as TwilioGather
from twilio.twiml.voice_response import VoiceResponse

from exchange.calls.conversation import spoken_seconds
from exchange.errors import CallError
from exchange.twiml.reader import Dial, Gather, Hangup, Listening, Method, Pause, Play, Prompts, Say, parse


def test_utterances_side_by_side_are_heard_in_one_go():
    document = b"<Response><Play>http://a/b.wav</Play><Pause/><Say loop='2'>hi</Say><Hangup/></Response>"
    prompts = Prompts((Play("http://a/b.wav", 1), Pause(1.0), Say("hi", None, 2)))
    assert parse(document) == [prompts, Hangup()]


def test_a_gather_has_twilios_defaults():
    assert parse(b"<Response><Gather/></Response>") == [
        Gather(Prompts(()), None, "#", 5.0, None, Method.POST, action_on_empty_result=False)
    ]


def test_what_twilios_own_library_writes_is_understood():
    response = VoiceResponse()
    gather = TwilioGather(
        input="dtmf", num_digits=1, finish_on_key="", timeout=7, action="/k", method="POST", action_on_empty_result=True
    )
    gather.say("你好", language="cmn-CN")
    response.append(gather)
    say = Prompts((Say("你好", "cmn-CN", 1),))
    assert parse(str(response).encode()) == [Gather(say, 1, "", 7.0, "/k", Method.POST, action_on_empty_result=True)]


def test_a_gather_for_speech_of_twilios_own_library_is_understood():
    gather = TwilioGather(
        input="dtmf speech", language="cmn-Hans-CN", hints="很好,不舒服", speech_timeout="auto", action="/k"
    )
    response = VoiceResponse()
    response.append(gather)
    [parsed] = parse(str(response).encode())
    assert (parsed.listening, parsed.hears_keys) == (Listening("cmn-Hans-CN", ("很好", "不舒服")), True)
    [spoken] = parse(b"<Response><Gather input='speech'/></Response>")
    assert (spoken.listening, spoken.hears_keys) == (Listening("en-US", ()), False)


@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        (b"", 12100, "no XML"),
        (b"<Reply/>", 12200, "<Reply>"),
        (b"<Response><Dial/></Response>", 12200, "<Dial>"),
        (b"<Response><Dial><Sip>sip:a@b</Sip></Dial></Response>", 12200, "<Sip>"),
        (b"<Response><Dial record='true'>+862</Dial></Response>", 12200, "record"),
        (b"<Response><Number>+862</Number></Response>", 12200, "<Number>"),
        (b"<Response version='2'/>", 12200, "version"),
        (b"<Response><Gather input='dtmf video'/></Response>", 12200, "video"),
        (b"<Response><Gather input=''/></Response>", 12200, "input"),
        (b"<Response><Gather hints='yes'/></Response>", 12200, "waits for no speech"),
        (b"<Response><Gather input='speech' speechTimeout='soon'/></Response>", 12200, "speechTimeout='soon'"),
        (b"<Response><Gather input='speech' hints='" + b"x" * 101 + b"'/></Response>", 12200, "100 characters"),
        (b"<Response><Gather timeout='auto'/></Response>", 12200, "timeout='auto'"),
        (b"<Response><Gather actionOnEmptyResult='yes'/></Response>", 12200, "neither true nor false"),
        (b"<Response><Gather><Hangup/></Gather></Response>", 12200, "<Hangup>"),
        (b"<Response><Say><Play/></Say></Response>", 12200, "<Say> holds no"),
        (b"<Response><Play/></Response>", 12200, "<Play> is empty"),
        (b"<Response><Redirect method='PUT'>/x</Redirect></Response>", 12200, "PUT"),
    ],
)
def test_what_is_not_carried_out_is_an_error_that_says_what(document, code, said):
    with pytest.raises(CallError) as raised:
        parse(document)
    assert raised.value.code == code
    assert said in raised.value.what


def test_a_dial_of_twilios_own_library_is_understood():
    response = VoiceResponse()
    dial = response.dial(caller_id="+861", timeout=20, time_limit=600, answer_on_bridge=True, action="/over")
    dial.number("+862", url="/whisper", status_callback="/status", status_callback_event="answered completed")
    assert parse(str(response).encode()) == [
        Dial("+862", "+861", 20.0, 600.0, "/over", Method.POST, "/whisper", Method.POST, "/status", Method.POST,
             frozenset({"answered", "completed"}))
    ]  # fmt: skip


def test_a_dial_has_twilios_defaults():
    assert parse(b"<Response><Dial>+862</Dial></Response>") == [
        Dial("+862", None, 30.0, 14400.0, None, Method.POST, None, Method.POST, None, Method.POST,
             frozenset({"completed"}))
    ]  # fmt: skip


def test_chinese_is_timed_by_the_character_and_english_by_the_word():
    assert spoken_seconds("您好您好您好您好您好") == pytest.approx(3.5)
    assert spoken_seconds("Good morning to you") == pytest.approx(1.4)
    assert spoken_seconds("早安 Zao'an") == pytest.approx(1.05)
