"""All routes of the API."""

from fastapi import APIRouter

from api.people import households, imports, relatives, residents, responders
from api.work import calls, campaigns, cases, remarks, rounds, webhooks

router = APIRouter()
for each in (
    residents, imports, households, relatives, responders, campaigns, rounds, remarks, cases, calls, webhooks
):  # fmt: skip
    router.include_router(each.router)
