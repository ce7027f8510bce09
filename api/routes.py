"""All routes of the API."""

from fastapi import APIRouter

from api.people import areas, duplicates, files, histories, households, imports, relatives, residents, responders
from api.work import calls, campaigns, cases, rounds

router = APIRouter()
for each in (
    duplicates,
    residents,
    files,
    histories,
    imports,
    households,
    areas,
    relatives,
    responders,
    campaigns,
    rounds,
    cases,
    calls,
):
    router.include_router(each.router)
