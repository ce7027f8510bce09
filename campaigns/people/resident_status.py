"""What staff decide about one resident, carried out in the rounds, calls, trials and cases of today.

Whoever is in a call goes on: what they say counts. A telephone that still rings for them stops ringing, and what
waits is not dialled. The command line, the pages and the importer call these.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import is_for
from campaigns.models import Campaign, CampaignKind, CampaignState, Reason
from campaigns.queries import contacts_made
from campaigns.queries import texts as queries_texts
from campaigns.queries import trials as trial_queries
from campaigns.rounds import check_ins, excuses, trials
from campaigns.rounds.excuses import Excused
from contacts import queries as contacts
from contacts.models import Consent, PhoneState, Removal
from contacts.people import absences, relative_changes, resident_changes, residents
from contacts.people import consent as consenting
from contacts.people.absences import AbsenceChange
from contacts.people.relative_changes import RelativeParticulars
from core.actors import Actor
from core.changes import Changed
from escalation.cases import departures
from escalation.cases.family import OWNER as REPORTS
from escalation.findings import Finding
from escalation.models import Case
from ivr.dispatch import call_off as calling_off
from ivr.models import Call, CallState
from ivr.sms import outbound

_REASONS = {
    Removal.MOVED_AWAY: Reason.MOVED_AWAY,
    Removal.DECEASED: Reason.DECEASED,
    Removal.OTHER: Reason.REMOVED,
}
_FINDINGS = {
    Removal.MOVED_AWAY: Finding.MOVED_AWAY,
    Removal.DECEASED: Finding.DECEASED,
    Removal.OTHER: Finding.OTHER,
}


@dataclass(frozen=True)
class TodaysCalls:
    """What became of today: how many check-ins and notices ended at once, and whether a call goes on first."""

    ended: int = 0
    in_call: bool = False
    trial_ended: bool = False


@dataclass(frozen=True)
class Paused:
    """The absences before and after, and what became of today."""

    change: AbsenceChange
    today: TodaysCalls


@dataclass(frozen=True)
class Removed:
    """Since when they are not looked after any more, what became of today, and the cases that were closed."""

    at: datetime
    today: TodaysCalls
    closed: Sequence[Case]


def pause(
    session: Session, actor: Actor, resident_id: UUID, first_day: date, last_day: date | None, reason: str = ""
) -> Paused:
    """Nobody rings the resident on these days (see ``absences.pause``, also for what it raises); today included."""
    queries.hold_rounds_back(session)
    change = absences.pause(session, actor, resident_id, first_day, last_day, reason)
    today = absences.local_today(session, contacts.resident(session, resident_id))
    if not change.after[0].cover(today):
        return Paused(change, TodaysCalls())
    return Paused(change, end_today(session, actor, resident_id, Reason.PAUSED, change.after[0].reason))


def resume(session: Session, actor: Actor, resident_id: UUID, *, planned_too: bool = False) -> AbsenceChange:
    """The resident is rung again from the next round on; raises as ``absences.resume`` does."""
    return absences.resume(session, actor, resident_id, planned_too=planned_too)


def remove(session: Session, actor: Actor, resident_id: UUID, because: Removal, note: str = "") -> Removed:
    """The resident is looked after no more: calls end, cases are closed with that finding, their family hears nothing.

    Raises as ``residents.mark_removed`` does. Their history stays.
    """
    queries.hold_rounds_back(session)
    at = residents.mark_removed(session, actor, resident_id, because, note)
    today = end_today(session, actor, resident_id, _REASONS[because], note)
    closed = departures.close_cases(session, actor, resident_id, _FINDINGS[because], note)
    return Removed(at, today, closed)


def restore(session: Session, actor: Actor, resident_id: UUID) -> Removal:
    """A removal is taken back; they are rung from the next round on. Raises as ``residents.restore`` does."""
    return residents.restore(session, actor, resident_id)


def agree(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    *,
    by: str,
    how: str,
    at: datetime | None = None,
    for_what: str = "",
    evidence: str = "",
) -> Consent:
    """A person records a consent, which is the only way to undo an opt-out; raises as ``consenting.give`` does."""
    residents.enrolled(session, resident_id)
    return consenting.give(session, actor, resident_id, by=by, how=how, at=at, for_what=for_what, evidence=evidence)


def refuse(session: Session, actor: Actor, resident_id: UUID, *, by: str, how: str) -> TodaysCalls | None:
    """A person records that the resident wants no calls; None where that was known, and nothing has changed."""
    queries.hold_rounds_back(session)
    residents.enrolled(session, resident_id)
    if not consenting.withdraw(session, actor, resident_id, by=by, how=how):
        return None
    return end_today(session, actor, resident_id, Reason.NO_CONSENT, how)


def set_numbers(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    first: str | None = None,
    second: str | None = None,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes telephones (see ``resident_changes.set_numbers``, also for what it raises), for today's calls as well.

    What waits to be dialled to a number that is theirs no more is dialled to the new one instead.
    """
    queries.hold_rounds_back(session)
    changes = resident_changes.set_numbers(session, actor, resident_id, first, second, ours)
    if changes:
        ring_elsewhere(session, resident_id)
    return changes


def set_phone_state(
    session: Session, actor: Actor, resident_id: UUID, written: str, state: PhoneState, since: datetime | None = None
) -> list[Changed]:
    """Whether a telephone may be rung (see ``resident_changes.set_phone_state``, also for what it raises).

    What waits to be dialled to one that may not is dialled to another one of theirs, or ends without a call.
    """
    queries.hold_rounds_back(session)
    changes = resident_changes.set_phone_state(session, actor, resident_id, written, state, since)
    if changes:
        ring_elsewhere(session, resident_id)
    return changes


def put_relative(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    written: str,
    told: RelativeParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes a relative, or writes down a new one (see ``relative_changes.put``, also for what it raises).

    Texts that have not left do not go to a telephone that is theirs no more.
    """
    return _untold(session, resident_id, relative_changes.put(session, actor, resident_id, written, told, ours))


def change_relative(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    written: str,
    told: RelativeParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """The same of one who is known; raises as ``relative_changes.change`` does."""
    return _untold(session, resident_id, relative_changes.change(session, actor, resident_id, written, told, ours))


def remove_relative(session: Session, actor: Actor, resident_id: UUID, written: str) -> list[Changed]:
    """The relative is told nothing any more, not even what waits to be sent; raises as ``relative_changes.remove``."""
    return _untold(session, resident_id, relative_changes.remove(session, actor, resident_id, written))


def next_round(session: Session, resident_id: UUID) -> datetime | None:
    """When the next round starts by itself that is for this resident; None where there is none."""
    campaign = next_campaign(session, resident_id)
    return campaign.next_round_at if campaign else None


def next_campaign(session: Session, resident_id: UUID, *kinds: CampaignKind) -> Campaign | None:
    """The campaign, of one of these kinds if any are named, whose round is the next for this resident."""
    active = [each for each in queries.campaigns(session) if each.state == CampaignState.ACTIVE]
    planned = [each for each in active if each.next_round_at is not None and each.kind in (kinds or CampaignKind)]
    soonest = sorted((each.next_round_at, each.id, each) for each in planned if each.next_round_at is not None)
    return next((each for at, _, each in soonest if is_for(session, each, resident_id, at)), None)


def _untold(session: Session, resident_id: UUID, changes: list[Changed]) -> list[Changed]:
    """Texts about the resident that have not left do not go to numbers that were those of relatives before."""
    for before, after in ((each.before, each.after) for each in changes):
        now = after.get("number") if isinstance(after, dict) else None
        if isinstance(before, dict) and before["number"] != now:
            outbound.drop(session, queries_texts.unsent_texts(session, REPORTS, resident_id, before["number"]))
    return changes


def ring_elsewhere(session: Session, resident_id: UUID) -> None:
    """What waits to be dialled for a resident is dialled to the telephones that are theirs now."""
    numbers = [each.number for each in contacts.phones_of(session, resident_id)]
    ids = queries.open_ids_of_resident(session, resident_id)
    contacts_made.hold_calls(session, ids)
    held = queries.hold_check_ins(session, ids)
    for check_in in held:
        check_in.numbers, check_in.refused = numbers, []
    trial = trial_queries.trial_under_way(session, resident_id)
    if trial is not None:
        trial.numbers, trial.refused = numbers, []
    session.flush()
    live = contacts_made.live_calls_of(session, ids)
    theirs = {call.id: call for calls_ in live.values() for call in calls_}
    if trial is not None and trial.call_id is not None:
        theirs[trial.call_id] = session.get_one(Call, trial.call_id, with_for_update=True)
    for call in theirs.values():
        if call.state != CallState.ENDED and call.number not in numbers:
            asked = queries.check_ins_of_call(session, call.id)
            is_anybodys = any(call.number in check_in.numbers for check_in in asked)
            (calling_off.keep_undialled if is_anybodys else calling_off.call_off)(session, call)


def end_today(session: Session, actor: Actor, resident_id: UUID, reason: Reason, note: str) -> TodaysCalls:
    """Nobody rings the resident any more in what has begun for them; a call that goes on is heard to its end."""
    excused = withdraw(session, actor, queries.open_ids_of_resident(session, resident_id), reason, note)
    return TodaysCalls(len(excused.ended), bool(excused.in_calls), end_trial(session, actor, resident_id))


def withdraw(session: Session, actor: Actor, ids: Sequence[UUID], reason: Reason, note: str) -> Excused:
    """Those of these check-ins that are still open are not asked any more (see ``excuses``)."""
    excused = excuses.excuse(session, ids, reason, note, calling_off.call_off)
    for check_in in excused.ended:
        check_ins.tell_ended(session, actor, check_in)
    return excused


def end_trial(session: Session, actor: Actor, resident_id: UUID) -> bool:
    """A practice is broken off; whoever is practising just now goes on to the end of the call."""
    trial = trial_queries.trial_under_way(session, resident_id)
    if trial is None:
        return False
    call = session.get(Call, trial.call_id, with_for_update=True) if trial.call_id else None
    if call is not None and call.state != CallState.ENDED:
        calling_off.call_off(session, call)
        if call.answered_at is not None:
            return False
    if trial.result is None:
        trials.break_off(session, actor, trial)
    return True
