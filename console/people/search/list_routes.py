"""The page of all residents: whom one looks for, found while one types; without the script by a button."""

from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sqlalchemy.orm import Session

from campaigns.people import choices
from console.people.people_words import mending, people_words
from console.people.search.list_lines import Choice, Standing, listing
from console.people.search.sought import sought
from console.shell import pages
from console.shell.rendering import frame_of, template
from contacts.community.community import the_community
from contacts.duplicates.candidates import alike
from core.errors import UserError
from core.i18n import Language
from core.storage.database import reading

PAGE = "/residents"
router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Query(max_length=100)]


class Asked:
    """What the address says is looked for."""

    def __init__(
        self,
        q: Typed = "",
        standing: Typed = "",
        flag: Typed = "",
        building: Typed = "",
        spoken: Typed = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> None:
        self.q, self.flag, self.building, self.page = q.strip(), flag, building, page
        self.standing = standing if standing in set(Standing) else ""
        self.spoken = spoken if spoken in set(Language) else ""

    @property
    def choice(self) -> Choice:
        """The same for the list."""
        return Choice(sought(self.q), self.standing, self.flag, self.building, self.spoken, self.page)

    @property
    def is_narrowed(self) -> bool:
        """Whether the list is not simply everybody who is looked after."""
        return any((self.q, self.standing, self.flag, self.building, self.spoken))

    @property
    def fields(self) -> dict[str, str]:
        """What narrows the list, and the page, as a form sends them."""
        return {"q": self.q, "standing": self.standing, "flag": self.flag, "building": self.building,
                "spoken": self.spoken, "page": str(self.page)}  # fmt: skip

    def address(self, **other: Any) -> str:
        """The same list but for what is ``other``; another list begins on its first page."""
        fields = {"q": self.q, "standing": self.standing, "flag": self.flag, "building": self.building,
                  "spoken": self.spoken} | other  # fmt: skip
        said = urlencode({name: value for name, value in fields.items() if value})
        return f"{PAGE}?{said}" if said else PAGE


@router.get(PAGE)
def show(
    request: Request, asked: Annotated[Asked, Depends()], enhanced: Annotated[bool, Header(alias="X-Parts")] = False
) -> Response:
    """Everybody who is looked after, or whoever is looked for; only the list itself for the page's own script."""
    if not enhanced:
        return page_of(request, asked)
    language = pages.language_of(request)
    with reading() as session:
        about = _about(session, asked, language)
    return pages.sent(request, language, template("people/part_residents.html").render(**frame_of(language), **about))


def page_of(request: Request, asked: Asked, mistake: UserError | None = None) -> Response:
    """The whole page; ``mistake`` is why nobody was chosen on it."""
    language = pages.language_of(request)
    with reading() as session:
        about = _about(session, asked, language)
        twice = len(alike(session, the_community(session).id))
    return pages.page(request, "people/residents.html", mistake.status if mistake else 200, twice=twice,
                      said=mending(mistake, language) if mistake else "", **about)  # fmt: skip


def _about(session: Session, asked: Asked, language: Language) -> dict[str, Any]:
    community = the_community(session)
    shown = listing(session, community, asked.choice)
    return {"asked": asked, "shown": shown, "standings": list(Standing), "most": choices.MOST,
            **people_words(language, ZoneInfo(community.timezone))}  # fmt: skip
