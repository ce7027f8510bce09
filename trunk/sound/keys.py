"""Keys, in whatever ways a telephone and the networks between send them: each press counts once, at its beginning."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum


class Way(Enum):
    """``EVENT`` is told by the engine (RFC 4733, SIP INFO), ``TONE`` is heard in the sound."""

    EVENT = "event"
    TONE = "tone"


SAME_PRESS_SECONDS = 0.35
"""How far apart two ways tell of one press: sound waits in a jitter buffer, INFO for the key to be released."""
_REMEMBERED = 16


@dataclass
class _Press:
    key: str
    at: float
    ways: set[Way] = field(default_factory=set)


class Keypad:
    """Tells which of the keys that are reported were pressed anew; instants in seconds of any one clock.

    Once events have come in a call, its tones tell nothing new: they could only be somebody else's, or our own words.
    """

    def __init__(self) -> None:
        self._presses: deque[_Press] = deque(maxlen=_REMEMBERED)
        self.has_events = False

    def is_new(self, key: str, way: Way, at: float) -> bool:
        """Whether this is a press that no other way has told of."""
        if way is Way.EVENT:
            self.has_events = True
        elif self.has_events:
            return False
        for press in self._presses:
            if press.key == key and way not in press.ways and at - press.at <= SAME_PRESS_SECONDS:
                press.ways.add(way)
                return False
        self._presses.append(_Press(key, at, {way}))
        return True
