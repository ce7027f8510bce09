"""A figure: what was measured, and what it is compared with in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of ``make bench``."""

    name: str
    value: str
    beside: str
