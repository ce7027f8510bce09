"""The routes of the pages for people; what has a name of its own comes before what has an id."""

from fastapi import APIRouter

from console.people import file_changes, file_page, greeting, household_page, new_resident, relative_forms
from console.people.chosen import changing, choosing
from console.people.duplicates import merging as merge_page
from console.people.duplicates import page as duplicates_page
from console.people.importing import left_out_page
from console.people.importing import page as import_page
from console.people.responders import responder_list_pages, responder_page
from console.people.search import list_routes

router = APIRouter(include_in_schema=False)
for each in (list_routes, import_page, left_out_page, choosing, changing, duplicates_page, merge_page, new_resident,
             file_page, file_changes, greeting, relative_forms, household_page, responder_list_pages,
             responder_page):  # fmt: skip
    router.include_router(each.router)
