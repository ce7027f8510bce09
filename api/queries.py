"""Every SELECT of the API that pages through a community, and of what belongs to it by others."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from api.models import StoredAnswer
from campaigns.models import Campaign, CheckIn, CheckInCall, Round, Trial
from contacts.models import NOWHERE, Area, Household, Phone, Resident, Responder
from contacts.queries import AT_HOME
from contacts.queries.files import relative as relative
from contacts.queries.files import resident_in_full as resident_in_full
from escalation.models import Case, Page
from ivr.models import Call


def residents(community_id: UUID, *, removed: bool, phone: str | None, name: str | None) -> Select[Resident]:
    """Residents with what a list tells of them; ``phone`` is E.164."""
    gone = Resident.removed_at.is_not(None) if removed else Resident.removed_at.is_(None)
    found = select(Resident).where(Resident.community_id == community_id, gone, Resident.erased_at.is_(None))
    if phone is not None:
        found = found.where(exists().where(Phone.resident_id == Resident.id, Phone.number == phone))
    if name is not None:
        found = found.where(or_(Resident.name == name, Resident.called == name))
    return found.options(*AT_HOME, selectinload(Resident.consents))


def households(community_id: UUID) -> Select[Household]:
    """All homes; not where nobody lives, for those of whom nothing is known any more."""
    return select(Household).where(Household.community_id == community_id, Household.room != NOWHERE)


def areas(community_id: UUID) -> Select[Area]:
    """The whole tree of areas."""
    return select(Area).where(Area.community_id == community_id)


def responders(community_id: UUID, *, removed: bool) -> Select[Responder]:
    """Who can go and help, or once could."""
    gone = Responder.removed_at.is_not(None) if removed else Responder.removed_at.is_(None)
    found = select(Responder).where(Responder.community_id == community_id, gone)
    return found.options(selectinload(Responder.areas))


def campaigns(community_id: UUID) -> Select[Campaign]:
    """All campaigns that were not removed."""
    return select(Campaign).where(Campaign.community_id == community_id, Campaign.removed_at.is_(None))


def rounds(community_id: UUID, campaign_id: UUID | None) -> Select[Round]:
    """Rounds with their campaigns."""
    found = select(Round).join(Round.campaign).where(Campaign.community_id == community_id)
    found = found.options(contains_eager(Round.campaign))
    return found if campaign_id is None else found.where(Round.campaign_id == campaign_id)


def check_ins(round_id: UUID) -> Select[CheckIn]:
    """The check-ins of a round with their residents."""
    return select(CheckIn).where(CheckIn.round_id == round_id).options(joinedload(CheckIn.resident))


def cases(community_id: UUID, state: str | None, kind: str | None) -> Select[Case]:
    """Cases with their pages."""
    found = (
        select(Case)
        .where(Case.community_id == community_id, Case.merged_into_id.is_(None))
        .options(selectinload(Case.pages))
    )
    if state is not None:
        found = found.where(Case.state == state)
    return found if kind is None else found.where(Case.kind == kind)


def pages(community_id: UUID, case_id: UUID | None) -> Select[Page]:
    """Pages to responders, about one case if one is named."""
    found = select(Page).join(Page.case).where(Case.community_id == community_id)
    return found if case_id is None else found.where(Page.case_id == case_id)


def call(session: Session, call_id: UUID, community_id: UUID) -> Call | None:
    """A call by which somebody of this community was asked, paged or practised with; None for all others."""
    asked = (
        exists()
        .where(CheckInCall.call_id == Call.id, CheckInCall.check_in_id == CheckIn.id)
        .where(CheckIn.resident_id == Resident.id, Resident.community_id == community_id)
    )
    paged = exists().where(Page.call_id == Call.id, Page.case_id == Case.id, Case.community_id == community_id)
    practised = exists().where(
        Trial.call_id == Call.id, Trial.resident_id == Resident.id, Resident.community_id == community_id
    )
    return session.scalars(select(Call).where(Call.id == call_id, or_(asked, paged, practised))).one_or_none()


def calls_of_check_ins(session: Session, check_in_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """By check-in, the calls that asked about it, in the order in which they were made."""
    found: dict[UUID, list[UUID]] = {}
    wanted = select(CheckInCall.check_in_id, CheckInCall.call_id).where(CheckInCall.check_in_id.in_(check_in_ids))
    for check_in_id, call_id in session.execute(wanted.order_by(CheckInCall.call_id)):
        found.setdefault(check_in_id, []).append(call_id)
    return found


def stored_answers(session: Session) -> Sequence[StoredAnswer]:
    """Every answer that is kept for whoever sends the same POST again."""
    return session.scalars(select(StoredAnswer)).all()
