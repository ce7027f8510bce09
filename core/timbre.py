"""Timbre: which of its own voices the service speaks with to somebody."""

from enum import StrEnum


class Timbre(StrEnum):
    """A choice of voice; ``usual`` is the plain one of the language."""

    USUAL = "usual"
    FEMALE = "female"
    MALE = "male"
