"""``/api/v1/on-duty``: who is on duty for a building, a grid or a resident, and in what order they are asked."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from api.duty.documents import OnDutyDocument, on_duty_document
from api.people.bodies import Words
from api.program import Program, looking
from contacts.community.community import the_community
from contacts.homes.area_lookup import find_area
from contacts.models import Community, Resident
from core import clock
from core.errors import ConflictError, NotFoundError, UserError
from core.short_ids import short
from escalation.roster.on_duty import around_area, around_resident, on_duty
from escalation.roster.shift_changes import refuse_far_day

router = APIRouter(prefix="/api/v1/on-duty", tags=["roster"])


@router.get("")
def who_is_on_duty(
    program: Program,
    building: Annotated[
        Words | None, Query(description="A building, a unit or a grid, by its name or id.", examples=["3号楼"])
    ] = None,
    resident: Annotated[UUID | None, Query(description="Or the home of this resident.")] = None,
    at: Annotated[AwareDatetime | None, Query(description="Now where it is not told.")] = None,
) -> OnDutyDocument:
    """Always an answer: where nobody is on duty it is everybody who may be asked, and `is_gap` says so."""
    if (building is None) == (resident is None):
        raise UserError("It is not said for which home.", way_out="Give either building or resident.",
                        field="building", value=building)  # fmt: skip
    when = at or clock.now()
    refuse_far_day(when.date(), clock.now(), "at")
    with looking(program) as session:
        community = the_community(session)
        around = _of_building(session, community, building) if building else _of_resident(session, community, resident)
        return on_duty_document(on_duty(session, community, around, when), when)


def _of_building(session: Session, community: Community, building: str) -> Sequence[UUID]:
    """What is asked for is named by the query, not by the address: it is a value that is wrong."""
    try:
        return around_area(session, community.id, find_area(session, building).id)
    except (NotFoundError, ConflictError) as wrong:
        raise UserError(wrong.message, way_out="Give the name of a building, as the areas have it, or its id.",
                        field="building", value=building) from wrong  # fmt: skip


def _of_resident(session: Session, community: Community, resident_id: UUID | None) -> Sequence[UUID]:
    found = session.get(Resident, resident_id) if resident_id else None
    if found is None or found.community_id != community.id:
        raise UserError("There is no resident {value}.", field="resident", value=short(str(resident_id)))
    return around_resident(session, found.id)
