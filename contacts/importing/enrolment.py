"""Enrolments: what a row of a list has done, and to whom."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from contacts.importing.import_report import StillOut
from core.changes import Changed


class Change(StrEnum):
    """What a row has done."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class ConsentChange(StrEnum):
    """What a row has done to a resident's consent."""

    NOTHING = "nothing"
    AGREED = "agreed"
    AGREED_FOR_ALL = "agreed_for_all"
    """The row is silent, and what is said for the whole file holds."""
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """They had not agreed before either."""
    LEFT = "left"
    """The row is silent about a consent that there is, which therefore stays."""
    STILL_OUT = "still_out"
    """The row or the whole file says yes, but they have opted out, or the list has refused for them."""


class Enrolment(NamedTuple):
    """What a row has done, and to whom; ``agreed`` says whether they may be called from now on.

    ``changes`` is what was otherwise of somebody known.
    """

    change: Change
    resident_id: UUID
    name: str
    called: str
    language: str
    consent: ConsentChange
    agreed: bool
    still_out: StillOut | None = None
    reading: str = ""
    changes: tuple[Changed, ...] = ()
