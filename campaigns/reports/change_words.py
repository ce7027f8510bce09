"""What was changed of a campaign, in words: which part of its plan, what it was before and what it is now."""

from datetime import time

from sqlalchemy.orm import Session

from campaigns.audience import describe
from campaigns.audiences.rules import parsed
from campaigns.planning.retries import OTHER_NUMBER, Retries
from campaigns.rounds import lateness
from campaigns.schedules import plans, words
from contacts.models import Community
from core.i18n import Language, listed, translate

LABELS = {
    "audience": "who is rung",
    "schedule": "when",
    "retry_minutes": "minutes between two attempts",
    "retries": "minutes after each result",
    "spread_minutes": "minutes over which first calls are spread",
    "deadline_minutes": "minutes that a round may take",
    "ring_seconds": "seconds of ringing",
    "early_minutes": "minutes before a round in which a call to us counts",
    "late_until": "a missed round is rung until",
    "machine_detection": "answering machines are told from people",
}
"""What each part of a plan is called, where its own name is no word of the catalogue."""
_NOTHING = "–"


def label(what: str, language: Language) -> str:
    """The part of a plan that was changed, by its name in ``core.changes.Changed``."""
    return translate(language, LABELS.get(what, what))


def value(session: Session, community: Community, what: str, known: object, language: Language) -> str:
    """What that part is or was; ``known`` as a campaign has it, or as the event log has kept it."""
    match what, known:
        case "audience", _:
            return describe(session, community, parsed(known), language).sentence
        case "schedule", _:
            return words.sentence(plans.parsed(known), language)
        case "retries", dict():
            return pauses_in_words(known, language) or _NOTHING
        case "late_until", _:
            return _late(known, language)
        case _, bool():
            return translate(language, "yes" if known else "no")
        case _:
            return _NOTHING if known is None or known == "" else str(known)


def pauses_in_words(kept: Retries, language: Language) -> str:
    """How long nobody rings after the results that have a pause of their own; empty where none has."""
    return listed(language, [_pause(result, minutes, language) for result, minutes in kept.items()])


def _pause(result: str, minutes: int | None, language: Language) -> str:
    after = translate(language, "another telephone" if result == OTHER_NUMBER else f"outcome:{result}")
    if minutes is None:
        return translate(language, "{after}: never", after=after)
    return translate(language, "{after}: {minutes} {minutes:minute|minutes}", after=after, minutes=minutes)


def _late(known: object, language: Language) -> str:
    until = time.fromisoformat(known) if isinstance(known, str) else known
    if until is None or until == lateness.NEVER:
        return translate(language, "the usual" if until is None else "never")
    return f"{until:%H:%M}"
