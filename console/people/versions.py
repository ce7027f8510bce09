"""Versions of what a form shows: who saves it says which one they have seen, so that no change of others is lost."""

from collections.abc import Mapping
from hashlib import sha256

from core.errors import UserError


class ChangedMeanwhileError(UserError):
    """Somebody else has changed it since the form was opened (HTTP 412)."""

    status = 412


def version_of(values: Mapping[str, object]) -> str:
    """The version of these values, by their names: another one as soon as any of them is."""
    told = "\x1f".join(f"{name}={value!s}" for name, value in sorted(values.items()))
    return sha256(told.encode()).hexdigest()[:24]


def refuse_other(seen: str, values: Mapping[str, object]) -> None:
    """Raises ``ChangedMeanwhileError`` where these values are others than whoever has ``seen`` a version knows."""
    if seen != version_of(values):
        raise ChangedMeanwhileError(
            "Somebody else has changed this since you opened it.",
            way_out="What you wrote stands in the form; the page shows what is so now. Look at both, then save again.",
        )
