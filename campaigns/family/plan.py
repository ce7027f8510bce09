"""What happens to a resident next, and when something is wrong: as it is arranged now, and nothing that is not so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.models import CampaignKind
from campaigns.people import resident_status
from contacts import queries as contacts
from contacts.models import Role
from contacts.people import absences
from contacts.people.absences import Days
from escalation.models import CaseKind
from escalation.paging.promises import roles_to_ring
from escalation.policy_lookup import policy_for


@dataclass(frozen=True)
class Helpers:
    """The ``steps`` in which responders are rung about one kind of case, ``at_any_hour`` or in their waking hours; no
    steps: it stands on the office's page alone."""

    steps: Sequence[Sequence[Role]]
    at_any_hour: bool = False


@dataclass(frozen=True)
class Plan:
    """``next_at`` is when the next round begins that asks the resident, None where none is planned; in it they are rung
    up to ``attempts`` times. ``away`` are the days on which they are not rung, the earliest first."""

    next_at: datetime | None
    attempts: int
    away: Sequence[Days]
    silent: Helpers
    unwell: Helpers


def plan_of(session: Session, resident_id: UUID) -> Plan:
    """What is arranged for this resident now."""
    campaign = resident_status.next_campaign(session, resident_id, CampaignKind.CHECK_IN)
    campaign_id = campaign.id if campaign else None
    return Plan(
        campaign.next_round_at if campaign else None,
        campaign.attempts if campaign else 0,
        absences.absences(session, resident_id),
        _helpers(session, resident_id, campaign_id, CaseKind.NO_ANSWER),
        _helpers(session, resident_id, campaign_id, CaseKind.UNWELL),
    )


def _helpers(session: Session, resident_id: UUID, campaign_id: UUID | None, kind: CaseKind) -> Helpers:
    """Nobody is named whom nobody could ring."""
    there = roles_to_ring(session, kind, resident_id)
    community_id = contacts.resident(session, resident_id).community_id
    policy = policy_for(session, community_id, campaign_id, kind)
    steps = [[role for role in step if role in there] for step in policy.steps]
    return Helpers([step for step in steps if step], policy.at_any_hour)
