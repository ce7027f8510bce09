"""Calls that come in: the service is asked what to say before anybody is answered."""

import logging
from collections.abc import Sequence
from uuid import uuid4

from trunk.calls.conversation import NOTHING, Around
from trunk.calls.records import Asked, Direction, Order
from trunk.calls.service import RefusedError, UnansweredError
from trunk.calls.switchboard import Switchboard
from trunk.calls.waiting import first_of
from trunk.sip.engine import Incoming
from trunk.sip.outcomes import Outcome

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 20.0
"""Whoever rings us hears it ring meanwhile."""
LEAST_DIGITS = 6
"""So many last digits name one of our numbers, however the network writes it."""


class Reception:
    """Takes calls to ``callers``, our numbers (E.164), with what is said at ``inbound_url`` (``voice``, ``status``)."""

    def __init__(self, around: Around, switchboard: Switchboard, callers: Sequence[str], inbound_url: str) -> None:
        self._around, self._switchboard, self._callers = around, switchboard, callers
        self._voice_url, self._status_url = f"{inbound_url}/voice", f"{inbound_url}/status"

    def rings(self, incoming: Incoming) -> None:
        """Somebody rings us."""
        self._around.tasks.start(self._take(incoming))

    async def _take(self, incoming: Incoming) -> None:
        number, line = our_number(incoming.called, self._callers), incoming.line
        order = Order(number, incoming.caller, "", 0, self._voice_url, self._status_url, self._voice_url,
                      direction=Direction.IN)  # fmt: skip
        record, _ = self._around.registry.order(f"in-{uuid4().hex}", order)
        told = {"call": record.id, "party": incoming.caller, "caller": incoming.caller, "number": number, **NOTHING}
        asking = self._around.tasks.start(self._around.service.reply(self._voice_url, told, patience=PATIENCE_SECONDS))
        await first_of(asking, line.closed)
        try:
            if line.is_closed:
                raise UnansweredError("the caller has hung up")
            first = await asking
        except (RefusedError, UnansweredError) as failure:
            log.error("the call %s that came in could not be taken: %s", record.id, failure)
            await line.refuse()
            self._switchboard.report(self._around.registry.ended(record.id, Outcome.CANCELLED, str(failure)))
            return
        self._around.registry.asked(record.id, Asked(self._voice_url, NOTHING, was_answered=True))
        await self._switchboard.come_in(record, line, first)


def our_number(called: str, callers: Sequence[str]) -> str:
    """Which of our numbers was called; the first where the network writes something else."""
    digits = "".join(filter(str.isdigit, called))
    fits = [each for each in callers if len(digits) >= LEAST_DIGITS and each.endswith(digits[-LEAST_DIGITS:])]
    return fits[0] if fits else callers[0]
