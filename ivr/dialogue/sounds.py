"""What can be heard from the other end of a call, also where a table keeps it."""

from enum import StrEnum


class Sound(StrEnum):
    """What came from the other end."""

    ANSWERED = "answered"
    KEY = "key"
    DIGITS = "digits"
    SPEECH = "speech"
    RECORDING = "recording"
    SILENCE = "silence"
    MACHINE = "machine"
    CONNECTED = "connected"
    """The two were connected, and that is over."""
    NOT_CONNECTED = "not_connected"
    LOST = "lost"
    """A key that could not be stored while its caller waited; they were told that a person will be in touch."""
    MISSED = "missed"
    """Nobody knows: the provider could not tell us. The question is asked again, and no silence is counted."""


PRESSED = frozenset({Sound.KEY, Sound.DIGITS})
"""Keys, however many at once."""
