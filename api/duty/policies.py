"""``/api/v1/policies``: whom each kind of case rings, in what order, and when."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from api.duty.policy_bodies import (
    PoliciesDocument,
    PolicyDocument,
    PolicyPreviewDocument,
    PolicyTermsBody,
    policy_document,
    preview_document,
)
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer
from api.people.bodies import Words
from api.program import Program, changing, looking, own
from campaigns.models import Campaign
from contacts.community.community import the_community
from core import clock
from core.errors import UserError
from core.identity.visitor import Visitor
from escalation.policies import EVERY
from escalation.policy_editing.changing import change_policy
from escalation.policy_editing.previews import buildings, preview
from escalation.policy_editing.written import written_policies, written_policy
from escalation.policy_terms import policy_of
from escalation.roster.shift_changes import refuse_far_day

PATH = "/api/v1/policies"
router = APIRouter(prefix=PATH, tags=["roster"])
OfCampaign = Annotated[UUID | None, Query(description="That of this campaign; of the whole community without it.")]


@router.get("", responses={404: {}})
def list_policies(program: Program, campaign_id: OfCampaign = None) -> PoliciesDocument:
    """The policy of every kind of case; `every` is what holds for all kinds that do not say otherwise."""
    with looking(program) as session:
        _refuse_foreign(session, program, campaign_id)
        found = written_policies(session, program.community_id, campaign_id)
        return PoliciesDocument(items=[policy_document(each, campaign_id) for each in found])


@router.get("/{kind}", response_model=PolicyDocument)
def get_policy(program: Program, kind: Words, campaign_id: OfCampaign = None) -> Response:
    """One policy; `ETag` is its version."""
    with looking(program) as session:
        _refuse_foreign(session, program, campaign_id)
        return _answer(session, program, kind, campaign_id).response()


@router.patch("/{kind}", response_model=PolicyDocument)
def change(
    program: Program, kind: Words, body: PolicyTermsBody, campaign_id: OfCampaign = None, if_match: IfMatch = None
) -> Response:
    """Changes the terms that are told; null takes back what is said here. It holds for open cases at once.

    A policy that would ring somebody and by which nobody can be rung is refused (409).
    """

    def work(session: Session) -> Response:
        _refuse_foreign(session, program, campaign_id)
        known = written_policy(session, program.community_id, campaign_id, kind)
        check(if_match, policy_document(known, campaign_id))
        told = body.model_dump(mode="json", exclude_unset=True)
        wanted = {name: value for name, value in (dict(known.own) | told).items() if value is not None}
        change_policy(session, program.actor, program.community_id, campaign_id, kind, wanted)
        return _answer(session, program, kind, campaign_id).response()

    return changing(program, work)


@router.get("/{kind}/preview")
def preview_policy(
    program: Program,
    kind: Words,
    building: Annotated[
        Words | None, Query(description="Where the case comes from; the first building without it.", examples=["3"])
    ] = None,
    at: Annotated[AwareDatetime | None, Query(description="Now where it is not told.")] = None,
    campaign_id: OfCampaign = None,
) -> PolicyPreviewDocument:
    """How its ladder would go if nobody accepted, with who is on duty then; nobody is rung."""
    begins = at or clock.now()
    refuse_far_day(begins.date(), clock.now(), "at")
    with looking(program) as session:
        _refuse_foreign(session, program, campaign_id)
        known = written_policy(session, program.community_id, campaign_id, kind)
        if kind == EVERY:
            raise UserError("Only one kind of case can be played.", way_out="Name one, such as unwell.", field="kind",
                            value=kind)  # fmt: skip
        community = the_community(session)
        where = building if building is not None else next(iter(buildings(session, community)), "")
        return preview_document(preview(session, community, policy_of(kind, known.terms), where, begins))


def _refuse_foreign(session: Session, program: Visitor, campaign_id: UUID | None) -> None:
    if campaign_id is not None:
        own(session, program, Campaign, campaign_id, "There is no campaign {value}.", "campaign_id")


def _answer(session: Session, program: Visitor, kind: str, campaign_id: UUID | None) -> Answer:
    document = policy_document(written_policy(session, program.community_id, campaign_id, kind), campaign_id)
    return Answer(document, 200, {"ETag": tag_of(document)})
