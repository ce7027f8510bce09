"""How far a community has come on its way to the first real morning: what is there already, and what is missing.

Every answer is read from the data itself, so that nothing can be ticked off that is not so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from campaigns.queries import readiness as queries
from campaigns.rounds.sample_calls import SAMPLE
from contacts import queries as contacts
from contacts.models import Community, Responder, Role
from contacts.queries import campaign_audience
from core.running import troubles
from core.running.troubles import Kind
from core.settings import Settings
from escalation.calls import duty_telephones
from ivr import queries as telephone
from ivr.queries import by_owner

UNNAMED = str(Settings.model_fields["community"].default)
"""What a community is called as long as nobody has named it."""
LINE_TROUBLES = frozenset({Kind.PROVIDER_SILENT, Kind.PROVIDER_REFUSES, Kind.WEBHOOKS_SILENT})


class Step(StrEnum):
    """What a community needs before its residents are rung, in the order in which it is done."""

    COMMUNITY = "community"
    OFFICE = "office"
    LINE = "line"
    RESPONDERS = "responders"
    RESIDENTS = "residents"
    CAMPAIGN = "campaign"
    CALL = "call"


@dataclass(frozen=True)
class Standing:
    """What there is.

    ``has_line``: a number of ours, and nothing known that keeps calls from being made; ``has_helper``: a responder
    besides the office; ``has_agreed``: a resident with consent and a telephone; ``was_heard``: a call of ours was
    answered by a person.
    """

    is_named: bool
    has_office: bool
    has_line: bool
    has_helper: bool
    has_agreed: bool
    has_campaign: bool
    was_heard: bool


def missing(there: Standing) -> Sequence[Step]:
    """The steps that are still to be done, the next one first."""
    done = {
        Step.COMMUNITY: there.is_named,
        Step.OFFICE: there.has_office,
        Step.LINE: there.has_line or there.was_heard,
        Step.RESPONDERS: there.has_helper,
        Step.RESIDENTS: there.has_agreed,
        Step.CAMPAIGN: there.has_campaign,
        Step.CALL: there.was_heard,
    }
    return [step for step in Step if not done[step]]


def standing(session: Session, community: Community) -> Standing:
    """What there is in this community now; as many statements however many live here."""
    return Standing(
        is_named=community.name != UNNAMED,
        has_office=duty_telephones.is_offered(session),
        has_line=bool(telephone.lines(session)) and not line_troubles(session),
        has_helper=any(not is_office(each) for each in contacts.all_responders(session, community.id)),
        has_agreed=campaign_audience.has_agreed(session, community.id),
        has_campaign=queries.has_check_in_campaign(session, community.id),
        was_heard=queries.has_heard_a_resident(session, community.id) or by_owner.was_answered(session, SAMPLE),
    )


def is_office(responder: Responder) -> bool:
    """Whether this is the office of the whole community, to which every alert comes in the end."""
    return responder.role == Role.OFFICE and not responder.areas


def line_troubles(session: Session) -> Sequence[troubles.Noted]:
    """What is known to keep calls from being made, or keys from reaching us."""
    return [each for each in troubles.known(session) if each.kind in LINE_TROUBLES]
