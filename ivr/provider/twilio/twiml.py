"""TwiML: replies in the provider's own words. Only this room and the Twilio adapter beside it know them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from unicodedata import category

from twilio.twiml import voice_response as twiml
from twilio.twiml.voice_response import VoiceResponse

from ivr.ports.provider import (
    Bridge,
    Connection,
    Dial,
    Gather,
    Hangup,
    Hearing,
    Pause,
    Record,
    Reply,
    Sound,
    Speech,
    Utterance,
)

SAY_LANGUAGES = {"zh-CN": "cmn-CN", "en": "en-US"}
_SILENT: Final = {"Cc": " ", "Cf": "", "Cs": "", "Co": ""}
_TAKES_PINYIN: Final = "Polly.Zhiyu"
"""Amazon's Mandarin voices take pinyin in SSML, tones 0 to 4 (Amazon Polly's developer guide, "Chinese (Mandarin)"); a
``Say`` passes it on (Twilio's change log, alphabets of ``phoneme``). How they write ü is not said: it is left out."""
HEARD_LANGUAGES = {"zh-CN": "cmn-Hans-CN", "en": "en-US"}


def of_reply(reply: Reply) -> str:
    """What somebody hears next. It is said inside the Gather, or keys pressed while it is said would be lost."""
    response = VoiceResponse()
    if isinstance(reply, Gather):
        response.append(_gather(reply))
        if reply.closes:
            response.hangup()
        return str(response)
    _speak(response, reply.utterances)
    match reply:
        case Record():
            _record(response, reply)
        case Dial():
            _dial(response, reply.connection, reply.url)
        case Hangup():
            response.hangup()
        case Bridge():
            pass  # a document that ends without a verb connects whom a Dial rang with whoever waits for them
    return str(response)


def _gather(reply: Gather) -> twiml.Gather:
    gather = twiml.Gather(
        **_input(reply.hearing),
        num_digits=reply.digits,
        finish_on_key="" if reply.digits == 1 else "#",
        timeout=reply.wait_seconds,
        action=reply.url,
        method="POST",
        action_on_empty_result=not reply.closes,
    )
    _speak(gather, reply.utterances)
    return gather


def of_redirect(utterances: Sequence[Utterance], url: str) -> str:
    """Words, and where to go on.

    A ``Redirect`` loses the form of the request it answers, so ``url`` carries what must not be lost.
    """
    response = VoiceResponse()
    _speak(response, utterances)
    response.redirect(url, method="POST")
    return str(response)


def _input(hearing: Hearing | None) -> dict[str, str]:
    """Keys, and words where they are to be recognised; ``auto`` takes the end of a sentence for the end of the answer.

    https://www.twilio.com/docs/voice/twiml/gather
    """
    if hearing is None:
        return {"input": "dtmf"}
    return {
        "input": "dtmf speech",
        "language": HEARD_LANGUAGES[hearing.language],
        "hints": ",".join(hearing.hints),
        "speech_timeout": "auto",
    }


def _dial(response: VoiceResponse, connection: Connection, action: str) -> None:
    """``answerOnBridge``: whoever waits hears it ring until the other one has heard the whisper."""
    dial = response.dial(
        caller_id=connection.from_,
        timeout=connection.ring_seconds,
        time_limit=connection.talk_seconds,
        answer_on_bridge=True,
        action=action,
        method="POST",
    )
    dial.number(
        connection.number,
        url=connection.whisper_url,
        method="POST",
        status_callback=connection.status_url,
        status_callback_event="completed",
        status_callback_method="POST",
    )


def _speak(verb: VoiceResponse | twiml.Gather, utterances: Sequence[Utterance]) -> None:
    for utterance in utterances:
        if isinstance(utterance, Sound):
            verb.play(utterance.url)
        elif isinstance(utterance, Pause):
            verb.pause(length=utterance.seconds)
        else:
            _say(verb, utterance)


def _say(verb: VoiceResponse | twiml.Gather, speech: Speech) -> None:
    attributes = {"language": SAY_LANGUAGES[speech.language], "voice": speech.voice}
    if not speech.parts or not (speech.voice or "").startswith(_TAKES_PINYIN):
        verb.say(speakable(speech.text), **attributes)
        return
    say = verb.say(None, **attributes)
    for syllables, group in groupby(speech.parts, key=_takeable):
        parts = [part for part, _ in group]
        text = speakable("".join(parts))  # twilio 9 drops a text that follows another
        if syllables:
            say.phoneme(text, alphabet="x-amazon-pinyin", ph="-".join([syllables] * len(parts)))
        else:
            say.append(text)


def _takeable(part: tuple[str, tuple[str, ...]]) -> str:
    """The pinyin as the voice takes it; nothing where there is none."""
    return "" if any("v" in each for each in part[1]) else "-".join(each.replace("5", "0") for each in part[1])


def speakable(text: str) -> str:
    """The text without what XML cannot carry or nobody hears: control characters, halves of characters, marks of width
    and direction. A document with one of them is none, and its caller would hear an error.
    """
    return "".join(_said(character) for character in text)


def _said(character: str) -> str:
    """Characters that our tables do not know yet are left; what will never be one is not."""
    is_none = "\ufdd0" <= character <= "\ufdef" or ord(character) & 0xFFFE == 0xFFFE
    return "" if is_none else _SILENT.get(category(character), character)


def _record(response: VoiceResponse, reply: Record) -> None:
    """Twilio asks ``action`` only when something was said, and otherwise goes on to the redirect."""
    response.record(
        action=reply.url,
        method="POST",
        max_length=reply.max_seconds,
        timeout=reply.silence_seconds,
        finish_on_key="#",
        play_beep=True,
        trim="trim-silence",
        recording_status_callback=reply.status_url,
        recording_status_callback_method="POST",
    )
    response.redirect(reply.url, method="POST")
