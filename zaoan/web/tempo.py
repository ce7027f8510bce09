"""The tempo of a simulation: while somebody holds a telephone in the browser, the clock runs at real speed."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Response

from core import clock
from core.running import installation
from core.storage.database import unit_of_work
from ivr.webhooks.receiving import genuine_body
from zaoan.web.paths import SPEED_PATH

router = APIRouter(include_in_schema=False)


@router.post(SPEED_PATH)
def change_speed(body: Annotated[bytes, Depends(genuine_body)]) -> Response:
    """The exchange says how fast its people live now; our clock goes on from what it shows."""
    [speed] = parse_qs(body.decode())["Speed"]
    with unit_of_work() as session:
        anchor = installation.change_speed(session, float(speed))
    clock.set_anchor(anchor)
    return Response(status_code=204)
