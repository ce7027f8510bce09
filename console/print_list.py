"""The list to print: everybody who lives here, or only who needs somebody, with telephones and room to write in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from campaigns.models import Outcome
from campaigns.people import choices
from console.shell import pages
from console.shell.rendering import page_words
from console.shell.visitors import known_visitor
from console.view.mornings import CheckInLine
from console.view.today import today, with_everybody
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.profiles import area_written
from contacts.queries import homes as queries_homes
from core.i18n import Language, listed
from core.storage.database import reading

PAGE = "/print"
router = APIRouter(include_in_schema=False)


class Who(StrEnum):
    """Whom the list holds."""

    EVERYBODY = "everybody"
    NEEDING = "needing"
    UNASKED = "unasked"
    HELPERS = "helpers"
    """Not who lives here, but who looks after them, with all their areas and telephones."""


@dataclass(frozen=True)
class House:
    """The lines of one house, in the order of its doors; ``name`` is as in the database."""

    name: str
    lines: Sequence[CheckInLine]


@dataclass(frozen=True)
class HelperLine:
    """A responder as the list names them; empty ``areas``: the whole community."""

    name: str
    role: str
    areas: str
    numbers: Sequence[str]


@router.get(PAGE)
def show(request: Request, who: Who = Who.EVERYBODY, by_house: bool = False, chosen: UUID | None = None) -> Response:
    """The list; ``by_house`` begins a new sheet for each house. ``chosen`` is a choice of whoever looks: nobody else is
    on it."""
    language = pages.language_of(request)
    with reading() as session:
        ids = _chosen(session, request, chosen) if chosen else None
        shown = today(session)
        lines = with_everybody(session, shown) if who is Who.EVERYBODY else shown.check_ins
        lines = [line for line in lines if ids is None or line.resident_id in ids]
        relatives = queries_homes.relatives(session, the_community(session).id)
        helpers = helper_lines(session, language) if who is Who.HELPERS else []
    words = page_words(language)
    return pages.page(request, "sheets/print.html", who=who, choices=list(Who), by_house=by_house, chosen=chosen,
                      today=shown, houses=houses(lines, who), relatives=relatives, helpers=helpers,
                      **{word: words[word] for word in ("place", "spoken_day", "answer")})  # fmt: skip


def _chosen(session: Session, request: Request, choice_id: UUID) -> frozenset[UUID]:
    """Raises ``NotFoundError`` where it is not kept any more, or somebody else's."""
    community, who = the_community(session), known_visitor(request)
    return frozenset(choices.ids_of(choices.find(session, community.id, who.user_id, choice_id)))


def houses(lines: Sequence[CheckInLine], who: Who) -> list[House]:
    """Whoever of these belongs on the list, house by house; nobody twice."""
    chosen = [line for line in lines if _belongs(line, who)]
    by_house = groupby(chosen, key=lambda line: (line.person.building_id, line.spot.building))
    return [House(name, list(of_house)) for (_, name), of_house in by_house]


def helper_lines(session: Session, language: Language) -> list[HelperLine]:
    """All responders, in the order in which they were written down."""
    community = the_community(session)
    tree = contacts.areas(session, community.id)
    return [
        HelperLine(
            each.name, each.role, listed(language, [area_written(area, tree) for area in each.areas]), each.numbers
        )
        for each in contacts.all_responders(session, community.id)
    ]


def _belongs(line: CheckInLine, who: Who) -> bool:
    if who is Who.HELPERS:
        return False
    if who is Who.NEEDING:
        return line.needs_somebody
    is_unasked = line.outcome == Outcome.NOT_ASKED if line.outcome else not line.reason
    return who is Who.EVERYBODY or is_unasked
