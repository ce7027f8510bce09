"""The command palette: residents by what is typed of them, and the open cases about them, from any page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from campaigns.midnight import midnight
from console.people.search.list_lines import Choice, listing
from console.people.search.sought import sought
from console.shell import pages
from console.shell.rendering import frame_of, template
from console.shell.visitors import acting
from console.view.roster import place_in
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Community
from contacts.office import office_hours
from core import clock
from core.actors import Actor
from core.i18n import Language
from core.storage.database import reading
from escalation import queries as escalation
from escalation.models import Case
from escalation.queries.queue import Show, Wanted, queue

MOST_PEOPLE, MOST_CASES = 8, 5
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FoundPerson:
    """A resident, what the voice calls them where that is another name, and where they live."""

    resident_id: UUID
    name: str
    called: str
    place: str


@dataclass(frozen=True)
class FoundCase:
    """An open case; ``called`` is empty where it is about nobody in particular."""

    case_id: UUID
    called: str
    kind: str
    state: str


@router.get("/find")
def find(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Whoever is meant by what was typed, and the cases about them; without a word the most urgent cases."""
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        people = _people(session, community, q, language) if q.strip() else []
        cases = _cases_of(session, people) if q.strip() else _urgent(session, community, acting(request))
        body = template("frame/found.html").render(**frame_of(language), people=people, cases=_told(session, cases))
    return pages.sent(request, language, body)


def _people(session: Session, community: Community, typed: str, language: Language) -> Sequence[FoundPerson]:
    meant = sought(typed)
    if meant.is_nothing:
        return []
    lines = listing(session, community, Choice(meant)).lines[:MOST_PEOPLE]
    return [
        FoundPerson(who.resident_id, who.name, "" if who.called == who.name else who.called, place_in(language, spot))
        for who, spot in ((each.person, each.spot) for each in lines)
    ]


def _cases_of(session: Session, people: Sequence[FoundPerson]) -> Sequence[Case]:
    return escalation.unclosed_cases(session, [each.resident_id for each in people])[:MOST_CASES]


def _urgent(session: Session, community: Community, actor: Actor) -> Sequence[Case]:
    since = midnight(office_hours(community).zone, clock.now())
    return queue(session, Wanted(community.id, Show.OPEN, actor, since), 0, MOST_CASES)[:MOST_CASES]


def _told(session: Session, cases: Sequence[Case]) -> Sequence[FoundCase]:
    known = contacts.resident_profiles(session, [each.resident_id for each in cases if each.resident_id])
    return [
        FoundCase(each.id, known[each.resident_id].called if each.resident_id in known else "", each.kind, each.state)
        for each in cases
    ]
