"""All routes of the API."""

from fastapi import APIRouter

from api.people import households, imports, relatives, residents, responders
from api.work import calls, campaigns, cases, rounds, webhooks

router = APIRouter()
for each in (residents, imports, households, relatives, responders, campaigns, rounds, cases, calls, webhooks):
    router.include_router(each.router)
