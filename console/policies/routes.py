"""The pages of escalation policies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from campaigns.models import Campaign
from console.campaigns.here import Here, campaign_here, here
from console.people.refusals import Refusal
from console.people.versions import refuse_other, version_of
from console.policies.policy_form import AHEAD, STEPS, terms_of, terms_shown, typed, values_of
from console.policies.policy_words import Line, lines, when, whom
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting, known_visitor, may_set_up
from contacts.hours import instant
from contacts.models import Role
from core import clock
from core.errors import UserError
from core.i18n import translate
from core.storage.database import reading, write
from escalation.paging import reach
from escalation.policies import DUTY, EVERY, Policy
from escalation.policy_editing.changing import change_policy
from escalation.policy_editing.previews import buildings, preview
from escalation.policy_editing.written import WrittenPolicy, written_policies, written_policy
from escalation.policy_lookup import policies_of
from escalation.policy_terms import kind_in_words, policy_of

PAGE = "/settings/policies"
EIGHT = time(8)
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asked:
    """Which policy is meant: that of the whole community, or of one campaign; and for where and when it is played."""

    campaign_id: UUID | None
    building: str
    at: time

    def address(self, kind: str = "", **more: str) -> str:
        """The page of a kind, or of all."""
        told = {"campaign": str(self.campaign_id or ""), **more}
        query = urlencode({name: value for name, value in told.items() if value})
        return PAGE + (f"/{kind}" if kind else "") + (f"?{query}" if query else "")


def _asked(campaign: UUID | None = None, building: str = "", at: str = "") -> Asked:
    return Asked(campaign, building[:60], _time(at))


def _time(written: str) -> time:
    try:
        return time.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return EIGHT


@router.get(PAGE)
def show_all(request: Request, asked: Annotated[Asked, Depends(_asked)]) -> Response:
    """Every kind of case in one sentence, and for whom there would be nobody."""
    with reading() as session:
        at = here(session, request)
        campaign = _campaign(session, at, asked)
        table = policies_of(session).table(at.community.id, asked.campaign_id)
        own = {each.kind for each in written_policies(session, at.community.id, asked.campaign_id) if each.own}
        rows = [_row(kind, policy, own, at) for kind, policy in table.items()]
        gaps = reach.gaps_of(session, at.community.id, campaign_id=asked.campaign_id)
        dangers = [reach.describe(each, at.language) for each in gaps]
    return pages.page(request, "policies/policies.html", rows=rows, dangers=dangers, asked=asked, campaign=campaign,
                      every_is_own=EVERY in own,
                      may_set_up=may_set_up(known_visitor(request)))  # fmt: skip


@router.get(f"{PAGE}/{{kind}}")
def show(request: Request, kind: str, asked: Annotated[Asked, Depends(_asked)], saved: str = "") -> Response:
    """One kind: its terms, and what would happen by them."""
    return _page(request, kind, asked, saved=bool(saved))


async def _form(request: Request) -> FormData:
    return await request.form()


@router.post(f"{PAGE}/{{kind}}", dependencies=[Depends(same_site)])
def change(
    request: Request, kind: str, form: Annotated[FormData, Depends(_form)], campaign: UUID | None = None
) -> Response:
    """Shows what somebody has typed as it would go, or keeps it, or takes what lies beneath."""
    asked = _asked(campaign, str(form.get("building", "")), str(form.get("at", "")))
    told = {} if form.get("do") == "shipped" else typed(form, kind)
    try:
        if form.get("do") == "show":
            return _page(request, kind, asked, told=told)
        write(lambda session: _keep(session, request, kind, asked, told, str(form.get("version", ""))))
    except UserError as mistake:
        return _page(request, kind, asked, told=told or None, mistake=mistake)
    return RedirectResponse(asked.address(kind, saved="yes"), status_code=303)


def _keep(session: Session, request: Request, kind: str, asked: Asked, told: Mapping[str, str], version: str) -> None:
    at = here(session, request)
    _campaign(session, at, asked)
    known = written_policy(session, at.community.id, asked.campaign_id, kind)
    refuse_other(version, known.terms)
    own = terms_of(told, known) if told else {}
    change_policy(session, acting(request), at.community.id, asked.campaign_id, kind, own)


def _campaign(session: Session, at: Here, asked: Asked) -> Campaign | None:
    return campaign_here(session, at, asked.campaign_id) if asked.campaign_id else None


@dataclass(frozen=True)
class Row:
    """One kind on the page of all."""

    kind: str
    what: str
    whom: str
    when: str
    is_own: bool


def _row(kind: str, policy: Policy, own: set[str], at: Here) -> Row:
    what = kind_in_words(kind).said(at.language)
    return Row(kind, what, whom(policy, at.language), "" if kind == DUTY else when(policy, at.language), kind in own)


def _page(
    request: Request, kind: str, asked: Asked, *, told: Mapping[str, str] | None = None,
    mistake: UserError | None = None, saved: bool = False,
) -> Response:  # fmt: skip
    with reading() as session:
        at = here(session, request)
        campaign = _campaign(session, at, asked)
        known = written_policy(session, at.community.id, asked.campaign_id, kind)
        refusal = Refusal("policy", mistake, told or {}) if mistake else None
        played, wrong = _played(session, at, known, asked, told)
        refusal = refusal or wrong
        places = list(buildings(session, at.community))
    return pages.page(
        request, "policies/policy.html", refusal.mistake.status if refusal else 200, kind=kind, asked=asked,
        what=kind_in_words(kind).said(at.language), known=known, shown=told or values_of(known.terms),
        version=version_of(known.terms), terms=terms_shown(kind), roles=list(Role), steps=STEPS, ahead=AHEAD,
        played=played, places=places, refusal=refusal, said=_said(refusal, at), saved=saved, campaign=campaign,
        is_tried=told is not None, may_set_up=may_set_up(known_visitor(request)), is_every=kind == EVERY,
    )  # fmt: skip


@dataclass(frozen=True)
class Played:
    """A preview as the page shows it."""

    building: str
    at: str
    whom: str
    when: str
    lines: Sequence[Line]
    sleeps_until: str
    rings: bool


def _played(
    session: Session, at: Here, known: WrittenPolicy, asked: Asked, told: Mapping[str, str] | None
) -> tuple[Played | None, Refusal | None]:
    """What would happen; nothing for every kind together, nor for the duty telephones."""
    if known.kind in {EVERY, DUTY}:
        return None, None
    try:
        terms: Mapping[str, Any] = dict(known.beneath) | dict(terms_of(told, known)) if told else known.terms
        policy = policy_of(known.kind, terms)
        places = list(buildings(session, at.community))
        building = asked.building if asked.building in places else next(iter(places), "")
        begins = _today_at(at, asked.at)
        shown = preview(session, at.community, policy, building, begins)
    except UserError as mistake:
        return None, Refusal("policy", mistake, told or {})
    sleeps = shown.played.sleeps_until
    return Played(
        building, f"{asked.at:%H:%M}", whom(policy, at.language), when(policy, at.language),
        lines(shown, at.language), f"{sleeps.astimezone(at.zone):%H:%M}" if sleeps else "", policy.rings,
    ), None  # fmt: skip


def _today_at(at: Here, moment: time) -> datetime:
    """This time of today, so that it is played with who is on duty then."""
    return instant(clock.now().astimezone(at.zone).date(), moment, at.zone)


def _said(refusal: Refusal | None, at: Here) -> str:
    """Beside its field only what may stand there: the field is named by where it stands."""
    if refusal is None:
        return ""
    mistake = refusal.mistake
    if refusal.field and mistake.way_out:
        return translate(at.language, mistake.way_out, **mistake.parameters)
    return refusal.said(at.language)
