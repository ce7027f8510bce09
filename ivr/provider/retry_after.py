"""How long a provider that has refused a request wants to be left alone: its header ``Retry-After``, RFC 9110 §10.2.3.

The SDK drops the headers of an answer, so they are read where the answer arrives.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

TOO_MANY_REQUESTS = 429


class AskedToWaitError(requests.exceptions.RequestException):
    """Nothing was done; the provider asks not to be asked again for ``seconds``."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


def refuse_for_a_while(answer: requests.Response) -> None:
    """Raises ``AskedToWaitError`` for too many requests where the answer says until when they are too many."""
    header = answer.headers.get("Retry-After", "")
    if answer.status_code != TOO_MANY_REQUESTS or not header:
        return
    seconds = retry_after(header, datetime.now(UTC))
    if seconds is not None:
        raise AskedToWaitError(seconds, f"HTTP {answer.status_code}, to be tried again in {seconds:.0f} s")


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds, given as such or as an instant; None for what means neither."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
