"""The roster of a community as the rules need it, and where its homes lie."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true
from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import AreaKind, Community, Responder
from contacts.queries import campaign_audience as audience
from contacts.queries import homes
from contacts.queries.homes import Place as AreaPlace
from escalation.policies import Table
from escalation.policy_lookup import policies_of
from escalation.queries import roster as queries
from escalation.roster.duty import Away, Duty, PlannedShift, Roster, duty_at
from escalation.roster.gaps import AHEAD, DutyGap, Place, gaps
from escalation.roster.holidays import holidays_of
from escalation.shifts import Holidays

_BACK = timedelta(days=3)
"""A shift begins at most a day before it is on, and a local day is at most a day from its instants."""
NOTHING_PLANNED = Duty()


def roster_of(session: Session, community: Community, since: datetime) -> Roster:
    """All that is planned in a community from then on; at most three statements, and none where there is no roster."""
    zone, holiday = ZoneInfo(community.timezone), holidays_of(community.region)
    if not community.has_roster:
        return Roster(zone, holiday)
    first_day = (since - _BACK).date()
    swapped = queries.stand_ins(session, community.id, first_day)
    return Roster(
        zone,
        holiday,
        [_planned(each) for each in queries.shift_rows(session, community.id)],
        {(shift_id, day): who for shift_id, day, who in swapped},
        [Away(*each) for each in queries.absence_rows(session, community.id, first_instant(since))],
    )


def first_instant(since: datetime) -> datetime:
    """Of one minute every look asks for the same absences, so that one unit of work asks once."""
    return since.replace(second=0, microsecond=0)


def duty_now(session: Session, community: Community, at: datetime) -> Duty:
    """Who is on duty in a community at an instant, wherever; nothing is asked where there is no roster."""
    return duty_at(roster_of(session, community, at), at) if community.has_roster else NOTHING_PLANNED


def gaps_ahead(
    session: Session,
    community: Community,
    at: datetime,
    ahead: timedelta = AHEAD,
    responders: Sequence[Responder] | None = None,
) -> list[DutyGap]:
    """When, from ``at`` on, nobody whom any policy asks is on duty for a building in which somebody is rung.

    ``responders`` are all who help in the community, for who has read them already.
    """
    if not community.has_roster:
        return []
    asked = roles_asked(policies_of(session).table(community.id, None))
    people = contacts.all_responders(session, community.id) if responders is None else responders
    helpers = {each.id: each.area_ids for each in people if each.role in asked}
    return gaps(roster_of(session, community, at), places(session, community), helpers, at, at + ahead)


def roles_asked(table: Table) -> frozenset[str]:
    """Every responder role that some policy asks."""
    return frozenset(role for policy in table.values() for role in policy.roles)


def _planned(row: queries.ShiftRow) -> PlannedShift:
    return PlannedShift(row.id, row.responder_id, row.begins, row.ends, row.weekday, row.day, Holidays(row.holidays))


def places(session: Session, community: Community) -> Sequence[Place]:
    """Where somebody lives who has agreed."""
    tree = homes.places(session, community.id)
    lived_in = audience.by_area(session, community.id, true())
    return [Place(_building(around, tree), around) for around in (_around(each, tree) for each in lived_in)]


def _around(area_id: UUID, tree: Mapping[UUID, AreaPlace]) -> tuple[UUID, ...]:
    found = [area_id]
    while parent_id := tree[found[-1]].parent_id:
        found.append(parent_id)
    return tuple(found)


def _building(around: Sequence[UUID], tree: Mapping[UUID, AreaPlace]) -> str:
    """The building's name; that of the innermost area where a home lies in no building."""
    named = (tree[each].name for each in around if tree[each].kind == AreaKind.BUILDING)
    return next(named, tree[around[0]].name)
