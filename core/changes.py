"""Changes: one thing that somebody has changed, with what it was, for whoever is told and for the event log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Changed:
    """``what`` was changed (a key of the catalogue), what it was and what it is now."""

    what: str
    before: object
    after: object

    @property
    def facts(self) -> dict[str, object]:
        """As an event keeps it: what JSON cannot say is said as text."""
        return {"what": self.what, "before": _plain(self.before), "after": _plain(self.after)}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | list | dict) else str(value)
