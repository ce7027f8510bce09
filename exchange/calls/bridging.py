"""A Dial: one call makes another, and the subscribers of both are heard by each other.

https://www.twilio.com/docs/voice/twiml/dial says what is reported of it.
"""

from collections.abc import Collection

from exchange.calls.calls import Call, CallStatus, Orders, Progress
from exchange.errors import FOREIGN_CALLER_ID, NUMBER_INVALID, CallError
from exchange.log import Direction
from exchange.subscribers import E164
from exchange.twiml.verbs import Dial
from exchange.webhooks.callbacks import Webhook


def leg_of(parent: Call, dial: Dial, numbers: Collection[str]) -> Call:
    """The call that a Dial makes; ``numbers`` are the account's own. Raises ``CallError``."""
    if not E164.fullmatch(dial.number):
        raise CallError(NUMBER_INVALID, f"<Dial> of {dial.number!r}, which is not an E.164 number")
    if dial.caller_id is not None and dial.caller_id not in numbers:
        raise CallError(FOREIGN_CALLER_ID, f"<Dial> with callerId {dial.caller_id!r}, no number of this account")
    orders = Orders(
        voice=None if dial.whisper is None else Webhook(dial.whisper, dial.whisper_method),
        ring_seconds=dial.ring_seconds,
        status=None if dial.status is None else Webhook(dial.status, dial.status_method),
        reports=frozenset(Progress(name) for name in dial.reports),
    )
    caller = dial.caller_id or parent.from_
    return Call(Direction.OUT, dial.number, caller, orders, CallStatus.QUEUED, parent=parent)


def told(leg: Call) -> dict[str, str]:
    """What a Dial's action is told: whoever picked up and was not connected has not answered the one who waits."""
    unheard = leg.status is CallStatus.COMPLETED and not leg.is_bridged
    params = {
        "DialCallStatus": str(CallStatus.NO_ANSWER if unheard else leg.status),
        "DialCallSid": leg.sid,
        "DialBridged": "true" if leg.is_bridged else "false",
    }
    return params | {"DialCallDuration": str(leg.duration)} if leg.is_bridged else params
