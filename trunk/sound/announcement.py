"""What is said before anybody has answered: "the number you have dialled is not in service". The last seconds of it."""

from collections import deque

from trunk.sound.activity import Activity
from trunk.sound.g711 import FRAME_BYTES
from trunk.sound.purity import Purity

MOST_SECONDS = 15.0
_FRAMES = round(MOST_SECONDS * 50)
_LEAST_WORDS = 30
"""600 ms that are no tone."""
_TONAL = 0.85
_MOST_TONAL = 0.5
"""So much of what is heard may be tones; of a busy signal's edges a fifth is none."""
_AROUND = 15


class Announcement:
    """Takes what is heard while it rings; keeps the last ``MOST_SECONDS``."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=_FRAMES)
        self._is_heard: deque[bool] = deque(maxlen=_FRAMES)
        self._is_tone: deque[bool] = deque(maxlen=_FRAMES)
        self._rest = b""
        self._activity, self._purity = Activity(), Purity()

    def feed(self, pcm: bytes) -> None:
        """Somebody is heard, or nobody."""
        heard = self._rest + pcm
        whole = len(heard) // FRAME_BYTES * FRAME_BYTES
        self._rest = heard[whole:]
        self._frames.extend(heard[at : at + FRAME_BYTES] for at in range(0, whole, FRAME_BYTES))
        self._is_heard.extend(self._activity.feed(pcm))
        self._is_tone.extend(frame.two_lines >= _TONAL for frame in self._purity.feed(pcm))

    def kept(self) -> bytes:
        """The words, with a little around them; empty where there were none, but silence, ringing or a busy signal."""
        heard = [at for at, is_heard in enumerate(self._is_heard) if is_heard]
        words = [at for at in heard if not self._is_tone[at]]
        if len(words) < _LEAST_WORDS or len(words) < (1 - _MOST_TONAL) * len(heard):
            return b""
        frames = list(self._frames)
        return b"".join(frames[max(0, words[0] - _AROUND) : words[-1] + 1 + _AROUND])
