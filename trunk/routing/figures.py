"""How soon calls ring and are answered, by the peer that carries them; for Prometheus, in its text format 0.0.4."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trunk.routing.gateway import Standing
from trunk.routing.routes import Routes

BOUNDS: Sequence[float] = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)
"""Seconds."""
RINGING, ANSWERED = "zaoan_trunk_dial_to_ringing_seconds", "zaoan_trunk_dial_to_answered_seconds"
_HELP = {
    RINGING: "From the INVITE to the first sign of ringing.",
    ANSWERED: "From the INVITE to the answer.",
}


@dataclass
class Histogram:
    """Durations in seconds, counted up to each bound."""

    counts: list[int] = field(default_factory=lambda: [0] * len(BOUNDS))
    total: int = 0
    sum: float = 0.0

    def observe(self, seconds: float) -> None:
        """One more."""
        self.total += 1
        self.sum += seconds
        for index, bound in enumerate(BOUNDS):
            self.counts[index] += seconds <= bound


class Figures:
    """All of them, by peer."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Histogram] = {}

    def observe(self, name: str, proxy: str, seconds: float) -> None:
        """``name`` is ``RINGING`` or ``ANSWERED``."""
        self._seen.setdefault((name, proxy), Histogram()).observe(seconds)

    def written(self, routes: Routes) -> str:
        """Everything that is known now. Peers are numbered in their order: whoever may read this need not know them."""
        numbers = {route.peer.proxy: str(number) for number, route in enumerate(routes.all, start=1)}
        return "\n".join([*self._histograms(numbers), *_gauges(routes, numbers)]) + "\n"

    def _histograms(self, numbers: dict[str, str]) -> Iterator[str]:
        for name in (RINGING, ANSWERED):
            yield f"# HELP {name} {_HELP[name]}"
            yield f"# TYPE {name} histogram"
            for proxy, number in numbers.items():
                yield from _lines(name, number, self._seen.get((name, proxy), Histogram()))


def _lines(name: str, number: str, seen: Histogram) -> Iterator[str]:
    for bound, count in zip(BOUNDS, seen.counts, strict=True):
        yield f'{name}_bucket{{trunk="{number}",le="{bound:g}"}} {count}'
    yield f'{name}_bucket{{trunk="{number}",le="+Inf"}} {seen.total}'
    yield f'{name}_sum{{trunk="{number}"}} {seen.sum:.6f}'
    yield f'{name}_count{{trunk="{number}"}} {seen.total}'


def _gauges(routes: Routes, numbers: dict[str, str]) -> Iterator[str]:
    yield "# HELP zaoan_trunk_calls Calls under way."
    yield "# TYPE zaoan_trunk_calls gauge"
    for route in routes.all:
        yield f'zaoan_trunk_calls{{trunk="{numbers[route.peer.proxy]}"}} {route.calls}'
    yield "# HELP zaoan_trunk_answers 1 while it answers or has never been heard of, 0 once it is silent."
    yield "# TYPE zaoan_trunk_answers gauge"
    for route in routes.all:
        answers = int(route.gateway.stands is not Standing.SILENT)
        yield f'zaoan_trunk_answers{{trunk="{numbers[route.peer.proxy]}"}} {answers}'
