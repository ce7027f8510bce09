"""What the exchange has asked the service in each call, and what came of it: Twilio's events of a call."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

UNANSWERED = 502
"""How Twilio notes a request that brought no answer."""


@dataclass(frozen=True)
class Request:
    """One request to the service; ``status`` is None where nothing came back, ``seconds`` are real."""

    url: str
    method: str
    params: Mapping[str, str]
    status: int | None
    sent_at: datetime
    seconds: float


class Requests:
    """The requests of every call, the earliest first; each is told of only so many real seconds after it was sent."""

    def __init__(self, tell_after: float = 0.0) -> None:
        self._tell_after = timedelta(seconds=tell_after)
        self._of_call: defaultdict[str, list[Request]] = defaultdict(list)

    def note(self, call: str | None, request: Request) -> None:
        """Keeps a request that is over; those about no call are not kept."""
        if call is not None:
            self._of_call[call].append(request)

    def of(self, call: str) -> Sequence[Request]:
        """Those of one call that are told of by now."""
        until = datetime.now(UTC) - self._tell_after
        return [each for each in self._of_call.get(call, ()) if each.sent_at <= until]
