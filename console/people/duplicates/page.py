"""The page of those who may have been written down twice: pairs side by side, and what staff say of each.

Nothing is merged here: "one person" leads to a page that tells what will become of both files (``merging.py``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people import file
from console.people.duplicates.side_by_side import Fact, Speaker, facts, home_of
from console.people.people_words import mending, people_words
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.duplicates import candidates, telling_apart
from contacts.duplicates.candidates import Likeness
from contacts.history.moments import Moment, moments
from contacts.models import Community, Resident
from contacts.queries import duplicates
from core import settings
from core.errors import UserError
from core.storage.database import reading, write

PAGE = "/residents/duplicates"
PAIRS_AT_ONCE, APART_AT_ONCE = 10, 20
Number = Annotated[int, Query(ge=1, le=100_000)]
Chosen = Annotated[UUID, Form()]
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PairShown:
    """Two residents who may be one person, what they have in common, and what each of their files tells."""

    first: Resident
    second: Resident
    likeness: Sequence[Likeness]
    facts: Sequence[Fact]


@dataclass(frozen=True)
class ApartShown:
    """Two people of whom staff have said that they are two; ``said`` is who and when, None where that is not kept."""

    first: Resident
    second: Resident
    homes: tuple[str, str]
    said: Moment | None


@router.get(PAGE)
def show(request: Request, page: Number = 1, apart: Number = 1, merged: UUID | None = None) -> Response:
    """Who may have been written down twice; ``merged`` is whose file has just become one."""
    return _page(request, page, apart, merged=merged)


@router.post(PAGE + "/distinct", dependencies=[Depends(same_site)])
def tell_apart(request: Request, first: Chosen, second: Chosen) -> Response:
    """They are two people, and are not offered again."""

    def work(session: Session) -> None:
        telling_apart.tell_apart(session, acting(request), *_known(session, first, second))

    return _led(request, work, "#apart")


@router.post(PAGE + "/offer-again", dependencies=[Depends(same_site)])
def offer_again(request: Request, first: Chosen, second: Chosen) -> Response:
    """They may be one person after all."""

    def work(session: Session) -> None:
        telling_apart.take_back(session, acting(request), *_known(session, first, second))

    return _led(request, work, "")


def _known(session: Session, first: UUID, second: UUID) -> tuple[UUID, UUID]:
    """Two residents of this community; raises ``NotFoundError``."""
    community = the_community(session)
    return file.find(session, community, first).id, file.find(session, community, second).id


def _led(request: Request, work: Callable[[Session], None], place: str) -> Response:
    try:
        write(work)
    except UserError as mistake:
        return _page(request, 1, 1, mistake=mistake)
    return RedirectResponse(PAGE + place, status_code=303)


def _page(
    request: Request, page: int, apart: int, *, merged: UUID | None = None, mistake: UserError | None = None
) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        found = candidates.alike(session, community.id)
        by = Speaker(language, settings.current().region, contacts.areas(session, community.id))
        parts = Pages(page, len(found), PAIRS_AT_ONCE)
        apart_parts = Pages(apart, duplicates.count_told_apart(session, community.id), APART_AT_ONCE)
        shown = _pairs(session, found[parts.first : parts.first + PAIRS_AT_ONCE], by)
        two = _apart(session, community, apart_parts, by)
        kept = _kept(session, community, merged)
    return pages.page(
        request, "people/duplicates.html", mistake.status if mistake else 200, pairs=shown, parts=parts, two=two,
        apart_parts=apart_parts, kept=kept, said=mending(mistake, language) if mistake else "",
        **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip


@dataclass(frozen=True)
class Pages:
    """Which page of a list was asked for, of as many as there are; ``first`` counts from 0."""

    asked: int
    all: int
    at_once: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.all // self.at_once))

    @property
    def page(self) -> int:
        """The one that is shown."""
        return min(self.asked, self.pages)

    @property
    def first(self) -> int:
        """Where it begins."""
        return (self.page - 1) * self.at_once


def _pairs(session: Session, found: Sequence[candidates.Alike], by: Speaker) -> list[PairShown]:
    people = duplicates.residents_in_full(session, sorted({one for each in found for one in each[:2]}))
    return [
        PairShown(people[one], people[other], likeness, facts(people[one], people[other], by))
        for one, other, likeness in found
    ]


def _apart(session: Session, community: Community, parts: Pages, by: Speaker) -> list[ApartShown]:
    found = telling_apart.told_apart(session, community.id, parts.at_once, parts.first)
    said = {each.number: each for each in moments(session, [each.said for each in found if each.said])}
    return [ApartShown(each.first, each.second, (home_of(each.first, by), home_of(each.second, by)),
                       said.get(each.said.id) if each.said else None) for each in found]  # fmt: skip


def _kept(session: Session, community: Community, merged: UUID | None) -> Resident | None:
    """Whose file two have become, where the address says so and it is true."""
    if merged is None or not duplicates.merged_into(session, merged):
        return None
    return file.find(session, community, merged)
