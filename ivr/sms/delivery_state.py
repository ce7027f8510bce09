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


def after(before: TextState, reported: TextState) -> TextState:
    """The state once ``reported`` is known: the same whatever came first."""
    return max(before, reported, key=ORDER.index)
