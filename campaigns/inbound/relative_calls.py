"""Relatives who ring in hear today's result in one sentence. Nothing they say is anybody's answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.dialogues import message_to_office
from campaigns.dialogues.relative import relative_dialogue
from campaigns.midnight import midnight
from campaigns.models import CheckIn, Outcome, Reason
from campaigns.outcomes import QUIET
from campaigns.queries import contacts_made
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Relative
from core import actors, clock, settings
from core.actors import Actor
from core.i18n import Language
from core.running import events
from escalation import queries as escalation
from escalation.paging.promises import Help, Promise, promise
from ivr.dialogue.engine import Dialogue, Heard, Position, Prompt, Turn, advance, begin
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports.owners import CallOwner

RELATIVE = "relative"
_HELPED = {"needs_supplies", "unwell", "wants_person", "no_key", "not_reached", "unreachable"}
"""Sentences after which a relative wants to know who helps."""
_SAID_OTHERWISE = {"needs_supplies", "unwell", "wants_person"}
"""What a resident may have told us of their own accord today, in no round."""
_TOLD = {Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON, Outcome.NO_KEY,
         Outcome.NOT_ASKED}  # fmt: skip


class RelativeCalls(CallOwner):
    """Owns calls from relatives who may be told."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The result, and a message if they wish."""
        dialogue = calls.dialogue_of(call)
        if position is None:
            return begin(dialogue)
        turn = advance(dialogue, position, heard)
        if turn.facts:
            message_to_office.take(session, _speaker(session, call), call, turn, heard)
        return turn


def _speaker(session: Session, call: Call) -> Actor:
    """Whose telephone it is, if it is one relative's alone."""
    theirs = contacts.relatives_by_number(session, call.number)
    return actors.relative(theirs[0].id) if len(theirs) == 1 else actors.caller()


def news_for(session: Session, relatives: Sequence[Relative]) -> Dialogue:
    """Today's result of everybody whose relative is calling, one sentence each; ``relatives`` is not empty."""
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    language = Language(relatives[0].language)
    told = tuple(prompt for relative in relatives for prompt in _news(session, relative.resident_id, zone))
    for relative in relatives:
        events.append(session, actors.relative(relative.id), "relative.rang_in", relative.resident_id)
    return relative_dialogue(community.name, language, told, settings.current().emergency_number)


def result(check_in: CheckIn | None, *, on_the_telephone: bool = False) -> tuple[str, datetime | None]:
    """Which sentence tells how a resident is today, and the instant it speaks of.

    Whoever has not been rung is not said to have been, and nobody is promised a call that is not planned.
    """
    if check_in is None:
        return "none", None
    rung = check_in.attempts > 0 or on_the_telephone
    if check_in.outcome is None:
        return ("waiting" if check_in.next_attempt_at else "not_yet") if rung else "none", None
    outcome, at = check_in.outcome, check_in.answered_at or check_in.decided_at
    if outcome in _TOLD:
        return outcome.value, at
    return (_not_rung(check_in), None) if outcome in QUIET and not rung else _not_answered(outcome, at)


def _not_rung(check_in: CheckIn) -> str:
    """Only a pause was agreed upon before."""
    was_agreed = check_in.outcome == Outcome.EXCUSED and check_in.reason in {None, Reason.PAUSED}
    return "away" if was_agreed else "not_rung"


def _not_answered(outcome: Outcome, at: datetime | None) -> tuple[str, datetime | None]:
    if outcome in QUIET:
        return "not_yet", None
    return ("unreachable", None) if outcome is Outcome.UNREACHABLE else ("not_reached", at)


def _news(session: Session, resident_id: UUID, zone: ZoneInfo) -> tuple[Prompt, ...]:
    """How they are today and, where somebody has to help, how it stands with that."""
    today = midnight(zone, clock.now())
    check_in = queries.latest_check_in(session, resident_id, today)
    ringing = check_in is not None and any(call.is_active for call in contacts_made.live_calls(session, check_in.id))
    sentence, at = result(check_in, on_the_telephone=ringing)
    case = escalation.case_of_check_in(session, check_in.id) if check_in else None
    loose = None if case else escalation.latest_case_about(session, resident_id)
    if loose is not None and loose.kind in _SAID_OTHERWISE and loose.opened_at >= today:
        case, sentence, at = loose, loose.kind, loose.opened_at
    words = {"called": contacts.resident(session, resident_id).called}
    if at is not None:
        words["time"] = at.astimezone(zone).strftime("%H:%M")
    known = Prompt(key=f"relative.{sentence}", words=words)
    return (known, _help(promise(session, case), words["called"], zone)) if case and sentence in _HELPED else (known,)


def _help(now: Promise, called: str, zone: ZoneInfo) -> Prompt:
    words = {"called": called} if now.help is Help.NOBODY else {}
    if now.at is not None:
        words["later"] = now.at.astimezone(zone).strftime("%H:%M")
    return Prompt(key=f"relative.help_{now.help}", words=words)
