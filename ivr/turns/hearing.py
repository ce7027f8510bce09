"""Hearing: what a request of the provider's says that somebody did, in the words of the dialogue."""

import re
from collections.abc import Mapping

from ivr.dialogue.engine import Heard, Meaning, Sound
from ivr.dialogue.speech_meanings import understood
from ivr.ports.turn_url import MESSAGE_TURN, TurnAddress

RECORDING_ID = re.compile("RE[0-9a-f]{32}")
KEYS = re.compile("[0-9*#A-D]+")
"""Every key there is: some telephones have the fourth column of DTMF."""
PAUSES = re.compile(r"[wWpP,\s]")
"""What providers and telephones write between keys that were not pressed at once."""
CONFIDENCE = re.compile(r"[01](\.[0-9]+)?")
DIALLED = frozenset({Sound.CONNECTED, Sound.NOT_CONNECTED})
MOST_DIGITS = 6
"""No number of seconds has more."""
NAMED = DIALLED | {Sound.MISSED}
"""What an address of a further try carries by its name."""


def heard(address: TurnAddress, form: Mapping[str, str]) -> Heard:
    """What is told at this turn; whatever means nothing is silence."""
    if address.number == 0:
        return Heard(Sound.ANSWERED)
    if address.number == MESSAGE_TURN:
        return Heard(Sound.MACHINE)
    if address.key is not None:
        return _heard_before(address.key)
    if dialled := form.get("DialCallStatus"):
        connected = dialled in {"completed", "answered"} and form.get("DialBridged") != "false"
        return Heard(Sound.CONNECTED if connected else Sound.NOT_CONNECTED)
    if (said := form.get("SpeechResult")) and not form.get("Digits"):
        return _said(address, said, form.get("Confidence", ""))
    if form.get("RecordingStatus", "completed") == "completed" and form.get("RecordingSid"):
        return _taped(form["RecordingSid"], _seconds(form.get("RecordingDuration", "")))
    return _typed(form.get("Digits", "") or form.get("FinishedOnKey", ""))


def _seconds(text: str) -> int:
    """Whole seconds; 0 where the provider does not know, whatever it writes then."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def _heard_before(carried: str) -> Heard:
    """What the address of a further try carries."""
    if carried in list(Meaning):
        return Heard(Sound.SPEECH, carried)
    if carried in NAMED:
        return Heard(Sound(carried))
    return _taped(carried) if RECORDING_ID.fullmatch(carried) else _typed(carried)


def _said(address: TurnAddress, said: str, confidence: str) -> Heard:
    """Only the meaning of what was said is kept, never the words."""
    sure = float(confidence) if CONFIDENCE.fullmatch(confidence) else 0.0
    return Heard(Sound.SPEECH, (understood(said, address.language, sure) if address.language else None) or "")


def carried(told: Heard) -> str:
    """What the address of a further try carries; ``heard`` understands it there."""
    return told.sound.value if told.sound in NAMED else told.key


def _taped(recording: str, seconds: int = 0) -> Heard:
    """A recording is only ever one: what does not name one is silence, and never a key."""
    return Heard(Sound.RECORDING, recording, seconds) if RECORDING_ID.fullmatch(recording) else Heard(Sound.SILENCE)


def _typed(what: str) -> Heard:
    keys = PAUSES.sub("", what)
    if not KEYS.fullmatch(keys):
        return Heard(Sound.SILENCE)
    return Heard(Sound.KEY if len(keys) == 1 else Sound.DIGITS, keys)
