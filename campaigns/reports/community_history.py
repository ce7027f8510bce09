"""The history of a community's own facts: who has changed what of them, and when, from the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.reports.doers import names_of, who
from contacts.models import Community
from contacts.office import days_in_words
from core.i18n import Language, listed, translate
from core.running import events
from core.running.events import Event


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
        Change(each.id, each.at, who(each, known, language), _named(each, field, language),
               fact_in_words(field, values["from"], language), fact_in_words(field, values["to"], language))
        for each in happened for field, values in each.facts.get("changes", {}).items()
    ]  # fmt: skip


def _named(event: Event, field: str, language: Language) -> str:
    kind = event.facts.get("policy")
    if kind is None:
        return translate(language, f"community:{field}")
    return translate(language, "{kind}: {term}", kind=translate(language, f"when:{kind}"),
                     term=translate(language, f"policy-term:{field}"))  # fmt: skip


def fact_in_words(field: str, value: object, language: Language) -> str:
    """A fact as people read it; a time of day also as the log keeps it (``07:30:00``)."""
    if field == "steps":
        return _steps_in_words(value, language)
    text = "" if value is None else str(value)
    if not text:
        return "–"
    if field == "office_days":
        return days_in_words(text, language)
    if field == "language":
        return translate(language, f"spoken:{text}")
    if field in _SAID_OTHERWISE:
        return translate(language, _SAID_OTHERWISE[field].get(text, text))
    return text[:5] if field.endswith(("_from", "_until")) else text


_SAID_OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "at_any_hour": {"True": "yes: at night, too", "False": "no: not in the quiet hours"},
    "calls_per_hour": {"unlimited": "as often as needed"},
    "text_ahead_minutes": {"no_text": "no text", "0": "with the call"},
}
"""Terms of policies whose values are words."""


def _steps_in_words(value: object, language: Language) -> str:
    steps = value if isinstance(value, list) else []
    said = [listed(language, [translate(language, f"role:{role}") for role in step]) for step in steps]
    return " → ".join(said) or "–"
