"""TwiML, read strictly: what this exchange does not carry out is an error, never passed over.

https://www.twilio.com/docs/voice/twiml describes the verbs. Lengths are people's seconds.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from xml.etree import ElementTree

from exchange.errors import DOCUMENT_INVALID, DOCUMENT_UNREADABLE, CallError
from exchange.twiml.verbs import (
    Dial,
    Gather,
    Hangup,
    Listening,
    Method,
    Pause,
    Play,
    Prompts,
    Reason,
    Record,
    Redirect,
    Reject,
    Say,
    Utterance,
    Verb,
)

_DEFAULT_PAUSE = 1.0
_DEFAULT_WAIT = 5.0
_LONGEST_RECORDING = 3600.0
_DEFAULT_RING = 30.0
_LONGEST_TALK = 4 * 3600.0
_REPORTS = {"initiated", "ringing", "answered", "completed"}
_ALL_KEYS = "1234567890*#"
_INPUTS = {"dtmf", "speech"}
_SPEECH_ATTRIBUTES = {"language", "hints", "speechTimeout"}
_MOST_HINTS, _LONGEST_HINT = 500, 100
_ATTRIBUTES = {
    "Response": set[str](),
    "Play": {"loop"},
    "Say": {"voice", "language", "loop"},
    "phoneme": {"alphabet", "ph"},
    "Pause": {"length"},
    "Gather": {
        *("input", "numDigits", "finishOnKey", "timeout", "action", "method", "actionOnEmptyResult"),
        *_SPEECH_ATTRIBUTES,
    },
    "Record": {
        *("maxLength", "timeout", "finishOnKey", "playBeep", "action", "method", "trim"),
        *("recordingStatusCallback", "recordingStatusCallbackMethod"),
    },
    "Dial": {"callerId", "timeout", "timeLimit", "answerOnBridge", "action", "method"},
    "Number": {"url", "method", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"},
    "Redirect": {"method"},
    "Hangup": set[str](),
    "Reject": {"reason"},
}
_WITH_CHILDREN = {"Response", "Gather", "Dial", "Say"}
_Choice = TypeVar("_Choice", bound=StrEnum)


def parse(content: bytes) -> list[Verb]:
    """The verbs of a document, neighbouring utterances joined. Raises ``CallError`` 12100 (XML) or 12200 (TwiML)."""
    try:
        response = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise CallError(DOCUMENT_UNREADABLE, f"no XML: {error}") from error
    if response.tag != "Response":
        raise _invalid(f"<{response.tag}> in place of <Response>")
    _check(response)
    return _joined([_verb(element) for element in response])


def _joined(verbs: list[Verb]) -> list[Verb]:
    joined: list[Verb] = []
    for verb in verbs:
        if isinstance(verb, Prompts) and joined and isinstance(joined[-1], Prompts):
            joined[-1] = Prompts(joined[-1].utterances + verb.utterances)
        else:
            joined.append(verb)
    return joined


def _verb(element: ElementTree.Element) -> Verb:
    _check(element)
    match element.tag:
        case "Gather":
            return _gather(element)
        case "Record":
            return _record(element)
        case "Dial":
            return _dial(element)
        case "Redirect":
            return Redirect(_text(element), _choice(element.attrib, "method", Method, Method.POST))
        case "Hangup":
            return Hangup()
        case "Reject":
            return Reject(_choice(element.attrib, "reason", Reason, Reason.REJECTED))
        case _:
            return Prompts((_utterance(element),))


def _gather(element: ElementTree.Element) -> Gather:
    inputs = set(element.get("input", "dtmf").split())
    if not inputs or not inputs <= _INPUTS:
        raise _invalid(f"<Gather> input {element.get('input')!r}: it is made of dtmf and speech")
    for child in element:
        _check(child)
    return Gather(
        prompts=Prompts(tuple(_utterance(child) for child in element)),
        num_digits=int(_number(element.attrib, "numDigits", 1)) if "numDigits" in element.attrib else None,
        finish_on_key=element.get("finishOnKey", "#"),
        wait=_number(element.attrib, "timeout", _DEFAULT_WAIT),
        action=element.get("action"),
        method=_choice(element.attrib, "method", Method, Method.POST),
        action_on_empty_result=_truth(element.attrib, "actionOnEmptyResult"),
        listening=_listening(element, listens="speech" in inputs),
        hears_keys="dtmf" in inputs,
    )


def _listening(element: ElementTree.Element, *, listens: bool) -> Listening | None:
    """What is said about speech where none is awaited would have no effect, so it is a mistake."""
    given = sorted(_SPEECH_ATTRIBUTES & set(element.attrib))
    if not listens and given:
        raise _invalid(f"<Gather> waits for no speech, so {', '.join(given)} mean nothing")
    if element.get("speechTimeout", "auto") != "auto":
        _number(element.attrib, "speechTimeout", 0)
    hints = tuple(hint.strip() for hint in element.get("hints", "").split(",") if hint.strip())
    if len(hints) > _MOST_HINTS or any(len(hint) > _LONGEST_HINT for hint in hints):
        raise _invalid(f"hints: {_MOST_HINTS} at most, of {_LONGEST_HINT} characters each")
    return Listening(element.get("language", "en-US"), hints) if listens else None


def _record(element: ElementTree.Element) -> Record:
    """``trim`` is passed over: the exchange keeps a recording as it was spoken."""
    return Record(
        max_seconds=_number(element.attrib, "maxLength", _LONGEST_RECORDING),
        silence_seconds=_number(element.attrib, "timeout", _DEFAULT_WAIT),
        finish_on_key=element.get("finishOnKey", _ALL_KEYS),
        play_beep=_truth(element.attrib, "playBeep", "true"),
        action=element.get("action"),
        method=_choice(element.attrib, "method", Method, Method.POST),
        status=element.get("recordingStatusCallback"),
        status_method=_choice(element.attrib, "recordingStatusCallbackMethod", Method, Method.POST),
    )


def _dial(element: ElementTree.Element) -> Dial:
    """One number, in words of its own or as the verb's text. ``answerOnBridge`` makes no difference here: every call
    that reaches a Dial in this exchange has been answered."""
    numbers = list(element)
    for number in numbers:
        _check(number)
    if len(numbers) > 1 or any(number.tag != "Number" for number in numbers):
        raise _invalid("<Dial> rings one <Number> in this exchange")
    _truth(element.attrib, "answerOnBridge")
    callee = numbers[0] if numbers else ElementTree.Element("Number")
    return Dial(
        number=_text(callee if numbers else element),
        caller_id=element.get("callerId"),
        ring_seconds=_number(element.attrib, "timeout", _DEFAULT_RING),
        talk_seconds=_number(element.attrib, "timeLimit", _LONGEST_TALK),
        action=element.get("action"),
        method=_choice(element.attrib, "method", Method, Method.POST),
        whisper=callee.get("url"),
        whisper_method=_choice(callee.attrib, "method", Method, Method.POST),
        status=callee.get("statusCallback"),
        status_method=_choice(callee.attrib, "statusCallbackMethod", Method, Method.POST),
        reports=_reports(callee),
    )


def _reports(number: ElementTree.Element) -> frozenset[str]:
    wanted = frozenset((number.get("statusCallbackEvent") or "completed").split())
    if unknown := sorted(wanted - _REPORTS):
        raise _invalid(f"statusCallbackEvent: {', '.join(unknown)}")
    return wanted


def _utterance(element: ElementTree.Element) -> Utterance:
    loop = int(_number(element.attrib, "loop", 1))
    match element.tag:
        case "Play":
            return Play(_text(element), loop)
        case "Say":
            return Say(_said(element), element.get("language"), loop)
        case "Pause":
            return Pause(_number(element.attrib, "length", _DEFAULT_PAUSE))
        case _:
            raise _invalid(f"<{element.tag}> cannot stand here")


def _check(element: ElementTree.Element) -> None:
    known = _ATTRIBUTES.get(element.tag)
    if known is None:
        raise _invalid(f"<{element.tag}> is no verb of this exchange")
    unknown = sorted(set(element.attrib) - known)
    if unknown:
        raise _invalid(f"<{element.tag}> does not know {', '.join(unknown)}")
    if len(element) and element.tag not in _WITH_CHILDREN:
        raise _invalid(f"<{element.tag}> holds no other verbs")


def _said(element: ElementTree.Element) -> str:
    """The words of a ``Say``, some of them perhaps with their pronunciation."""
    for child in element:
        if child.tag != "phoneme":
            raise _invalid(f"<Say> holds no <{child.tag}>")
        _check(child)
    spoken = "".join(element.itertext()).strip()
    if not spoken:
        raise _invalid("<Say> is empty")
    return spoken


def _text(element: ElementTree.Element) -> str:
    text = (element.text or "").strip()
    if not text:
        raise _invalid(f"<{element.tag}> is empty")
    return text


def _number(attributes: Mapping[str, str], name: str, default: float) -> float:
    value = attributes.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()):
        raise _invalid(f"{name}={value!r} is no whole number")
    return float(value)


def _truth(attributes: Mapping[str, str], name: str, default: str = "false") -> bool:
    value = attributes.get(name, default)
    if value not in {"true", "false"}:
        raise _invalid(f"{name}={value!r} is neither true nor false")
    return value == "true"


def _choice(attributes: Mapping[str, str], name: str, choices: type[_Choice], default: _Choice) -> _Choice:
    value = attributes.get(name, default)
    if value not in list(choices):
        raise _invalid(f"{name}={value!r} is none of {', '.join(choices)}")
    return choices(value)


def _invalid(what: str) -> CallError:
    return CallError(DOCUMENT_INVALID, what)
