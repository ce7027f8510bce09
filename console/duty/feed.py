"""A responder's duty as a calendar that their telephone subscribes to; the address is the secret."""

from fastapi import APIRouter, Response

from core.storage.database import reading
from escalation.roster import feeds

router = APIRouter()
HEADERS = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="duty.ics"'}


@router.get("/roster/{secret}.ics")
def show_calendar(secret: str) -> Response:
    """The calendar (RFC 5545) of whoever was given this address."""
    with reading() as session:
        written = feeds.calendar(session, secret)
    return Response(written, media_type="text/calendar; charset=utf-8", headers=HEADERS)
