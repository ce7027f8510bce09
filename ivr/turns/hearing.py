"""Hearing: what the provider tells at a turn, in the words of the dialogue."""

import re

from ivr.dialogue.engine import Heard, Meaning, Sound
from ivr.dialogue.speech_meanings import understood
from ivr.ports.events import Input, Keys, LegReport, RecordingReport, Words
from ivr.ports.turn_url import MESSAGE_TURN, TurnAddress

KEYS = re.compile("[0-9*#A-D]+")
"""Every key there is: some telephones have the fourth column of DTMF."""
PAUSES = re.compile(r"[wWpP,\s]")
"""What providers and telephones write between keys that were not pressed at once."""
RECORDING = "recording:"
CARRIED_RECORDING = re.compile(rf"(?:{RECORDING}(?P<id>[A-Za-z0-9_-]{{1,100}})|(?P<bare>[A-Z]{{2}}[0-9a-f]{{32}}))")
"""How the address of a further try names a recording; earlier versions of ours wrote its bare id."""
DIALLED = frozenset({Sound.CONNECTED, Sound.NOT_CONNECTED})
NAMED = DIALLED | {Sound.MISSED}
"""What an address of a further try carries by its name."""


def heard(address: TurnAddress, told: Input) -> Heard:
    """What is told at this turn; whatever means nothing is silence."""
    if address.number == 0:
        return Heard(Sound.ANSWERED)
    if address.number == MESSAGE_TURN:
        return Heard(Sound.MACHINE)
    if address.key is not None:
        return _heard_before(address.key)
    match told:
        case LegReport():
            return Heard(Sound.CONNECTED if told.was_connected else Sound.NOT_CONNECTED)
        case Words():
            return _said(address, told)
        case RecordingReport():
            return Heard(Sound.RECORDING, told.recording_id, told.seconds)
        case Keys():
            return _typed(told.pressed)


def carried(told: Heard) -> str:
    """What the address of a further try carries; ``heard`` understands it there."""
    if told.sound is Sound.RECORDING:
        return RECORDING + told.key
    return told.sound.value if told.sound in NAMED else told.key


def _heard_before(carried: str) -> Heard:
    """What the address of a further try carries."""
    if carried in list(Meaning):
        return Heard(Sound.SPEECH, carried)
    if carried in NAMED:
        return Heard(Sound(carried))
    if recording := CARRIED_RECORDING.fullmatch(carried):
        return Heard(Sound.RECORDING, recording["id"] or recording["bare"])
    return _typed(carried)


def _said(address: TurnAddress, words: Words) -> Heard:
    """Only the meaning of what was said is kept, never the words."""
    language = address.language
    return Heard(Sound.SPEECH, (understood(words.said, language, words.certainty) if language else None) or "")


def _typed(what: str) -> Heard:
    keys = PAUSES.sub("", what)
    if not KEYS.fullmatch(keys):
        return Heard(Sound.SILENCE)
    return Heard(Sound.KEY if len(keys) == 1 else Sound.DIGITS, keys)
