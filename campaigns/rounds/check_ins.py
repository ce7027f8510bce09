"""Check-ins: what was said, how a call ended, and the one outcome that comes of it.

Whatever is not quiet has its case in the same transaction.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from campaigns import decisions, outcomes
from campaigns.models import CampaignKind, CheckIn, CheckInCall, Outcome, Reason, Round
from campaigns.outcomes import (
    QUIET,
    REACHED,
    SAID,
    UNASKED,
    after_saying,
    at_the_end,
    case_kind,
    concerns_relatives,
    furthest,
    outcome_for,
)
from campaigns.queries import contacts_made, lateness
from campaigns.rounds.lateness import Missed
from campaigns.rounds.rounds import CAMPAIGNS, complete_if_done, note_not_asked
from contacts.hours import hours_of
from core import actors, clock
from core.actors import Actor
from core.running import events
from core.running.wakeups import wake
from escalation import queries as escalation
from escalation.cases import cases, relative_texts
from escalation.cases.relative_words import Channel
from escalation.models import Case, CaseKind


def hear(
    session: Session,
    check_in: CheckIn,
    said: Outcome,
    patience: timedelta = cases.AT_ONCE,
    channel: Channel = Channel.CALLED,
) -> Case | None:
    """A resident has answered, or has listened and pressed nothing; ``patience`` is that of a case it may open.

    Whoever of the family was told of their silence is told that they are well after all. Returns the check-in's case,
    None where its outcome is quiet.
    """
    before = check_in.outcome
    after = after_saying(before, said)
    if said in SAID and check_in.answered_at is None:
        check_in.answered_at = clock.now()
    by = actors.caller(check_in.resident_id) if said in SAID else actors.system()
    if after is not before:
        return decide(session, by, check_in, after, patience, channel)
    events.append(session, by, "check_in.heard_again", check_in.id, said=said.value)
    case = None if before in QUIET else escalation.case_of_check_in(session, check_in.id)
    if case is not None and said not in QUIET:
        cases.needed_again(session, by, CaseKind(said.value), case)
    elif case is not None and before in REACHED:
        relative_texts.tell_answered(session, case)
    return case


def decide(
    session: Session,
    actor: Actor,
    check_in: CheckIn,
    outcome: Outcome,
    patience: timedelta = cases.AT_ONCE,
    channel: Channel = Channel.CALLED,
) -> Case | None:
    """The check-in has its outcome: no more calls, a case unless it is quiet, and word to the relatives.

    Returns its case, None where the outcome is quiet or one that a whole round shares.
    """
    now = clock.now()
    was_not_asked = check_in.outcome == Outcome.NOT_ASKED
    check_in.outcome, check_in.decided_at, check_in.next_attempt_at = outcome, now, None
    if outcome not in UNASKED:
        check_in.reason, check_in.reason_note = None, ""
    if was_not_asked:
        session.flush()
        cases.fewer_not_asked(session, check_in.round_id, lateness.count_not_asked(session, check_in.round_id))
    kind = check_in.round.campaign.kind
    case = look_after(session, actor, check_in, patience) if outcome not in QUIET else None
    session.flush()
    progress, family = lateness.progress_and_family(session, check_in.round_id, check_in.resident_id)
    if concerns_relatives(kind, outcome):
        good_news_from = hours_of(check_in.resident.community).next_permitted(now)
        relative_texts.tell_relatives(
            session, check_in.resident_id, outcome, now, case, good_news_from, channel, family
        )
    word = "notice.heard" if kind is CampaignKind.NOTICE and outcome is Outcome.OK else "check_in.decided"
    events.append(session, actor, word, check_in.id, outcome=outcome.value, resident=str(check_in.resident_id))
    decisions.tell(session, [check_in])
    complete_if_done(session, check_in.round_id, progress)
    return case if case is not None and case.round_id is None else None


def look_after(session: Session, actor: Actor, check_in: CheckIn, patience: timedelta = cases.AT_ONCE) -> Case | None:
    """The case of an outcome that is not quiet; there is one afterwards, and never two.

    Whoever was not asked shares that of their round.
    """
    if check_in.outcome == Outcome.NOT_ASKED:
        return note_not_asked(session, check_in.round, None)
    kind = case_kind(check_in.round.campaign.kind, Outcome(check_in.outcome or Outcome.UNREACHABLE))
    return cases.open_case(session, actor, kind, check_in.resident_id, check_in.id, patience,
                           campaign_id=check_in.round.campaign_id)  # fmt: skip


def stop(session: Session, check_in: CheckIn) -> None:
    """The resident has said that they wish no more calls: a person of the office talks with them, and nobody else."""
    check_in.outcome, check_in.decided_at, check_in.next_attempt_at = Outcome.WANTS_PERSON, clock.now(), None
    check_in.answered_at = check_in.answered_at or check_in.decided_at
    check_in.reason, check_in.reason_note = None, ""
    resident = actors.caller(check_in.resident_id)
    cases.open_case(session, resident, CaseKind.WANTS_NO_CALLS, check_in.resident_id, check_in.id,
                    campaign_id=check_in.round.campaign_id)  # fmt: skip
    events.append(session, resident, "check_in.decided", check_in.id, outcome=check_in.outcome,
                  resident=str(check_in.resident_id))  # fmt: skip
    decisions.tell(session, [check_in])
    complete_if_done(session, check_in.round_id)


def end_for_reason(session: Session, actor: Actor, check_in: CheckIn) -> None:
    """The check-in ends without an answer because nobody was to ring the resident any more (``check_in.reason``)."""
    end_unasked(session, [check_in])
    tell_ended(session, actor, check_in)


def tell_ended(session: Session, actor: Actor, check_in: CheckIn) -> None:
    """Appends that the check-in has ended for its ``reason``."""
    events.append(session, actor, "check_in.decided", check_in.id, outcome=str(check_in.outcome),
                  resident=str(check_in.resident_id), reason=str(check_in.reason))  # fmt: skip


def end_unasked(session: Session, together: Sequence[CheckIn]) -> None:
    """Each ends for its ``reason``, quietly: a few statements, however many they are, and no event of its own."""
    now = clock.now()
    for check_in in together:
        check_in.outcome = outcome_for(Reason(check_in.reason or Reason.PAUSED))
        check_in.decided_at, check_in.next_attempt_at = now, None
    decisions.tell(session, together)
    for round_id in {check_in.round_id for check_in in together}:
        complete_if_done(session, round_id)


def give_up(session: Session, check_in: CheckIn) -> None:
    """There will be no further attempt: the furthest contact is the outcome, or that nobody was rung at all.

    Where nobody was to ring them any more, that is why.
    """
    if check_in.reason:
        end_for_reason(session, actors.system(), check_in)
        return
    rung = lateness.was_rung(session, check_in.id)
    outcome = at_the_end(_furthest(check_in), rung=rung, numbers_left=bool(numbers_left(check_in)))
    if outcome is Outcome.NOT_ASKED:
        not_asked(session, check_in.round, [check_in])
    else:
        decide(session, actors.system(), check_in, outcome)


def out_of_time(session: Session, check_in: CheckIn) -> None:
    """Nobody may be rung for it any more. Whoever has not been rung waits for the end of the round, which has one case
    for all of them, or goes on where it is still of use."""
    rung = lateness.was_rung(session, check_in.id)
    if at_the_end(_furthest(check_in), rung=rung, numbers_left=bool(numbers_left(check_in))) is Outcome.NOT_ASKED:
        check_in.next_attempt_at = check_in.round.deadline
    else:
        give_up(session, check_in)


def not_asked(session: Session, round_: Round, left: Sequence[CheckIn], reason: Missed | None = None) -> None:
    """These check-ins of a round end without anybody having been rung, and the office has one case for all of them."""
    now = clock.now()
    for check_in in left:
        check_in.outcome, check_in.decided_at, check_in.next_attempt_at = Outcome.NOT_ASKED, now, None
    decisions.tell(session, left)
    note_not_asked(session, round_, reason)
    complete_if_done(session, round_.id)


def numbers_left(check_in: CheckIn) -> Sequence[str]:
    """The telephones of a check-in that the provider has not refused."""
    return outcomes.numbers_left(check_in.numbers, check_in.refused)


def _furthest(check_in: CheckIn) -> Outcome | None:
    return check_in.furthest


def reach(session: Session, check_in: CheckIn, row: CheckInCall, contact: Outcome) -> None:
    """Notes how far a call got in which nothing was said, and the furthest of all such calls."""
    row.contact = contact
    check_in.furthest = furthest(contacts_made.contacts(session, check_in.id))
    events.append(session, actors.system(), "check_in.not_answered", check_in.id, contact=contact.value)


def correct(session: Session, check_in: CheckIn) -> None:
    """The furthest contact was learnt better after it had become the outcome: outcome and case say so too."""
    if check_in.outcome not in {*REACHED} - {Outcome.NO_KEY, check_in.furthest} or not check_in.furthest:
        return
    check_in.outcome = check_in.furthest
    kind = check_in.round.campaign.kind
    cases.name_better(session, check_in.id, case_kind(kind, check_in.furthest))
    events.append(session, actors.system(), "check_in.corrected", check_in.id, outcome=check_in.furthest)
    decisions.tell(session, [check_in])


def try_again(session: Session, check_in: CheckIn) -> None:
    """An open check-in that waits for nothing is rung now; one whose resident is not to be rung any more ends."""
    if contacts_made.live_calls(session, check_in.id):
        return
    if check_in.reason:
        end_for_reason(session, actors.system(), check_in)
    else:
        check_in.next_attempt_at = clock.now()
        wake(session, CAMPAIGNS)
