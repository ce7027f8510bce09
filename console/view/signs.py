"""Signs: how one resident's morning looks from the street. Every sign is a colour, a glyph and a word."""

from collections.abc import Mapping
from enum import StrEnum

from campaigns.audience import IN_NO_CAMPAIGN
from campaigns.models import Outcome
from contacts.models import LeftOut


class Sign(StrEnum):
    """What a window shows, the most worrying first. ``fronts.css`` has its colours, ``glyphs.html`` its glyph."""

    UNWELL = "unwell"
    NO_KEY = "no_key"
    WANTS_PERSON = "wants_person"
    HUNG_UP = "hung_up"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"
    """Nobody has rung them: neither reached nor heard, and nobody knows how they are."""
    NEEDS_SUPPLIES = "needs_supplies"
    TALKING = "talking"
    CALLING = "calling"
    WAITING = "waiting"
    WELL = "well"
    EXCUSED = "excused"
    NOT_AGREED = "not_agreed"
    NO_NUMBER = "no_number"
    NO_CAMPAIGN = "no_campaign"
    RESTING = "resting"
    """No round has asked about this home today."""


_OF_OUTCOME: Mapping[str, Sign] = {
    Outcome.OK: Sign.WELL,
    Outcome.NEEDS_SUPPLIES: Sign.NEEDS_SUPPLIES,
    Outcome.UNWELL: Sign.UNWELL,
    Outcome.WANTS_PERSON: Sign.WANTS_PERSON,
    Outcome.NO_KEY: Sign.NO_KEY,
    Outcome.HUNG_UP: Sign.HUNG_UP,
    Outcome.VOICEMAIL: Sign.NOT_REACHED,
    Outcome.BUSY: Sign.NOT_REACHED,
    Outcome.NO_ANSWER: Sign.NOT_REACHED,
    Outcome.UNREACHABLE: Sign.NOT_REACHED,
    Outcome.NOT_ASKED: Sign.NOT_ASKED,
    Outcome.EXCUSED: Sign.EXCUSED,
    Outcome.WITHDRAWN: Sign.EXCUSED,
}
IN_NO_ROUND = "in_no_round"
"""Why nobody rings somebody whom a campaign is for, but who was not there when today's round began."""
_LEFT_OUT: Mapping[str, Sign] = {
    LeftOut.NO_CONSENT: Sign.NOT_AGREED,
    LeftOut.WITHDRAWN: Sign.NOT_AGREED,
    LeftOut.NO_NUMBER: Sign.NO_NUMBER,
    LeftOut.PAUSED: Sign.EXCUSED,
    IN_NO_CAMPAIGN: Sign.NO_CAMPAIGN,
    IN_NO_ROUND: Sign.EXCUSED,
}
_ORDER = tuple(Sign)
FROM_WELL = (Sign.WELL, Sign.WAITING, Sign.CALLING, Sign.TALKING, Sign.NEEDS_SUPPLIES, Sign.WANTS_PERSON, Sign.NO_KEY,
             Sign.HUNG_UP, Sign.NOT_REACHED, Sign.NOT_ASKED, Sign.UNWELL, Sign.EXCUSED, Sign.NOT_AGREED,
             Sign.NO_NUMBER, Sign.NO_CAMPAIGN, Sign.RESTING)  # fmt: skip
"""The order of the legend."""


def sign_of(outcome: str | None, picked_up: bool | None) -> Sign:
    """The sign of a check-in; ``picked_up`` is None while no telephone of theirs rings."""
    if outcome:
        return _OF_OUTCOME[outcome]
    if picked_up is None:
        return Sign.WAITING
    return Sign.TALKING if picked_up else Sign.CALLING


def sign_without_round(left_out: str) -> Sign:
    """The sign of somebody who is in no round: why no campaign will ring them today, empty where one may."""
    return _LEFT_OUT[left_out] if left_out else Sign.RESTING


def worry(sign: Sign) -> int:
    """How worrying a sign is, 0 the most."""
    return _ORDER.index(sign)
