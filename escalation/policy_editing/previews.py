"""A preview: the ladder of a policy played for one building, with those who help there as they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.models import Community, Role
from contacts.queries import ResponderNear
from core.errors import NotFoundError
from escalation.ladder import Candidate
from escalation.paging.looks import RING_SECONDS, waking_hours
from escalation.policies import Policy
from escalation.policy_editing.rehearsed_ladder import Rehearsed, rehearsed
from escalation.roster.gaps import Place
from escalation.roster.reading import duty_now, places
from ivr.dispatch import calls


@dataclass(frozen=True)
class Preview:
    """What would happen in a ``building`` from ``begins`` on, and who the responders are, by id."""

    building: str
    begins: datetime
    played: Rehearsed
    responders: dict[UUID, ResponderNear]


def buildings(session: Session, community: Community) -> dict[str, Place]:
    """The buildings in which somebody is rung, by their names, each with one home of it."""
    return {each.building: each for each in sorted(places(session, community), key=_natural)}


def preview(session: Session, community: Community, policy: Policy, building: str, begins: datetime) -> Preview:
    """How a case from a building would go that nobody accepts; raises ``NotFoundError`` for one nobody lives in.

    Without anybody who is rung, of the community as a whole. Relatives are not part of a ladder; nor is whoever was
    refused, or who is on the telephone.
    """
    known = buildings(session, community)
    if building not in known and (building or known):
        raise NotFoundError("Nobody is rung in a building {value}.", way_out="Choose one of: {names}.",
                            field="building", value=building, names=list(known)[:20])  # fmt: skip
    around = known[building].area_ids if building else ()
    near = contacts.responders_near(session, community.id, around)
    played = rehearsed(
        policy, _candidates(session, community, near, begins), waking_hours(community, policy), begins,
        timedelta(seconds=RING_SECONDS), calls.lead(RING_SECONDS),
        {each.responder_id for each in near if phones.can_receive_texts(each.number)},
    )  # fmt: skip
    return Preview(building, begins, played, {each.responder_id: each for each in near})


def _candidates(
    session: Session, community: Community, near: Sequence[ResponderNear], at: datetime
) -> Sequence[Candidate]:
    duty = duty_now(session, community, at)
    return [Candidate(each.responder_id, Role(each.role), each.distance, is_off_duty=duty.is_off(each.responder_id),
                      is_away=each.responder_id in duty.away) for each in near]  # fmt: skip


def _natural(place: Place) -> tuple[int, str]:
    return (len(place.building), place.building)
