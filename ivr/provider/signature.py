"""Only what the provider signed comes in.

The signature covers our *public* address as it was asked for, percent-escapes and query untouched, and the whole form:
https://www.twilio.com/docs/usage/security#validating-requests. Nothing else of a request is looked at before it fits.
"""

import logging
from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import ImmutableMultiDict

from ivr.provider.station import station

log = logging.getLogger(__name__)
LARGEST_FORM_BYTES = 64 * 1024
"""A provider's form has some forty short fields."""
MOST_FIELDS = 500
Fields = ImmutableMultiDict[str, str]


async def genuine(request: Request) -> Fields:
    """The form of a request that the provider signed; anything else is refused with 403 and changes nothing."""
    fields = _fields(await _body(request))
    address = as_sent(request)
    signature = request.headers.get("X-Twilio-Signature", "")
    if fields is None or not station().telephony.is_genuine(station().url(address), fields, signature):
        log.warning("refused a request to %s that the provider did not sign", address.partition("?")[0])
        raise HTTPException(403, "not signed by the provider")
    station().telephony.standing.heard()
    return _keepable(fields)


Form = Annotated[Fields, Depends(genuine)]


def field(fields: Fields, name: str) -> str:
    """A field that every report of this kind has; without it the request is refused with 400."""
    value = fields.get(name)
    if not value:
        raise HTTPException(400, f"the form has no {name}")
    return value


def as_sent(request: Request) -> str:
    """Path and query below our public address, exactly as they were asked for."""
    path = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    query = request.scope["query_string"]
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


async def _body(request: Request) -> bytes:
    """The whole body; raises 413 as soon as it is larger than any form."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            log.warning("refused a request to %s that is larger than any form", request.scope["path"])
            raise HTTPException(413, "larger than any form")
    return bytes(body)


def _fields(body: bytes) -> Fields | None:
    try:
        return ImmutableMultiDict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:  # neither UTF-8 nor a form
        return None


def _keepable(fields: Fields) -> Fields:
    """Without NUL, which PostgreSQL keeps in no text: a report with one would be refused again and again."""
    return ImmutableMultiDict([(name, value.replace("\0", "")) for name, value in fields.multi_items()])
