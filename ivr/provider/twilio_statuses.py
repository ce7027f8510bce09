"""Twilio's words for how a call or a text stands and who has answered, and ours for them."""

from ivr.models import Ending, TextState

FINAL_STATUSES = {
    "completed": Ending.COMPLETED,
    "busy": Ending.BUSY,
    "no-answer": Ending.NO_ANSWER,
    "failed": Ending.FAILED,
    "canceled": Ending.CANCELLED,
}
TEXT_STATUSES = {
    "accepted": TextState.SENT,
    "scheduled": TextState.SENT,
    "queued": TextState.SENT,
    "sending": TextState.SENT,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.UNDELIVERED,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
}
"""Until a text is delivered or has failed, Twilio's finer states only say that it has the text."""


def is_machine(answered_by: str) -> bool:
    """Whether Twilio's ``AnsweredBy`` means that no person is there; ``unknown`` does not."""
    return answered_by.startswith("machine") or answered_by == "fax"


def greeting_is_over(answered_by: str) -> bool:
    """Whether a machine has finished its greeting and records what is said now."""
    return answered_by.startswith("machine_end")
