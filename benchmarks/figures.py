"""A figure: what was measured, what it is compared with in the same run, and what it must keep to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Bound:
    """What a figure, or its ``of_ratio``, must not be above (or below, where it is the ``least``)."""

    at: float
    least: bool = False
    of_ratio: bool = False

    def __str__(self) -> str:
        return f"{'ratio ' if self.of_ratio else ''}{'≥' if self.least else '≤'} {_number(self.at)}"


@dataclass(frozen=True)
class Figure:
    """One line of ``make bench``: a ``value`` in a ``unit``.

    ``beside`` is what stands beside it in the same run, and ``ratio`` the value as a share or a multiple of that.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None
    bound: Bound | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        found = self.ratio if self.bound.of_ratio else self.value
        if found is None:
            return False
        return found >= self.bound.at if self.bound.least else found <= self.bound.at

    def document(self) -> Mapping[str, object]:
        """For ``--json``."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "beside": self.beside,
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "bound": str(self.bound) if self.bound else None,
            "holds": self.holds,
        }

    def row(self) -> Sequence[str]:
        """For the table that people read."""
        ratio = "" if self.ratio is None else _number(self.ratio)
        holds = {None: "", True: "yes", False: "NO"}[self.holds]
        return self.name, f"{_number(self.value)} {self.unit}", self.beside, ratio, str(self.bound or ""), holds


def at_most(at: float, *, of_ratio: bool = False) -> Bound:
    """The value, or the ratio, is not above this."""
    return Bound(at, of_ratio=of_ratio)


def at_least(at: float, *, of_ratio: bool = False) -> Bound:
    """The value, or the ratio, is not below this."""
    return Bound(at, least=True, of_ratio=of_ratio)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent are not above; never more than the largest that was measured."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
