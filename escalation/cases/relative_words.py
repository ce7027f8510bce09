"""What relatives read: whose community writes, of which minute, what is so, and a number to ring.

A Chinese text is counted by networks in segments of 67 characters (70 when there is one): every sentence here is short
enough for one or two, names and numbers included. Nothing is said of an illness, a hospital or a death but what the
resident has said themselves; there the family is asked to ring. Plain values only.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from contacts.models import Role
from core.i18n import Language, translate
from escalation.findings import Finding
from escalation.paging.promises import Help, Promise
from ivr.sms.segments import MOST_SEGMENTS, segments


class Channel(StrEnum):
    """How a resident's answer reached us."""

    CALLED = "called"
    RANG_IN = "rang_in"
    WROTE = "wrote"
    OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Letterhead:
    """What every text says: the ``community``, the instant ``at`` it speaks of, and the ``number`` to ring, which may
    be empty. ``emergency`` is the country's emergency number."""

    language: Language
    community: str
    zone: ZoneInfo
    at: datetime
    number: str
    emergency: str


WELL = {
    Channel.CALLED: "{called} answered the telephone and is well.",
    Channel.RANG_IN: "{called} rang us and is well.",
    Channel.WROTE: "{called} wrote to us and is well.",
    Channel.OTHERWISE: "{called} says that all is well.",
}
PROBLEMS = {
    "needs_supplies": "{called} needs something.",
    "unwell": "{called} said that they are unwell.",
    "wants_person": "{called} would like to talk to a person.",
    "no_key": "{called} was on the telephone but pressed no key.",
    "hung_up": "{called} has not answered: the call was ended without a key.",
    "voicemail": "{called} has not answered: a machine took the call.",
    "busy": "{called} has not answered: the telephone was engaged.",
    "no_answer": "{called} has not answered the telephone.",
    "unreachable": "{called} has not answered: the telephone cannot be reached.",
}
HELP = {
    Help.RINGING: "We are ringing somebody to help.",
    Help.LATER: "We will ring somebody to help from {later}.",
    Help.NOBODY: "No helper can be rung just now; the community office sees it on its page. "
    "Please try to reach {called} yourself; in an emergency dial {emergency}.",
    Help.TAKEN: "Somebody has taken it.",
    Help.CLOSED: "",
}
TAKEN = "Somebody has taken it and will see to {called} ({role})."
RETURNED = "We have not yet heard how {called} is."
ANSWERED = "{called} has answered now and says that all is well."
FINDINGS = {
    Finding.FINE: "The community has been in touch with {called}, who is well.",
    Finding.HELPED: "The community has helped {called}; it is done.",
    Finding.FALSE_ALARM: "It was a false alarm; {called} is well.",
    Finding.FAMILY_SPOKE: "A relative has spoken to {called} and says that all is well.",
    Finding.NOT_FOUND: "The community could not find {called}. Please try to reach {called} soon.",
    Finding.WRONG_NUMBER: "The telephone number that we have of {called} is wrong. Please tell the community another.",
    Finding.TAKEN_TO_HOSPITAL: "Please ring the community about {called} as soon as you can.",
    Finding.DECEASED: "Please ring the community about {called} as soon as you can.",
    Finding.MOVED_AWAY: "The community has dealt with what was about {called}.",
    Finding.OTHER: "The community has dealt with what was about {called}.",
}
WITH_LINK = 3
"""A text and the address of a page may take so many segments; where the text alone takes as many, one more."""
ASK_TO_RING = frozenset({Finding.TAKEN_TO_HOSPITAL, Finding.DECEASED, Finding.NOT_FOUND, Finding.WRONG_NUMBER})
"""What is better said by a person: the office's own number is given where it has one."""


def well(head: Letterhead, called: str, channel: Channel) -> str:
    """The resident has said that all is well."""
    return _written(head, called, WELL[channel])


def problem(head: Letterhead, called: str, outcome: str, promise: Promise) -> str:
    """What is wrong, and what is being done about it."""
    return _written(head, called, PROBLEMS[outcome], HELP[promise.help], later=promise.at)


def taken(head: Letterhead, called: str, role: Role) -> str:
    """Somebody has taken the case. Their part in the community is told, and neither name nor number of theirs."""
    return _written(head, called, TAKEN, role=translate(head.language, f"role:{role}"))


def returned(head: Letterhead, called: str, promise: Promise) -> str:
    """Whoever had taken it has not said in time how it went."""
    return _written(head, called, RETURNED, HELP[promise.help], later=promise.at)


def closed(head: Letterhead, called: str, finding: Finding) -> str:
    """A person has dealt with it."""
    return _written(head, called, FINDINGS[finding])


def answered(head: Letterhead, called: str) -> str:
    """The resident has answered after all."""
    return _written(head, called, ANSWERED)


def linked(head: Letterhead, body: str, address: str | None) -> str:
    """The text with the address of its reader's page, whole; without it where that would cost too many segments."""
    if address is None:
        return body
    whole = body + translate(head.language, " More, and to answer: {address}", address=address)
    return whole if segments(whole) <= min(max(segments(body) + 1, WITH_LINK), MOST_SEGMENTS) else body


def minute(head: Letterhead, at: datetime) -> str:
    """The day and minute of an instant in the community's time, as the reader's language writes it."""
    pattern = "M月d日HH:mm" if head.language is Language.CHINESE else "d MMM HH:mm"
    return format_datetime(at, pattern, tzinfo=head.zone, locale=head.language.replace("-", "_"))


def _written(head: Letterhead, called: str, *sentences: str, later: datetime | None = None, role: str = "") -> str:
    chinese = head.language is Language.CHINESE
    gaps = {"called": called, "role": role, "emergency": head.emergency, "number": head.number,
            "later": _time(head, later) if later else ""}  # fmt: skip
    ring = ["Ring us: {number}."] if head.number else []
    said = [translate(head.language, sentence, **gaps) for sentence in (*sentences, *ring) if sentence]
    news = ("" if chinese else " ").join(_capital(each) for each in said)
    return translate(head.language, "[{community} Zao'an] {at}: {news}", community=head.community, news=news,
                     at=minute(head, head.at))  # fmt: skip


def _time(head: Letterhead, later: datetime) -> str:
    """The time alone on the same day."""
    same = later.astimezone(head.zone).date() == head.at.astimezone(head.zone).date()
    return later.astimezone(head.zone).strftime("%H:%M") if same else minute(head, later)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
