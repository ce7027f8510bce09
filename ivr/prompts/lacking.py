"""What a call may say, worked out once, and which of it has no clip yet."""

from collections.abc import Callable, Sequence

from audio.voice import Sound

Wanted = Sequence[Sequence[Sound]]
"""Of each prompt our sounds that can say it, the best first."""


class Lacking:
    """What a dialogue may say and has no clip for yet. Asked again, it looks only for what was not there before.

    A clip that was found is taken to stay, as it is from the claim of a call until it is played. One thread at a time
    asks; any may read ``wanted``.
    """

    def __init__(self, wanted: Wanted, is_there: Callable[[Sound], bool]) -> None:
        self.wanted: Wanted = [sounds for sounds in wanted if sounds]
        self._is_there = is_there
        self._without_best, self._without_any = list(self.wanted), list(self.wanted)

    def is_ready(self) -> bool:
        """Whether everything has its best clip."""
        while self._without_best and self._is_there(self._without_best[-1][0]):
            self._without_best.pop()
        return not self._without_best

    def is_audible(self) -> bool:
        """Whether everything has a clip of ours, be it not the best one."""
        while self._without_any and any(self._is_there(sound) for sound in self._without_any[-1]):
            self._without_any.pop()
        return not self._without_any
