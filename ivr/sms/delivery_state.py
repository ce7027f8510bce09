"""The rule of delivery: what becomes of a text when news of it comes, in any order and any number of times."""

from ivr.models import TextState

ORDER = (
    TextState.QUEUED,
    TextState.SENDING,
    TextState.NOT_WANTED,
    TextState.SENT,
    TextState.FAILED,
    TextState.UNDELIVERED,
    TextState.REFUSED,
    TextState.DELIVERED,
)
"""Later news outranks what stands before it. Whatever was said to have failed and was delivered was delivered."""
FAILURES = frozenset({TextState.FAILED, TextState.UNDELIVERED, TextState.REFUSED})
OPT_OUT_CODE = "21610"
"""Twilio: whoever has the number has told *it* that they want no texts from us."""


def after(before: TextState, reported: TextState) -> TextState:
    """The state once ``reported`` is known: the same whatever came first."""
    return max(before, reported, key=ORDER.index)


def meaning(reported: TextState, failure: str | None) -> TextState:
    """What the report means: a failure because the recipient has opted out is a refusal."""
    return TextState.REFUSED if reported in FAILURES and failure == OPT_OUT_CODE else reported
