"""The list to print: everybody of today's rounds, or only who needs somebody, with telephones and room to write in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from fastapi import APIRouter, Request, Response

from campaigns.models import Outcome
from console import pages
from console.mornings import CheckInLine
from console.today import Today, today
from console.words import page_words
from core.database import reading

PAGE = "/print"
router = APIRouter(include_in_schema=False)


class Who(StrEnum):
    """Whom the list holds."""

    EVERYBODY = "everybody"
    NEEDING = "needing"
    UNASKED = "unasked"


@dataclass(frozen=True)
class House:
    """The lines of one house, in the order of its doors; ``name`` is as in the database."""

    name: str
    lines: Sequence[CheckInLine]


@router.get(PAGE)
def show(request: Request, who: Who = Who.EVERYBODY, by_house: bool = False) -> Response:
    """The list; ``by_house`` begins a new sheet for each house."""
    with reading() as session:
        shown = today(session)
    words = page_words(pages.language_of(request))
    return pages.page(request, "print.html", who=who, choices=list(Who), by_house=by_house, today=shown,
                      houses=houses(shown, who), place=words["place"], spoken_day=words["spoken_day"])  # fmt: skip


def houses(shown: Today, who: Who) -> list[House]:
    """Whoever belongs on the list, house by house; nobody twice."""
    lines = [line for line in shown.check_ins if _belongs(line, who)]
    by_house = groupby(lines, key=lambda line: (line.person.building_id, line.spot.building))
    return [House(name, list(of_house)) for (_, name), of_house in by_house]


def _belongs(line: CheckInLine, who: Who) -> bool:
    if who is Who.NEEDING:
        return line.needs_somebody
    return who is Who.EVERYBODY or not line.outcome or line.outcome == Outcome.NOT_ASKED
