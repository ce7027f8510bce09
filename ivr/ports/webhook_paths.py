"""The paths that a provider asks: one place for whoever names them and whoever answers them."""

from uuid import UUID

ROOT = "/telephony"
INBOUND = f"{ROOT}/inbound"
"""What the provider's own console is told for calls and texts that come in: ``voice``, ``status`` and ``text``."""
SPEECH = f"{ROOT}/speech"
"""Where words become sound for a provider that has no voice of its own."""
INBOUND_VOICE = f"{INBOUND}/voice"


def turn_path(call_id: UUID, number: int = 0) -> str:
    """What to say at a turn of a call."""
    return f"{_of_call(call_id)}/turns/{number}"


def status_path(call_id: UUID) -> str:
    """How a call has ended."""
    return f"{_of_call(call_id)}/status"


def machine_path(call_id: UUID) -> str:
    """Whether a machine has answered."""
    return f"{_of_call(call_id)}/machine"


def fallback_path(call_id: UUID) -> str:
    """What to say when another address could not be asked."""
    return f"{_of_call(call_id)}/fallback"


def text_status_path(text_id: UUID) -> str:
    """How a text has fared."""
    return f"{ROOT}/texts/{text_id}/status"


def _of_call(call_id: UUID) -> str:
    return f"{ROOT}/calls/{call_id}"
