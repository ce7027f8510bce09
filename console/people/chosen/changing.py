"""What is done with everybody of a choice: told with its number and its exceptions, confirmed, done, and told again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from campaigns.people import bulk, bulk_deeds, bulk_preview, choices
from campaigns.people.bulk import Outcome, Result
from campaigns.people.bulk_deeds import Deed, RingNow, SetFlag, TakeFlag
from console.people.chosen import deed_forms
from console.people.chosen.choosing import CHOICE, PAGE, choice_page, found
from console.people.chosen.deed_forms import Typed
from console.people.people_words import flag_word, mending, people_words
from console.people.refusals import Refusal
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.chosen import ResidentChoice
from contacts.models import Community
from core import clock
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.ids import new_id
from core.storage.database import reading, write

CONFIRM, CHANGE = CHOICE + "/confirm", CHOICE + "/changes/{change_id}"
AT_A_TIME = 8.0
"""Seconds after which the page says how far it is, and goes on when it is sent again."""
MOST_NAMES, AT_ONCE = 60, 100
Number = Annotated[int, Query(ge=1, le=1000)]
router = APIRouter(include_in_schema=False)


@router.get(CONFIRM)
def confirm(request: Request, choice_id: UUID, typed: Annotated[Typed, Depends(deed_forms.asked)]) -> Response:
    """What would be done with how many, and whom it leaves as they are; nothing is changed."""
    return _confirm_page(request, choice_id, typed, new_id())


@router.post(CHANGE, dependencies=[Depends(same_site)])
def change(
    request: Request, choice_id: UUID, change_id: UUID, typed: Annotated[Typed, Depends(deed_forms.sent)]
) -> Response:
    """Does it, in bites that let others write; whoever sends it again goes on, and nobody is changed twice."""

    def begun(session: Session) -> None:
        community, choice = found(session, request, choice_id)
        bulk.begin(session, acting(request), community, choice, change_id, deed_forms.read(typed, _today(community)))

    def a_bite(session: Session) -> bool:
        return bulk.carry_on(session, acting(request), found(session, request, choice_id)[1], change_id)

    began = monotonic()
    try:
        write(begun)
        while write(a_bite) and monotonic() < began + AT_A_TIME:
            continue
    except NotFoundError as missing:
        if missing.field == "choice":
            return pages.trouble(request, missing.status, mending(missing, pages.language_of(request)))
        return _confirm_page(request, choice_id, typed, change_id, missing)
    except UserError as mistake:
        return _confirm_page(request, choice_id, typed, change_id, mistake)
    return RedirectResponse(f"{PAGE}/{choice_id}/changes/{change_id}", status_code=303)


@router.get(CHANGE)
def show(request: Request, choice_id: UUID, change_id: UUID, page: Number = 1) -> Response:
    """Who was changed, who was not and why; or how far it is."""
    language = pages.language_of(request)
    try:
        with reading() as session:
            community, choice = found(session, request, choice_id)
            done = bulk.find(session, choice, change_id)
            deed = bulk_deeds.parsed(done.deed)
            told = _told(session, choice, bulk.results_of(done), language)
            sentence = _sentence(session, community, deed, language)
    except UserError as missing:
        return pages.trouble(request, missing.status, mending(missing, language))
    longest = max(len(told.changed), len(told.same), len(told.refused))
    parts = max(1, -(-longest // AT_ONCE))
    page = min(page, parts)
    here = slice((page - 1) * AT_ONCE, page * AT_ONCE)
    shown = Told(told.changed[here], told.same[here], told.refused[here])
    return pages.page(
        request, "people/chosen_done.html", choice_id=choice_id, change=done, deed=deed, sentence=sentence, told=told,
        shown=shown, typed=deed_forms.again(deed), all=len(choice.residents), page=page, parts=parts,
        **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Names by what has come of them: ``refused`` with the reason."""

    changed: Sequence[tuple[UUID, str]]
    same: Sequence[tuple[UUID, str]]
    refused: Sequence[tuple[UUID, str, str]]


def _told(session: Session, choice: ResidentChoice, results: Sequence[Result], language: Language) -> Told:
    names = {each.resident_id: each.name for each in choices.people_of(session, choice)}
    known = [each for each in results if each.resident_id in names]
    called = {each: [(one.resident_id, names[one.resident_id]) for one in known if one.outcome is each]
              for each in Outcome}  # fmt: skip
    refused = [(each.resident_id, names[each.resident_id], each.why.get(language, "")) for each in known
               if each.outcome is Outcome.REFUSED]  # fmt: skip
    return Told(called[Outcome.CHANGED], called[Outcome.SAME], refused)


def _confirm_page(
    request: Request, choice_id: UUID, typed: Typed, change_id: UUID, mistake: UserError | None = None
) -> Response:
    language = pages.language_of(request)
    try:
        with reading() as session:
            community, choice = found(session, request, choice_id)
            zone = ZoneInfo(community.timezone)
            deed = deed_forms.read(typed, _today(community))
            shown = bulk_preview.preview(session, community, choice, deed)
            sentence = _sentence(session, community, deed, language)
    except UserError as refused:
        if isinstance(refused, NotFoundError) and refused.field == "choice":
            return pages.trouble(request, refused.status, mending(refused, language))
        return choice_page(request, choice_id, refusal=Refusal(typed["deed"], refused, typed))
    return pages.page(
        request, "people/chosen_confirm.html", mistake.status if mistake else 200, choice_id=choice_id,
        change_id=change_id, typed=deed_forms.again(deed), deed=deed, sentence=sentence, shown=shown,
        most_names=MOST_NAMES, said=mending(mistake, language) if mistake else "", **people_words(language, zone),
    )  # fmt: skip


def _sentence(session: Session, community: Community, deed: Deed, language: Language) -> str:
    flag = flag_word(deed.flag, language) if isinstance(deed, SetFlag | TakeFlag) else ""
    known = session.get(Campaign, deed.campaign_id) if isinstance(deed, RingNow) else None
    is_ours = known is not None and known.community_id == community.id
    return deed_forms.sentence(deed, flag, known.name if known is not None and is_ours else "?", language)


def _today(community: Community) -> date:
    return clock.now().astimezone(ZoneInfo(community.timezone)).date()
