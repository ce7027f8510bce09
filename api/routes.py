"""All routes of the API."""

from fastapi import APIRouter

from api.duty import absences, on_duty, policies, shifts
from api.people import areas, data, duplicates, files, histories, households, imports, relatives, residents, responders
from api.work import calls, campaigns, cases, month_reports, remarks, rounds, webhooks

PEOPLE = (duplicates, residents, files, data, histories, imports, households, areas, relatives, responders)
WORK = (campaigns, rounds, month_reports, remarks, cases, calls, webhooks)

router = APIRouter()
DUTY = (shifts, absences, on_duty, policies)

for each in (*PEOPLE, *DUTY, *WORK):
    router.include_router(each.router)
