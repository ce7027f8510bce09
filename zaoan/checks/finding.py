"""Findings: what a check has seen, and how a person mends it."""

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
class Finding:
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


def ok(check: str, said: str, **gaps: object) -> Finding:
    """All is well."""
    return Finding(check, State.OK, said, gaps=gaps)


def warning(check: str, said: str, mend: str, **gaps: object) -> Finding:
    """It works, but somebody should look at it."""
    return Finding(check, State.WARNING, said, mend, gaps)


def wrong(check: str, said: str, mend: str, **gaps: object) -> Finding:
    """It does not work."""
    return Finding(check, State.WRONG, said, mend, gaps)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether nothing is wrong."""
    return all(each.state is not State.WRONG for each in findings)
