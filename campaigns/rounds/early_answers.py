"""Answers before the round: a resident who rings or writes to us in the campaign's call-back window need not be rung.

What they say is kept when they say it, and whatever is not well opens its case at once. The round that starts within
the window takes it over: their check-in is made with that outcome, and with the case that is there already.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import Campaign, CheckIn, EarlyAnswer, Outcome
from campaigns.outcomes import QUIET, SAID, after_saying
from contacts import queries as contacts
from contacts.hours import hours_of
from contacts.models import Community
from core import actors, clock
from core.ids import new_id
from core.running import events
from escalation.cases import cases
from escalation.cases.relative_texts import tell_relatives
from escalation.cases.relative_words import Channel
from escalation.models import Case, CaseKind

RANG_IN, TEXTED = "resident.rang_in", "resident.texted"
"""The events that say how an answer reached us."""
SAID_EARLIER = "resident.said_earlier"
"""How an answer that was kept for the round reached us is no longer told apart."""
_CHANNELS = {RANG_IN: Channel.RANG_IN, TEXTED: Channel.WROTE}


@dataclass(frozen=True)
class Said:
    """One thing a resident said, when, and how it reached us."""

    outcome: Outcome
    at: datetime
    by: str = RANG_IN

    @property
    def channel(self) -> Channel:
        """How it reached us, as the family is told."""
        return _CHANNELS.get(self.by, Channel.OTHERWISE)


def outcome_of(answers: Sequence[Said]) -> Said:
    """What several answers come to, at least one and the earliest first: the most worrying, from when it was said."""
    decided = reduce(after_saying, (answer.outcome for answer in answers))
    return next(answer for answer in answers if answer.outcome is decided)


def keep(session: Session, resident_id: UUID, said: Said, patience: timedelta = cases.AT_ONCE) -> Case | None:
    """A resident has said something of their own accord while no check-in of today waits for it.

    The case that it opens, if it does; ``patience`` is the case's.
    """
    case = None
    if said.outcome not in QUIET:
        case = cases.rang_in(
            session, actors.caller(resident_id), CaseKind(said.outcome.value), resident_id, None, patience
        )
        _tell_relatives(session, resident_id, said, case)
    if said.outcome in SAID:
        session.add(EarlyAnswer(id=new_id(), resident_id=resident_id, said=said.outcome, at=said.at,
                                case_id=case.id if case else None))  # fmt: skip
    events.append(session, actors.caller(resident_id), said.by, resident_id, said=said.outcome.value)
    return case


def waiting(
    session: Session, campaign: Campaign, due: datetime, audience: Collection[UUID]
) -> Mapping[UUID, Sequence[EarlyAnswer]]:
    """What residents of the audience have said in the window of the round that was due at ``due``, earliest first."""
    since = due - timedelta(minutes=campaign.early_minutes)
    by_resident: defaultdict[UUID, list[EarlyAnswer]] = defaultdict(list)
    for answer in queries.early_answers(session, since):
        if answer.resident_id in audience:
            by_resident[answer.resident_id].append(answer)
    return by_resident


def said_by(answers: Sequence[EarlyAnswer]) -> Said:
    """What a resident's early answers come to."""
    return outcome_of([Said(answer.said, answer.at) for answer in answers])


def take_over(session: Session, check_in: CheckIn, answers: Sequence[EarlyAnswer]) -> None:
    """Ties early answers, and the case that they have opened, to the check-in that was made from them."""
    for answer in answers:
        answer.check_in_id = check_in.id
    outcome = Outcome(check_in.outcome or Outcome.OK)
    case_id = next((answer.case_id for answer in reversed(answers) if answer.case_id), None)
    campaign_id, resident = check_in.round.campaign_id, actors.caller(check_in.resident_id)
    if outcome not in QUIET and not (case_id and cases.tie(session, case_id, check_in.id, campaign_id)):
        cases.open_case(
            session, resident, CaseKind(outcome.value), check_in.resident_id, check_in.id, campaign_id=campaign_id
        )
    if outcome in QUIET:
        at = check_in.answered_at or clock.now()
        _tell_relatives(session, check_in.resident_id, Said(outcome, at, by=SAID_EARLIER), None)
    events.append(session, resident, "check_in.decided", check_in.id, outcome=outcome.value,
                  resident=str(check_in.resident_id))  # fmt: skip


def _tell_relatives(session: Session, resident_id: UUID, said: Said, case: Case | None) -> None:
    hours = hours_of(session.get_one(Community, contacts.resident(session, resident_id).community_id))
    tell_relatives(session, resident_id, said.outcome, said.at, case, hours.next_permitted(clock.now()), said.channel)
