"""All routes of the API."""

from fastapi import APIRouter

from api.people import areas, households, imports, relatives, residents, responders
from api.work import calls, campaigns, cases, rounds

router = APIRouter()
for each in (residents, imports, households, areas, relatives, responders, campaigns, rounds, cases, calls):
    router.include_router(each.router)
