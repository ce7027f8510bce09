"""Attempts: the calls that ask for check-ins, one for everybody due at the same telephone."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaigns import outcomes, queries
from campaigns.dialogues.check_in import Asked, check_in_dialogue
from campaigns.dialogues.notice_for import NOTICE, notice_for
from campaigns.models import Campaign, CampaignKind, CheckIn, CheckInCall
from campaigns.outcomes import Plan
from campaigns.planning import retries
from campaigns.planning.terms import terms_of
from campaigns.queries import contacts_made
from campaigns.rounds import check_ins
from campaigns.rounds.lateness import LAST_CALLS
from contacts.hours import hours_of
from contacts.models import Community, Flag, Resident
from contacts.phones import formatted
from core import clock, settings
from core.i18n import Language
from core.storage.database import alone
from core.timbre import Timbre
from ivr.dialogue.engine import Dialogue
from ivr.dialogue.speech_meanings import can_understand
from ivr.dialogue.stored import Document, document, placeholder
from ivr.dispatch import calls
from ivr.listener import Listener
from ivr.models import Call, Urgency
from ivr.queries import lines

log = logging.getLogger(__name__)

OWNER = "check_in"
BATCH = 12
"""A key that is pressed meanwhile waits until so many are queued, some fifteen milliseconds."""
QUEUE = "check-in calls"
TOGETHER = timedelta(minutes=10)
"""Whoever is due so soon for the first time at a telephone that is rung now is asked in that call."""
MOST_ALIKE = 256
"""So many different dialogues are remembered: people called otherwise, at another pace, together at a telephone."""
_CALL_BACK, _COMMUNITIES = "campaigns.call_back", "campaigns.communities"
AT_ONCE = timedelta(minutes=2)
"""Whoever is to be rung again so soon at a telephone that is rung now is asked in that call, too."""


def queue_due(session: Session) -> bool:
    """Queues a call for every telephone at which somebody is due; False when nobody was.

    A batch takes everybody at the same telephone, whatever its size, whichever round asks them: it is rung once.
    Batches are taken one after the other, or two processes would divide a couple between them.
    """
    alone(session, QUEUE)
    now = clock.now()
    due = queries.due_check_ins(session, now, BATCH)
    if not due:
        return False
    numbers = _numbers(session, due)
    rung_now = {each for each in numbers.values() if each}
    waiting = queries.waiting_at(session, rung_now, numbers, now, at_once=now + AT_ONCE, soon=now + TOGETHER)
    near = _numbers(session, waiting)
    at_telephone: defaultdict[tuple[UUID | None, str | None], list[CheckIn]] = defaultdict(list)
    for check_in in [*due, *(each for each in waiting if near[each.id] in numbers.values())]:
        check_in.next_attempt_at = None
        at_telephone[_alone_in(check_in), numbers.get(check_in.id) or near.get(check_in.id)].append(check_in)
    session.flush()
    lost = contacts_made.places_lost(session, [each.id for together in at_telephone.values() for each in together])
    with session.no_autoflush:
        made = [(_made(session, number, together, lost), together) for (_, number), together in at_telephone.items()]
    session.flush()  # all calls in one statement, and all that they are for in another
    for asked, together in made:
        _note(session, asked, together)
    return True


def _numbers(session: Session, check_ins_: Sequence[CheckIn]) -> dict[UUID, str | None]:
    """The telephone at which each of them is to be rung next."""
    rung = contacts_made.last_contacts(session, [check_in.id for check_in in check_ins_])
    return {each.id: outcomes.number_to_try(each.numbers, each.refused, rung.get(each.id)) for each in check_ins_}


def _alone_in(check_in: CheckIn) -> UUID | None:
    """Every notice has its own words, and so its own call; how people are is asked in one, whichever round asks."""
    return check_in.round_id if check_in.round.campaign.kind == CampaignKind.NOTICE else None


def plan_of(session: Session, check_in: CheckIn) -> Plan:
    """The plan by which this check-in is rung."""
    under = terms_of(check_in.round)
    hours = hours_of(_community(session, check_in.round.campaign.community_id))
    return Plan(
        attempts=under.attempts,
        retry=timedelta(minutes=under.retry_minutes),
        last_dial=check_in.round.deadline - LAST_CALLS,
        hours=hours,
        lead=calls.lead(under.ring_seconds),
        pauses=retries.pauses(under.retries),
        other_number=retries.other_number(under.retries),
    )


def dialogue_for(session: Session, residents: Sequence[Resident], *, rang_us: bool) -> Dialogue:
    """What these residents hear together, in the language of the first and at the slowest pace among them."""
    people = [Asked(str(resident.id), resident.called, _speaks(resident)) for resident in residents]
    return check_in_dialogue(people, *_around(session, residents), rang_us=rang_us)


def document_for(session: Session, residents: Sequence[Resident]) -> Document:
    """The same for a call that we make, as the call keeps it."""
    called = tuple((resident.called, _speaks(resident)) for resident in residents)
    return _alike(called, *_around(session, residents)).about([str(resident.id) for resident in residents])


@lru_cache(MOST_ALIKE)
def _alike(
    called: Sequence[tuple[str, bool]],
    community: str,
    language: Language,
    pace: int | None,
    emergency: str,
    call_back: str,
) -> Document:
    """Made and checked once for all who are called alike."""
    people = [Asked(placeholder(index), name, speaks) for index, (name, speaks) in enumerate(called)]
    return document(check_in_dialogue(people, community, language, pace, emergency, call_back, rang_us=False))


def _around(session: Session, residents: Sequence[Resident]) -> tuple[str, Language, int | None, str, str]:
    """The community, the language, the pace, the emergency number and the number to ring back."""
    community = _community(session, residents[0].community_id)
    pace = min((resident.pace for resident in residents if resident.pace), default=None)
    language = Language(residents[0].language)
    return community.name, language, pace, settings.current().emergency_number, _call_back(session, community.region)


def _community(session: Session, community_id: UUID) -> Community:
    """Read once in a unit of work, which may make the calls of a whole round."""
    known: dict[UUID, Community] = session.info.setdefault(_COMMUNITIES, {})
    if community_id not in known:
        known[community_id] = session.get_one(Community, community_id)
    return known[community_id]


def _call_back(session: Session, region: str) -> str:
    """Our first number as people write it; asked once in a unit of work, which may make the calls of a whole round."""
    if _CALL_BACK not in session.info:
        ours = lines(session)
        session.info[_CALL_BACK] = formatted(ours[0].number, region) if ours else ""
    return str(session.info[_CALL_BACK])


def _speaks(resident: Resident) -> bool:
    """Whether they may say their answer: they cannot press keys, and the provider understands their language."""
    if not settings.current().speech or not can_understand(resident.language):
        return False
    return any(each.flag == Flag.CANNOT_PRESS_KEYS for each in resident.flags)


def listener_of(residents: Sequence[Resident], campaign_id: UUID | None = None) -> Listener:
    """Who hears their call: the voice is the first one's choice, as the language is."""
    return Listener(tuple(resident.id for resident in residents), campaign_id, Timbre(residents[0].timbre))


@dataclass(frozen=True)
class Made:
    """A call that was queued for ``asked``; whoever is ``too_late`` cannot be rung any more."""

    call: Call | None
    asked: Sequence[CheckIn]
    too_late: Sequence[CheckIn]


def _made(
    session: Session, number: str | None, together: Sequence[CheckIn], lost: Mapping[UUID, datetime]
) -> Made | None:
    """Queues the call; None where no telephone is left, or it cannot even be made, which holds no other up."""
    if number is None:
        return None
    try:
        return _queue_call(session, number, together, lost)
    except DBAPIError:
        raise
    except Exception:
        log.exception("check-ins %s cannot be rung", [str(check_in.id) for check_in in together])
        return None


def _note(session: Session, made: Made | None, together: Sequence[CheckIn]) -> None:
    """Whoever has no telephone left, or cannot be rung, is looked after by a person."""
    if made is None:
        for check_in in together:
            check_ins.give_up(session, check_in)
        return
    for check_in in made.too_late:
        check_ins.out_of_time(session, check_in)
    if made.call is not None:
        call_id = made.call.id
        session.add_all(CheckInCall(call_id=call_id, check_in_id=check_in.id) for check_in in made.asked)


def _queue_call(session: Session, number: str, together: Sequence[CheckIn], lost: Mapping[UUID, datetime]) -> Made:
    """One call for all who may still be rung; it keeps the plan of each of them.

    Whoever was cut off, and may have pressed a key that nobody heard, has the place in the queue of the call that was
    ``lost``, and the next one of the line: they wait for nobody's first call, and for no second telephone of an alert.
    """
    now = clock.now()
    plans = {check_in.id: plan_of(session, check_in) for check_in in together}
    dues = {check_in.id: plans[check_in.id].next_dial(now) for check_in in together}
    too_late = [check_in for check_in in together if dues[check_in.id] is None]
    asked = [check_in for check_in in together if dues[check_in.id]]
    if not asked:
        return Made(None, (), too_late)
    due = max(each for each in dues.values() if each)
    places_lost = [lost[each.id] for each in asked if each.id in lost]
    campaign, under = asked[0].round.campaign, [terms_of(check_in.round) for check_in in asked]
    residents = [check_in.resident for check_in in asked]
    owner, dialogue = asking_document(session, campaign, residents, under[0].message)
    call = calls.queue(
        session,
        number=number,
        owner=owner,
        dialogue=dialogue,
        urgency=Urgency.ANSWER_LOST if places_lost else Urgency.ROUTINE,
        due_at=due if due > now else min([due, *places_lost]),
        not_after=min(_not_after(plans[check_in.id], due) for check_in in asked),
        ring_seconds=max(each.ring_seconds for each in under),
        machine_detection=any(each.machine_detection for each in under),
        listener=listener_of(residents, campaign.id),
    )
    return Made(call, asked, too_late)


def asking(session: Session, campaign: Campaign, residents: Sequence[Resident]) -> tuple[str, Dialogue]:
    """The owner and the dialogue of a call to these residents, as the campaign is now."""
    if campaign.kind == CampaignKind.NOTICE:
        return NOTICE, notice_for(session, campaign, residents, campaign.message)
    return OWNER, dialogue_for(session, residents, rang_us=False)


def asking_document(
    session: Session, campaign: Campaign, residents: Sequence[Resident], message: str
) -> tuple[str, Document]:
    """The same of a round with this message, as the call keeps it."""
    if campaign.kind == CampaignKind.NOTICE:
        return NOTICE, document(notice_for(session, campaign, residents, message))
    return OWNER, document_for(session, residents)


def _not_after(plan: Plan, due: datetime) -> datetime:
    return min(plan.last_dial, plan.hours.closing(due))
