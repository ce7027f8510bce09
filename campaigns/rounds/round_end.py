"""The end of rounds: what becomes of everybody who has no outcome at the deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CheckIn, Outcome, Round
from campaigns.outcomes import at_the_end, furthest
from campaigns.planning.terms import terms_of
from campaigns.queries import contacts_made, lateness
from campaigns.rounds import check_ins
from campaigns.rounds import lateness as late
from campaigns.rounds.rounds import complete_if_done, deadline_of, effort_of, useful_until
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import actors
from core.running import events
from escalation.cases import cases
from ivr.dispatch import calls
from ivr.models import Call, CallState, Direction

BATCH = 200
"""So many are given up in one unit of work: each may open a case and ring somebody."""
LAST_WORD = calls.TALK_LIMIT + timedelta(minutes=5)
"""A call that is under way at the deadline says how it ended so long after it, or nobody can say."""


def close_past_deadline(session: Session, now: datetime) -> None:
    """Ends every round whose deadline has passed; a call that is under way then is waited for, within bounds."""
    for round_ in _overdue(session, now):
        _close(session, round_, now, waits=True)


def close_for_good(session: Session, now: datetime) -> None:
    """As ``close_past_deadline``, but a call whose end nobody has told us of in time is waited for no longer."""
    for round_ in _overdue(session, now - LAST_WORD):
        _close(session, round_, now, waits=False)


def _overdue(session: Session, deadline: datetime) -> Sequence[Round]:
    """The rounds that end, with all calls of all of them held before any check-in is (see the order in ``queries``)."""
    overdue = lateness.rounds_past_deadline(session, deadline)
    ids = [check_in_id for round_ in overdue for check_in_id in queries.open_ids(session, round_.id)]
    contacts_made.hold_calls(session, ids, *Direction)
    return overdue


def _close(session: Session, round_: Round, now: datetime, *, waits: bool) -> None:
    """1. Who is on the telephone is heard out. 2. Who was rung has the furthest contact as outcome. 3. Who never was is
    rung on where the round is still of use, and otherwise was not asked."""
    still_open = lateness.open_of_round(session, round_.id)
    live, rung = lateness.calls_of_open(session, round_.id), lateness.open_and_rung(session, round_.id)
    never: list[CheckIn] = []
    over: list[CheckIn] = []
    for check_in in still_open:
        under_way = [call for call in live.get(check_in.id, ()) if call.state != CallState.QUEUED]
        if under_way and waits:
            _let_end(session, under_way)
        elif not under_way and check_in.reason is None and _was_not_asked(check_in, rung=check_in.id in rung):
            never.append(check_in)
        else:
            _note_answered(check_in, under_way)
            over.append(check_in)
    for check_in in over[:BATCH]:
        _settle(session, check_in, live.get(check_in.id, ()))
    if never and len(over) <= BATCH:
        _never_rung(session, round_, never, live, now)
    complete_if_done(session, round_.id)


def _let_end(session: Session, under_way: Sequence[Call]) -> None:
    """Nobody is interrupted who has picked up; a telephone that still rings is let off."""
    for call in under_way:
        if call.answered_at is None and not call.hang_up_wanted:
            calls.want_ended(session, call)


def _was_not_asked(check_in: CheckIn, *, rung: bool) -> bool:
    so_far = check_in.furthest
    left = bool(check_ins.numbers_left(check_in))
    return at_the_end(so_far, rung=rung, numbers_left=left) is Outcome.NOT_ASKED


def _note_answered(check_in: CheckIn, under_way: Sequence[Call]) -> None:
    """A call that was answered, and of which nothing was heard again, got as far as one that was hung up."""
    if any(call.answered_at for call in under_way):
        known = [check_in.furthest] if check_in.furthest else []
        check_in.furthest = furthest([*known, Outcome.HUNG_UP])


def _settle(session: Session, check_in: CheckIn, its_calls: Sequence[Call]) -> None:
    check_ins.give_up(session, check_in)
    _end(session, its_calls)


def _end(session: Session, its_calls: Sequence[Call]) -> None:
    for call in its_calls:
        calls.want_ended(session, call)


def _never_rung(
    session: Session, round_: Round, never: Sequence[CheckIn], live: Mapping[UUID, Sequence[Call]], now: datetime
) -> None:
    hours = hours_of(session.get_one(Community, round_.campaign.community_id))
    until = useful_until(round_, hours)
    match late.what_now(effort_of(terms_of(round_)), until, hours, round_.occurrence, now):
        case late.NotAsked(reason):
            check_ins.not_asked(session, round_, never, reason)
        case late.RingLater(at):
            _go_on(session, round_, never, hours, at)
        case late.Start():
            _go_on(session, round_, never, hours, now)
    for check_in in never:
        _end(session, live.get(check_in.id, ()))


def _go_on(session: Session, round_: Round, never: Sequence[CheckIn], hours: Hours, at: datetime) -> None:
    """Whoever could not be rung in time is rung on, and the office knows how many they are."""
    round_.deadline = deadline_of(round_, hours, at)
    for check_in in never:
        check_in.next_attempt_at = at
    about = {"campaign": round_.campaign.name, "people": len(never), "until": round_.deadline.isoformat()}
    events.append(session, actors.system(), "round.extended", round_.id, **about)
    campaign = round_.campaign
    cases.open_of_round(session, campaign.community_id, campaign.id, round_.id, len(never))
