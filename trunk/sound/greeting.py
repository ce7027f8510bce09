"""An answering machine: somebody speaks for long without a pause, then there is one beep, and then it listens.

Nobody who says "hello? … hello?" is taken for one: a person neither speaks so long before anything was asked nor beeps.
A line whose far side has hung up sounds its busy signal again and again, or a dialling tone for ever: that is no beep.
"""

from dataclasses import dataclass
from typing import Final

from trunk.sound.activity import Activity
from trunk.sound.purity import Frame, Purity

_SECOND: Final = 50
"""Frames."""
_MOST_SECONDS: Final = 60
"""A gateway may say "answered" when it begins to ring: a machine picks up half a minute later."""
_GREETING: Final = round(2.5 * _SECOND)
_PAUSE: Final = round(0.5 * _SECOND)
"""As long as a pause within a greeting may be."""
_LEAST_VOICED: Final = 0.4
_UNTIL_BEEP: Final = 3 * _SECOND
_LEAST_BEEP, _MOST_BEEP = 6, 2 * _SECOND
"""120 ms; and what is longer is a dialling tone, or a fax."""
_ALONE: Final = round(0.9 * _SECOND)
"""Busy signals of the world pause for less."""
_LOWEST, _HIGHEST = 390.0, 2150.0
_LEAST_LEVEL: Final = 0.01
_PURE: Final = 0.9
_SAME_HERTZ, _SAME_LEVEL = 0.03, 1.6
_ECHO: Final = 0.4
"""What is softer than this part of the greeting is our own words coming back."""
_LEAST_WORDS: Final = 5


@dataclass
class _Tone:
    first: int
    hertz: float
    level: float
    frames: int = 1

    def goes_on(self, frame: Frame) -> bool:
        louder = max(frame.level, self.level) <= _SAME_LEVEL * min(frame.level, self.level)
        return louder and abs(frame.hertz - self.hertz) <= _SAME_HERTZ * self.hertz


class Greeting:
    """Listens to who has answered; ``is_over`` once there is nothing more to be learnt."""

    def __init__(self) -> None:
        self._activity, self._purity = Activity(), Purity()
        self._at = -1
        self._run_from, self._run_until, self._voiced, self._loudness = 0, -_GREETING, 0, 0.0
        self._greeted_until: int | None = None
        self._tone: _Tone | None = None
        self._beeped_at: int | None = None
        self._words_since = 0
        self.is_over = False

    def feed(self, pcm: bytes) -> bool:
        """Whether it is certain by now that a machine has answered, and takes a message; said once."""
        for frame, is_heard in zip(self._purity.feed(pcm), self._activity.feed(pcm), strict=True):
            if self.is_over:
                return False
            self._at += 1
            if self._step(frame, is_heard):
                self.is_over = True
                return True
        return False

    def _step(self, frame: Frame, is_heard: bool) -> bool:
        is_tone = frame.level >= _LEAST_LEVEL and frame.one_line >= _PURE and _LOWEST <= frame.hertz <= _HIGHEST
        self._follow_tone(frame if is_tone else None)
        if is_heard and not is_tone:
            self._follow_words(frame)
        self.is_over = self.is_over or self._at >= _MOST_SECONDS * _SECOND
        is_alone = self._beeped_at is not None and self._at - self._beeped_at >= _ALONE
        return is_alone and self._tone is None and not self.is_over

    def _follow_tone(self, frame: Frame | None) -> None:
        tone = self._tone
        if frame is not None and tone is not None and tone.goes_on(frame):
            tone.frames += 1
            self.is_over = self.is_over or tone.frames > _MOST_BEEP
            return
        if tone is not None and tone.frames >= _LEAST_BEEP:
            self._ended(tone)
        self._tone = _Tone(self._at, frame.hertz, frame.level) if frame is not None else None

    def _ended(self, tone: _Tone) -> None:
        """A second one makes a busy signal of the first."""
        if self._beeped_at is not None:
            self.is_over = True
        elif self._greeted_until is not None and tone.first - self._greeted_until <= _UNTIL_BEEP:
            self._beeped_at, self._words_since = self._at, 0

    def _follow_words(self, frame: Frame) -> None:
        if self._at - self._run_until > _PAUSE:
            self._run_from, self._voiced, self._loudness = self._at, 0, 0.0
        self._run_until = self._at
        self._voiced += 1
        self._loudness += (frame.level - self._loudness) / self._voiced
        length = self._run_until - self._run_from + 1
        if length >= _GREETING and self._voiced >= _LEAST_VOICED * length:
            self._greeted_until = self._at
        if self._beeped_at is not None and frame.level >= _ECHO * self._loudness:
            self._words_since += 1
            if self._words_since >= _LEAST_WORDS:
                self._beeped_at = None
