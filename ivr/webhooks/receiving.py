"""Only what the provider has signed comes in, and is read by its adapter alone."""

import logging
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from ivr.ports.events import Webhook, WebhookRequest
from ivr.provider.station import station

log = logging.getLogger(__name__)
LARGEST_BODY_BYTES = 64 * 1024
"""What a provider tells us has some forty short fields."""


async def genuine(request: Request) -> Webhook:
    """A request that the provider has signed; anything else is refused with 403 and changes nothing."""
    return _opened(request, await _body(request))


async def genuine_body(request: Request) -> bytes:
    """The body of such a request that says something else than a provider does: what only our exchange tells us."""
    body = await _body(request)
    _opened(request, body)
    return body


Genuine = Annotated[Webhook, Depends(genuine)]


async def incomplete(_: Request, error: Exception) -> Response:
    """The answer to a genuine request that lacks what its kind always has."""
    return JSONResponse({"detail": str(error)}, 400)


def as_sent(request: Request) -> str:
    """Path and query below our public address, exactly as they were asked for."""
    path = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    query = request.scope["query_string"]
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def _opened(request: Request, body: bytes) -> Webhook:
    address = as_sent(request)
    webhook = station().telephony.opened(WebhookRequest(station().url(address), request.headers, body))
    if webhook is None:
        log.warning("refused a request to %s that the provider did not sign", address.partition("?")[0])
        raise HTTPException(403, "not signed by the provider")
    station().standing.heard()
    return webhook


async def _body(request: Request) -> bytes:
    """The whole body; raises 413 as soon as it is larger than any report."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            log.warning("refused a request to %s that is larger than any report", request.scope["path"])
            raise HTTPException(413, "larger than any report")
    return bytes(body)
