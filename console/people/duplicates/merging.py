"""The page before two files become one: which of them stays, and what becomes of the other; then it is done."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.people import merge_preview, resident_merging
from campaigns.people.merge_preview import MergePreview
from console.people import file
from console.people.duplicates.page import PAGE
from console.people.duplicates.side_by_side import Speaker, facts, home_of
from console.people.people_words import mending, people_words
from console.people.versions import refuse_other, version_of
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.duplicates import joining
from contacts.file_labels import label_of
from contacts.models import Community
from core import settings
from core.errors import NotFoundError, UserError
from core.storage.database import reading, write

PAIR = PAGE + "/{kept_id}/{other_id}"
router = APIRouter(include_in_schema=False)


@router.get(PAIR)
def show(request: Request, kept_id: UUID, other_id: UUID) -> Response:
    """What would become of both files where the first one stays."""
    return _page(request, kept_id, other_id)


@router.post(PAIR, dependencies=[Depends(same_site)])
def merge(
    request: Request, kept_id: UUID, other_id: UUID, version: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Makes one file of both, if they are as they were seen; a second time it does nothing."""

    def work(session: Session) -> None:
        community = the_community(session)
        other = file.find(session, community, other_id)
        kept = file.find(session, community, kept_id)
        if other.merged_into_id == kept.id:
            return
        joining.held_both(session, kept.id, other.id)
        refuse_other(version, merge_preview.preview(session, kept, other).version)
        resident_merging.merge(session, acting(request), kept.id, other.id)

    try:
        write(work)
    except UserError as mistake:
        return _page(request, kept_id, other_id, mistake)
    return RedirectResponse(f"{PAGE}?merged={kept_id}", status_code=303)


def _page(request: Request, kept_id: UUID, other_id: UUID, mistake: UserError | None = None) -> Response:
    language = pages.language_of(request)
    try:
        with reading() as session:
            community = the_community(session)
            found = _previewed(session, community, kept_id, other_id)
            by = Speaker(language, settings.current().region, contacts.areas(session, community.id))
            told, homes = facts(found.kept, found.other, by), (home_of(found.kept, by), home_of(found.other, by))
            busy = merge_preview.is_in_call(session, [kept_id, other_id])
    except UserError as refused:
        return pages.trouble(request, refused.status, mending(refused, language))
    return pages.page(
        request, "people/duplicates_merge.html", mistake.status if mistake else 200, found=found, facts=told,
        homes=homes, busy=busy, label=label_of, version=version_of(found.version),
        said=mending(mistake, language) if mistake else "", **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip


def _previewed(session: Session, community: Community, kept_id: UUID, other_id: UUID) -> MergePreview:
    """Raises ``UserError`` for files that cannot be made one."""
    kept, other = file.find(session, community, kept_id), file.find(session, community, other_id)
    for each in (kept, other):
        if each.removed_at is not None:
            raise NotFoundError("{value} is not looked after any more.", way_out="Go back to the list.",
                                field="resident", value=each.name)  # fmt: skip
    joining.refuse_one(kept.id, other.id)
    return merge_preview.preview(session, kept, other)
