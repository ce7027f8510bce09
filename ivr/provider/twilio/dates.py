"""The instants in Twilio's answers (RFC 2822), in UTC before the SDK reads them: it drops their offset.

twilio 9, ``twilio.base.deserialize.rfc2822_datetime``: a call made ten seconds ago by a server that writes ``-0500``
would be five hours old, would not be found, and would be placed again.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

DATES = frozenset({"date_created", "date_updated", "date_sent", "start_time", "end_time"})
"""https://www.twilio.com/docs/voice/api/call-resource and the message resource beside it."""


_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WRITTEN_IN_UTC = rf"[A-Z][a-z]{{2}}, [0-3]\d {_MONTH} \d{{4}} [0-2]\d:[0-5]\d:[0-5]\d \+0000"
_TO_BE_READ = re.compile(rf'"(?:{"|".join(sorted(DATES))})"\s*:\s*(?!\s|null\b|"{_WRITTEN_IN_UTC}")')
"""A date in a document that may be written otherwise."""
FORM = "application/x-www-form-urlencoded"


class UnreadableDateError(requests.exceptions.RequestException):
    """The answer came and says of no call when it was made: whether it is the one that is looked for, nobody knows."""


class InUtc(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's client; raises ``UnreadableDateError`` for an answer with a date that is none."""

    def request(self, *arguments: Any, **options: Any) -> Response:
        """The answer, every instant in it in UTC. A form is written here: ``requests`` asks each value what it is."""
        if isinstance(form := options.get("data"), Mapping) and form:
            headers = {"Content-Type": FORM} | (options.get("headers") or {})
            if headers["Content-Type"] == FORM:
                options |= {"data": urlencode(form, doseq=True), "headers": headers}
        answer = super().request(*arguments, **options)
        return Response(answer.status_code, in_utc(answer.text), answer.headers) if answer.ok else answer


def in_utc(text: str) -> str:
    """A document with all its dates in UTC; whatever is no JSON stays as it is.

    Twilio itself writes UTC only, so that nearly every document is found to need nothing.
    """
    if not _TO_BE_READ.search(text):
        return text
    try:
        document = json.loads(text)
    except ValueError:
        return text
    return json.dumps(_in_utc(document))


def _in_utc(part: Any) -> Any:
    if isinstance(part, list):
        return [_in_utc(each) for each in part]
    if isinstance(part, Mapping):
        return {name: _date(value) if name in DATES else _in_utc(value) for name, value in part.items()}
    return part


def _date(written: Any) -> str | None:
    if written is None:
        return None
    try:
        known = parsedate_to_datetime(written)
        return format_datetime((known if known.tzinfo else known.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, TypeError, AttributeError, OverflowError) as unreadable:
        raise UnreadableDateError(f"the provider's answer has a date that is none: {written!r:.80}") from unreadable
