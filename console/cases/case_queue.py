"""The queue of cases, as its page tells it: a page of lines, and the filters there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.midnight import midnight
from console.view.house_fronts import natural
from console.view.times import short_moment
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import AreaKind
from contacts.places import spelled_place
from core import clock
from core.actors import Actor
from core.i18n import Language
from escalation.models import Case, CaseKind
from escalation.queries.queue import Show, Wanted, queue

A_PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What is asked for, as it stands in the address; ``page`` is 1 for the first."""

    show: Show = Show.OPEN
    kind: CaseKind | None = None
    building: UUID | None = None
    page: int = 1


@dataclass(frozen=True)
class QueueLine:
    """One case; ``since`` is the instant from which it is open, ``opened`` and ``closed`` are community time."""

    case_id: UUID
    kind: str
    urgency: int
    state: str
    called: str
    people: int
    place: str
    since: datetime
    opened: str
    closed: str
    accepted_by: str
    finding: str


@dataclass(frozen=True)
class Queue:
    """One page of the queue."""

    asked: Filter
    lines: Sequence[QueueLine]
    has_more: bool
    buildings: Sequence[tuple[UUID, str]]


def queue_of(session: Session, actor: Actor, asked: Filter, language: Language) -> Queue:
    """The page that is asked for; as many statements whatever it shows, and rows of no other case."""
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    wanted = Wanted(community.id, asked.show, actor, midnight(zone, clock.now()), asked.kind, asked.building)
    found = queue(session, wanted, (asked.page - 1) * A_PAGE, A_PAGE)
    shown = found[:A_PAGE]
    residents = contacts.resident_profiles(session, [each.resident_id for each in shown if each.resident_id])
    helpers = contacts.responders(session, list({each.accepted_by_id for each in shown if each.accepted_by_id}))
    lines = [
        _line(each, residents.get(each.resident_id) if each.resident_id else None,
              helpers[each.accepted_by_id].name if each.accepted_by_id else "", zone, language)
        for each in shown
    ]  # fmt: skip
    areas = contacts.areas(session, community.id).values()
    buildings = sorted(((each.id, each.name) for each in areas if each.kind == AreaKind.BUILDING), key=_by_number)
    return Queue(asked, lines, len(found) > A_PAGE, buildings)


def _line(
    case: Case, resident: contacts.ResidentProfile | None, accepted_by: str, zone: ZoneInfo, language: Language
) -> QueueLine:
    return QueueLine(
        case_id=case.id,
        kind=case.kind,
        urgency=case.urgency,
        state=case.state,
        called=resident.called if resident else "",
        people=case.people or 0,
        place=spelled_place(language, resident.building, resident.unit, resident.room) if resident else "",
        since=case.opened_at,
        opened=short_moment(case.opened_at, zone, language),
        closed=short_moment(case.closed_at, zone, language) if case.closed_at else "",
        accepted_by=accepted_by,
        finding=case.finding or "",
    )


def _by_number(building: tuple[UUID, str]) -> tuple[object, ...]:
    return natural(building[1])
