"""The builder of campaigns: a form that reads as a sentence, with whom and when it means while it is filled in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.audience import describe, rule_of
from campaigns.models import Campaign, CampaignKind
from console.campaigns import form as forms
from console.campaigns import form_reading, keeping
from console.campaigns.form import CampaignForm
from console.campaigns.here import ONE, PAGE, Here, campaign_here, here
from console.campaigns.offers import offers
from console.campaigns.previews import in_words, preview
from console.shell import pages
from console.shell.origin import same_site
from console.shell.rendering import frame_of, template
from console.shell.visitors import acting
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.storage.database import reading, write

NEW = f"{PAGE}/new"
EDIT = f"{ONE}/edit"
PREVIEW = f"{PAGE}/preview"
Filled = Annotated[CampaignForm, Form()]
Enhanced = Annotated[bool, Header(alias="X-Parts")]
MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
"""What can be chosen as a pause after one result, besides what was chosen by other means."""
router = APIRouter(include_in_schema=False)


@router.get(NEW)
def begin(request: Request) -> Response:
    """The form of a campaign that there is not yet."""
    return _page(request, forms.blank())


@router.post(PAGE, dependencies=[Depends(same_site)])
def create(request: Request, form: Filled) -> Response:
    """Keeps the campaign as a draft, which rings nobody yet."""

    def made(session: Session) -> UUID:
        return keeping.create(session, acting(request), here(session, request).community, form).id

    try:
        return RedirectResponse(f"{PAGE}/{write(made)}", status_code=303)
    except UserError as mistake:
        return _page(request, form, mistake)


@router.post(PREVIEW, dependencies=[Depends(same_site)])
def look(request: Request, form: Filled, enhanced: Enhanced = False) -> Response:
    """Whom and when the form means: the part that shows it for the page's own script, otherwise the whole page."""
    if not enhanced:
        return _page(request, form)
    with reading() as session:
        at = here(session, request)
        shown = preview(session, at.community, form, _changed(session, at, form), at.language)
    html = template("campaigns/campaign_preview.html").render(**frame_of(at.language), **at.words, preview=shown)
    return Response(html, headers={"Cache-Control": "no-store", **pages.spoken(at.language)}, media_type="text/html")


@router.get(EDIT)
def open_form(request: Request, campaign_id: UUID) -> Response:
    """The form of a campaign that there is."""
    with reading() as session:
        at = here(session, request)
        campaign = campaign_here(session, at, campaign_id)
        rule = describe(session, at.community, rule_of(campaign), at.language).written
        form = forms.form_of(campaign, rule, keeping.own_deadline(campaign))
    return _page(request, form)


@router.post(EDIT, dependencies=[Depends(same_site)])
def change(request: Request, campaign_id: UUID, form: Filled) -> Response:
    """Keeps what is different, from the next round on."""
    form = form.model_copy(update={"campaign": str(campaign_id)})

    def changed(session: Session) -> None:
        at = here(session, request)
        keeping.change(session, acting(request), campaign_here(session, at, campaign_id), at.community, form)

    try:
        write(changed)
    except NotFoundError as missing:
        if missing.field == "campaign_id":
            raise
        return _page(request, form, missing)
    except UserError as mistake:
        return _page(request, form, mistake)
    return RedirectResponse(f"{PAGE}/{campaign_id}", status_code=303)


def _page(request: Request, form: CampaignForm, mistake: UserError | None = None) -> Response:
    with reading() as session:
        at = here(session, request)
        campaign = _changed(session, at, form)
        shown = preview(session, at.community, form, campaign, at.language)
        offered = offers(session, at.community, at.language, [*form.flag, *form.but_flag], form.area)
        kept = describe(session, at.community, rule_of(campaign), at.language) if campaign else None
    return pages.page(
        request, "campaigns/campaign_form.html", mistake.status if mistake else 200, form=form, campaign=campaign,
        preview=shown, offers=offered, kept=kept, kinds=tuple(CampaignKind), whom=forms.WHOM, often=forms.OFTEN,
        late=forms.LATE, paused_after=forms.PAUSED_AFTER, minutes=MINUTES, languages=tuple(Language),
        wrong=_wrong(mistake, at), **at.words,
    )  # fmt: skip


def _wrong(mistake: UserError | None, at: Here) -> dict[str, str]:
    """Beside which part of the form stands what is wrong with it."""
    return {form_reading.place_of(mistake): in_words(mistake, at.language)} if mistake else {}


def _changed(session: Session, at: Here, form: CampaignForm) -> Campaign | None:
    """The campaign that the form changes; None of one that there is not yet. Raises ``NotFoundError``."""
    if not form.campaign:
        return None
    try:
        return campaign_here(session, at, UUID(form.campaign))
    except ValueError:
        raise NotFoundError("There is no campaign {value}.", field="campaign_id", value=form.campaign) from None
