"""``/api/v1/households``: homes, who lives in them, and the way in."""

from uuid import UUID

from fastapi import APIRouter

from api import queries
from api.paging import Cursor, Limit, Page, page
from api.people.documents import HouseholdDocument, household_file, household_lines
from api.program import Program, looking, own
from contacts.models import Household

router = APIRouter(prefix="/api/v1/households", tags=["households"])


@router.get("")
def list_households(program: Program, limit: Limit = 50, cursor: Cursor = None) -> Page[HouseholdDocument]:
    """All homes, in the order in which they were written down."""
    with looking(program) as session:
        found = queries.households(program.community_id)
        return page(session, found, Household.id, cursor, limit, lambda rows: household_lines(session, rows))


@router.get("/{household_id}")
def get_household(program: Program, household_id: UUID) -> HouseholdDocument:
    """One home: who lives there, and the way in."""
    with looking(program) as session:
        home = own(session, program, Household, household_id, "There is no household {value}.")
        return household_file(session, home, queries.people_at(session, home.id))
