"""The history of a community's own facts: who has changed what of them, and when, from the event log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.reports.doers import names_of, who
from contacts.models import Community
from contacts.office import days_in_words
from core.i18n import Language, translate
from core.running import events


@dataclass(frozen=True)
class Change:
    """One fact that somebody has changed: ``what`` it is called, and its values, in words."""

    event_id: int
    at: datetime
    who: str
    what: str
    before: str
    after: str


def history(
    session: Session, community: Community, language: Language, limit: int, before: int | None = None
) -> Sequence[Change]:
    """What the last changes have changed, newest first; with ``before`` those earlier than that event."""
    happened = events.of_community(session, community.id, limit, before)
    known = names_of(session, happened)
    return [
        Change(each.id, each.at, who(each, known, language), translate(language, f"community:{field}"),
               fact_in_words(field, values["from"], language), fact_in_words(field, values["to"], language))
        for each in happened for field, values in each.facts.get("changes", {}).items()
    ]  # fmt: skip


def fact_in_words(field: str, value: object, language: Language) -> str:
    """A fact as people read it; a time of day also as the log keeps it (``07:30:00``)."""
    text = str(value)
    if not text:
        return "–"
    if field == "office_days":
        return days_in_words(text, language)
    if field == "language":
        return translate(language, f"spoken:{text}")
    return text[:5] if field.endswith(("_from", "_until")) else text
