"""The pages of cases: the queue, and one case with its time line."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from console.cases import deeds
from console.cases.case_queue import Filter, queue_of
from console.cases.showing import page_of
from console.shell import pages
from console.shell.rendering import page_words
from console.shell.visitors import acting
from core.storage.database import reading
from escalation.models import CaseKind
from escalation.queries.queue import Show

router = APIRouter(include_in_schema=False)
router.include_router(deeds.router)


@router.get("/cases")
def show_queue(
    request: Request,
    show: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    building: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[str, Query(max_length=8)] = "1",
) -> Response:
    """The cases that are asked for; whatever of the address means nothing is as if it were not there."""
    language, asked = pages.language_of(request), _filter(show, kind, building, page)
    with reading() as session:
        found = queue_of(session, acting(request), asked, language)
    words = page_words(language)
    return pages.page(request, "cases/case_queue.html", queue=found, asked=asked, kinds=list(CaseKind),
                      shows=list(Show), address=_address, sign_of_kind=words["sign_of_kind"])  # fmt: skip


@router.get("/cases/{case_id}")
def show_case(request: Request, case_id: UUID) -> Response:
    """One case, open or closed."""
    return page_of(request, case_id)


def _filter(show: str, kind: str, building: str, page: str) -> Filter:
    return Filter(
        show=Show(show) if show in set(Show) else Show.OPEN,
        kind=CaseKind(kind) if kind in set(CaseKind) else None,
        building=_id(building),
        page=max(1, int(page)) if page.isdecimal() else 1,
    )


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _address(asked: Filter, changed: Mapping[str, object]) -> str:
    """The address of the same queue with something else asked for."""
    said = {"show": asked.show, "kind": asked.kind, "building": asked.building, "page": 1} | dict(changed)
    usual = {"show": Show.OPEN, "kind": None, "building": None, "page": 1}
    query = "&".join(f"{name}={value}" for name, value in said.items() if value != usual[name])
    return f"/cases?{query}" if query else "/cases"
