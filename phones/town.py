"""Everybody who has a telephone: how each receives its next call."""

from collections import Counter
from collections.abc import Mapping, Sequence

from exchange.subscribers import Reception, Subscriber


class Town:
    """The subscribers by number; who is not known rings for ever."""

    def __init__(self, people: Sequence[Subscriber]) -> None:
        self._people: Mapping[str, Subscriber] = {each.number: each for each in people}
        self._calls: Counter[str] = Counter()

    def next_call(self, number: str) -> int:
        """Which call to this number it is, from 0."""
        self._calls[number] += 1
        return self._calls[number] - 1

    def reception(self, number: str, earlier_calls: int) -> Reception:
        """How it is received."""
        return self._subscriber(number).reception(earlier_calls)

    def refuses(self, number: str) -> bool:
        """Whether there is no such number."""
        return self._subscriber(number).refuse is not None

    def _subscriber(self, number: str) -> Subscriber:
        return self._people.get(number) or Subscriber(number)
