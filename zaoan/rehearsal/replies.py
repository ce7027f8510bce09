"""Replies: the one call after an answer that there may be, to tell whoever is unwell that nobody has come yet."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from zaoan.rehearsal.wire import WireCall

UNWELL_KEY = "3"
EARLIEST = timedelta(minutes=5)
AT_ANY_HOUR, LATEST = timedelta(minutes=30), timedelta(hours=2)
"""How long after the word the call may come: at night, and by day (clock time)."""


def replies(calls: Iterable[WireCall], clock: Callable[[datetime], datetime], until: timedelta) -> Sequence[WireCall]:
    """Which of the calls of some telephones may be one: ours, and so long after somebody there has pressed 3.

    ``clock`` tells what the service's clock showed at a real instant. The earliest come first.
    """
    in_order = sorted(calls, key=lambda call: call.requested_at)
    said = [clock(key.sent_at) for call in in_order for key in call.key_reports if key.key == UNWELL_KEY]
    ours = [call for call in in_order if not call.inbound and call.parent is None]
    return [call for call in ours if any(EARLIEST <= clock(call.requested_at) - word <= until for word in said)]
