"""Whom a resident's family is, and under which name texts to them are known; every answer asks, and loads no words."""

from collections.abc import Sequence
from dataclasses import dataclass

from contacts.models import Relative

OWNER = "report"
"""Owns the texts to relatives."""


@dataclass(frozen=True)
class Family:
    """A resident's relatives as ``contacts.queries.relatives_of`` has them; whether texts about the resident wait."""

    relatives: Sequence[Relative]
    texts_wait: bool
