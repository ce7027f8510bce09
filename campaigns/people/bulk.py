"""One thing done with many residents, each by the use case that does it to one, in bites that let others write.

Of each person all of it happens, or nothing does: a refusal is theirs alone, and is told with its reason. What was
begun is kept, so that whoever sends the same form again goes on where it ended, and nobody is changed twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audiences.rules import OnList
from campaigns.changes import round_starts
from campaigns.people import bulk_deeds, choices, resident_status
from campaigns.people.bulk_deeds import Deed, Pause, Resume, RingNow, SetFlag, TakeFlag
from contacts.chosen import BulkChange, ResidentChoice
from contacts.models import Community, LeftOut, Resident
from contacts.people import resident_changes, resident_lists
from contacts.people.residents import enrolled
from contacts.queries import campaign_audience
from contacts.queries import chosen as chosen_queries
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.i18n import Language, translate
from core.running import events
from core.short_ids import short
from core.storage.held_rows import hold

BITE = 25
"""So many residents in one unit of work: whoever is in a call waits for it, and on a slow machine each takes 20 ms."""
NOT_IN_CAMPAIGN = "not_in_campaign"
Words = dict[str, str]
"""By language."""


class Outcome(StrEnum):
    """What has come of one person."""

    CHANGED = "changed"
    SAME = "same"
    """It was so already."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What has come of one person, and why it was refused, in each language; empty where it was not."""

    resident_id: UUID
    outcome: Outcome
    why: Words


def begin(
    session: Session, actor: Actor, community: Community, choice: ResidentChoice, change_id: UUID, deed: Deed
) -> BulkChange:
    """Keeps that this is to be done with everybody of the choice; a second time it is what was kept the first time.

    A round begins at once and whole. Raises ``UserError`` where the deed is none, or another one was kept by this id.
    """
    hold(session, choice)
    known = session.get(BulkChange, change_id)
    if known is not None:
        if known.choice_id != choice.id or bulk_deeds.parsed(known.deed).kind != deed.kind:
            raise ConflictError("This form has been sent already, and said something else.",
                                way_out="Begin anew on the page of the choice.", field="form")  # fmt: skip
        return known
    wanted = bulk_deeds.document(bulk_deeds.checked(session, community, _today(community), deed))
    change = BulkChange(id=change_id, choice_id=choice.id, deed=wanted, done=0, results="")
    session.add(change)
    session.flush()
    if isinstance(deed, RingNow):
        _ring(session, actor, community, choice, change, deed)
    return change


def carry_on(session: Session, actor: Actor, choice: ResidentChoice, change_id: UUID) -> bool:
    """Does it with the next ``BITE`` of them; False once it was done with everybody. Raises ``NotFoundError``."""
    change = find(session, choice, change_id)
    hold(session, change)
    if change.done_at is not None:
        return False
    deed, ids = bulk_deeds.parsed(change.deed), choices.ids_of(choice)
    some = ids[change.done : change.done + BITE]
    here = {each.resident_id for each in chosen_queries.people(session, choice.community_id, some)}
    results = [_one(session, actor, each, deed) for each in some if each in here]
    _note(session, actor, choice, change, [*results_of(change), *results], change.done + len(some))
    return change.done_at is None


def find(session: Session, choice: ResidentChoice, change_id: UUID) -> BulkChange:
    """What is done with everybody of a choice; raises ``NotFoundError``."""
    found = chosen_queries.change(session, choice.id, change_id)
    if found is None:
        raise NotFoundError("There is no change {value}.", way_out="Choose again on the list.", field="change",
                            value=short(change_id))  # fmt: skip
    return found


def results_of(change: BulkChange) -> list[Result]:
    """What has come of those with whom it was done so far, in the order of the choice."""
    kept: list[list[Any]] = json.loads(change.results or "[]")
    return [Result(UUID(who), Outcome(outcome), why or {}) for who, outcome, why in kept]


def _one(session: Session, actor: Actor, resident_id: UUID, deed: Deed) -> Result:
    """All of it or nothing."""
    try:
        with session.begin_nested():
            is_other = _done(session, actor, resident_id, deed)
    except UserError as refused:
        return Result(resident_id, Outcome.REFUSED, _words(refused))
    return Result(resident_id, Outcome.CHANGED if is_other else Outcome.SAME, {})


def _done(session: Session, actor: Actor, resident_id: UUID, deed: Deed) -> bool:
    """Whether anything is otherwise than before; by the use case for one person."""
    match deed:
        case SetFlag(flag=flag):
            return bool(resident_changes.set_flags(session, actor, resident_id, add=[flag]))
        case TakeFlag(flag=flag):
            if not _carries(session, resident_id, flag):  # a word of their own is known while somebody carries it
                return False
            return bool(resident_changes.set_flags(session, actor, resident_id, remove=[flag]))
        case Pause(first=first, last=last, reason=reason):
            change = resident_status.pause(session, actor, resident_id, first, last, reason).change
            return change.before != change.after
        case Resume():
            resident_status.resume(session, actor, resident_id, planned_too=True)
            return True
        case RingNow():
            raise TypeError("a round rings all of them at once")


def _carries(session: Session, resident_id: UUID, flag: str) -> bool:
    return flag in {each.flag for each in enrolled(session, resident_id).flags}


def _ring(
    session: Session, actor: Actor, community: Community, choice: ResidentChoice, change: BulkChange, deed: RingNow
) -> None:
    """A list keeps whom the round is for: its report says so, and who has not answered can be rung again."""
    campaign = bulk_deeds.campaign_of(session, community, deed.campaign_id)
    people = [each.resident_id for each in choices.people_of(session, choice)]
    at = clock.now().astimezone(ZoneInfo(community.timezone))
    name = translate(community.language, "Chosen by hand, {at} ({id})", at=f"{at:%Y-%m-%d %H:%M}", id=short(change.id))
    kept = resident_lists.create(session, actor, community.id, name)
    in_full = campaign_audience.residents_of(session, people)
    resident_lists.put_on(session, actor, kept, [in_full[each] for each in people])
    round_ = round_starts.start_now(session, actor, campaign, timedelta(0), OnList(list_id=kept.id))
    session.flush()
    change.round_id = round_.id
    results = _rung(session, community, round_.id, people, in_full)
    _note(session, actor, choice, change, results, len(choice.residents))


def _rung(
    session: Session, community: Community, round_id: UUID, people: Sequence[UUID], known: dict[UUID, Resident]
) -> list[Result]:
    asked = {each.resident_id: each for each in queries.check_ins_of(session, round_id, people)}
    left_out = campaign_audience.left_out(session, community.id, _today(community))
    results = []
    for each in people:
        if each in asked and asked[each].reason is None:
            results.append(Result(each, Outcome.CHANGED, {}))
        else:
            why = f"reason:{asked[each].reason}" if each in asked else _unasked(known[each], left_out.get(each))
            results.append(Result(each, Outcome.REFUSED, {one.value: translate(one, why) for one in Language}))
    return results


def _unasked(who: Resident, why: LeftOut | None) -> str:
    """The key of the catalogue."""
    if who.removed_at is not None:
        return "unasked:gone"
    return f"unasked:{why or NOT_IN_CAMPAIGN}"


def _note(
    session: Session, actor: Actor, choice: ResidentChoice, change: BulkChange, results: Sequence[Result], done: int
) -> None:
    change.done = done
    change.results = json.dumps([[str(each.resident_id), each.outcome, each.why or None] for each in results],
                                ensure_ascii=False)  # fmt: skip
    if done >= len(choice.residents):
        change.done_at = clock.real_now()
        count = {each.value: sum(one.outcome is each for one in results) for each in Outcome}
        deed = bulk_deeds.parsed(change.deed)
        events.append(session, actor, "residents.changed_together", change.id, deed=deed.kind, **count)
    session.flush()


def _words(refused: UserError) -> Words:
    """Without the way out, which may be a command."""
    only = UserError(refused.message, **dict(refused.parameters))  # type: ignore[arg-type]
    return {each.value: only.describe(each) for each in Language}


def _today(community: Community) -> date:
    return clock.now().astimezone(ZoneInfo(community.timezone)).date()
