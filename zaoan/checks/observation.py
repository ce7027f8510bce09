"""Observations: what a check has seen, and how a person mends it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.i18n import Language, translate


class State(StrEnum):
    """How something stands. Only ``wrong`` makes the doctor fail."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Observation:
    """One thing seen by ``check``; ``said`` and ``mend`` are catalogue keys whose ``{gaps}`` are filled from ``gaps``.

    Nothing secret may stand in a gap.
    """

    check: str
    state: State
    said: str
    mend: str = ""
    gaps: Mapping[str, object] = field(default_factory=dict)

    def describe(self, language: Language) -> str:
        """What was seen."""
        return translate(language, self.said, **self.gaps)

    def way_out(self, language: Language) -> str:
        """How to mend it; empty when there is nothing to mend."""
        return translate(language, self.mend, **self.gaps) if self.mend else ""


def ok(check: str, said: str, **gaps: object) -> Observation:
    """All is well."""
    return Observation(check, State.OK, said, gaps=gaps)


def warning(check: str, said: str, mend: str, **gaps: object) -> Observation:
    """It works, but somebody should look at it."""
    return Observation(check, State.WARNING, said, mend, gaps)


def wrong(check: str, said: str, mend: str, **gaps: object) -> Observation:
    """It does not work."""
    return Observation(check, State.WRONG, said, mend, gaps)


def is_well(observations: Iterable[Observation]) -> bool:
    """Whether nothing is wrong."""
    return all(each.state is not State.WRONG for each in observations)
