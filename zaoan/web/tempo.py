"""The tempo of a simulation: while somebody holds a telephone in the browser, the clock runs at real speed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from starlette.datastructures import ImmutableMultiDict

from core import clock
from core.running import installation
from core.storage.database import unit_of_work
from ivr.provider.signature import genuine
from zaoan.web.paths import SPEED_PATH

router = APIRouter(include_in_schema=False)


@router.post(SPEED_PATH)
def change_speed(form: Annotated[ImmutableMultiDict[str, str], Depends(genuine)]) -> Response:
    """The exchange says how fast its people live now; our clock goes on from what it shows."""
    with unit_of_work() as session:
        anchor = installation.change_speed(session, float(form["Speed"]))
    clock.set_anchor(anchor)
    return Response(status_code=204)
