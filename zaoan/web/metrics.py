"""Figures for Prometheus: of the lines, where whoever carries our calls has some. No name or number is in them."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from ivr.ports.provider import UNKNOWN
from ivr.provider.station import station

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics() -> Response:
    """What was counted since the trunk has started; 503 while it does not answer."""
    try:
        return Response(station().telephony.figures(), media_type=TEXT_FORMAT)
    except UNKNOWN:
        return PlainTextResponse("whoever carries our calls does not answer\n", 503)
