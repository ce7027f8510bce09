"""What audience rules and schedules share as kept documents: how they are read, and what an error shows of them."""

from collections.abc import Mapping

from pydantic import ValidationError

LONGEST_SHOWN = 60


def frozen(written: object) -> object:
    """Lists as tuples, at every depth, as rules and schedules keep them."""
    if isinstance(written, Mapping):
        return {key: frozen(value) for key, value in written.items()}
    return tuple(map(frozen, written)) if isinstance(written, list) else written


def shown(written: object) -> str:
    """The first characters of what was written, for an error."""
    return str(written)[:LONGEST_SHOWN]


def first_mistake(wrong: ValidationError, whole: str) -> tuple[str, str]:
    """Where the first mistake stands, ``whole`` for the document itself, and what stands there."""
    first = wrong.errors()[0]
    return ".".join(map(str, first["loc"])) or whole, shown(first["input"])
