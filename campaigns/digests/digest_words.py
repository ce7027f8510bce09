"""What a digest says: each answer with its day and time, what came of a problem, and a number to ring.

As in every text to relatives, nothing is said of an illness or a hospital but what the resident has said themselves.
Plain values only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.models import Outcome
from core.i18n import Language, translate
from escalation.cases.relative_words import Letterhead, minute
from ivr.sms.segments import MOST_SEGMENTS, segments


class Then(StrEnum):
    """What has come of a problem."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    """The resident has said later that all is well."""
    FINE = "fine"
    HELPED = "helped"
    FAMILY = "family"
    """A relative has spoken to them."""
    CLOSED = "closed"
    ASK = "ask"
    """What was found is better said by a person."""


@dataclass(frozen=True)
class Entry:
    """One thing that is told: what was said, or that nobody answered, at ``at``; ``then`` is what came of it."""

    at: datetime
    outcome: Outcome
    then: Then | None = None


SAYS = {
    Outcome.OK: "digest:ok",
    Outcome.NEEDS_SUPPLIES: "digest:needs_supplies",
    Outcome.UNWELL: "digest:unwell",
    Outcome.WANTS_PERSON: "digest:wants_person",
    Outcome.NO_KEY: "digest:no_key",
    Outcome.NOT_ASKED: "digest:not_asked",
}
SILENT = "digest:silent"
"""Of every other outcome: nobody has answered."""


def digest(head: Letterhead, called: str, entries: Sequence[Entry]) -> str:
    """The whole text about a resident who is ``called`` so; ``entries``, in their order, are not empty.

    Where each by itself would be too long for a text the good answers are counted, and the latest problem comes first.
    """
    whole = _text(head, called, [_entry(head, each) for each in entries])
    return whole if segments(whole) <= MOST_SEGMENTS else _text(head, called, _counted(head, entries))


def _counted(head: Letterhead, entries: Sequence[Entry]) -> list[str]:
    well = [each for each in entries if each.outcome is Outcome.OK]
    others = [_entry(head, each) for each in reversed(entries) if each.outcome is not Outcome.OK]
    if not well:
        return others
    gaps = {"times": len(well), "first": minute(head, well[0].at), "last": minute(head, well[-1].at)}
    return [translate(head.language, "{times} times well, from {first} to {last}", **gaps), *others]


def _entry(head: Letterhead, entry: Entry) -> str:
    gaps = {"at": minute(head, entry.at), "news": translate(head.language, SAYS.get(entry.outcome, SILENT))}
    if entry.then is None:
        return translate(head.language, "{at} {news}", **gaps)
    then = translate(head.language, f"digest:then_{entry.then}")
    return translate(head.language, "{at} {news} ({then})", then=then, **gaps)


def _text(head: Letterhead, called: str, told: Sequence[str]) -> str:
    chinese = head.language is Language.CHINESE
    news = ("；" if chinese else "; ").join(told) + ("。" if chinese else ".")
    ring = translate(head.language, "Ring us: {number}.", number=head.number) if head.number else ""
    return translate(head.language, "[{community} Zao'an] {called}: {news}", community=head.community, called=called,
                     news=news + (ring if chinese else f" {ring}".rstrip()))  # fmt: skip
