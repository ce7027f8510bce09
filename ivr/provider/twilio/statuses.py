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

OPTED_OUT = 21610
"""Whoever has the number has told *Twilio* that they want no texts from us: twilio.com/docs/api/errors/21610."""


def text_state(status: str, code: str | None) -> TextState | None:
    """How a text stands; None for a status that Twilio has not described."""
    state = TEXT_STATUSES.get(status)
    is_failure = state in {TextState.FAILED, TextState.UNDELIVERED}
    return TextState.REFUSED if is_failure and code == str(OPTED_OUT) else state


def is_machine(answered_by: str) -> bool:
    """Whether Twilio's ``AnsweredBy`` means that no person is there; ``unknown`` does not."""
    return answered_by.startswith("machine") or answered_by == "fax"


def greeting_is_over(answered_by: str) -> bool:
    """Whether a machine has finished its greeting and records what is said now."""
    return answered_by.startswith("machine_end")
