"""One turn of a call: what was heard is stored by its owner, and the same question always gets the same reply."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from contacts.callers import caller_numbers
from core import actors, clock
from core.running import events
from core.running.wakeups import wake
from ivr import queries
from ivr.dialogue.engine import Dialogue, Digits, Heard, Position, Sound
from ivr.dispatch import calls, legs, prerender
from ivr.dispatch.withdraw import withdraw
from ivr.models import Call, CallState, CallTurn, Direction, Line, Urgency
from ivr.ports import owners
from ivr.ports.provider import Pause, Reply
from ivr.ports.turn_url import MESSAGE_TURN, TurnAddress
from ivr.provider.station import station
from ivr.turns import second_thoughts
from ivr.turns.kept_replies import packed, unpacked

QUIET_SECONDS = 1
"""How quiet it is after a telephone was picked up, before anything is said."""
MOST_MISSED = 10
"""How often in a call the provider's failure to tell us what was heard is overlooked."""
_KEEP_TURN = insert(CallTurn.__table__)  # type: ignore[arg-type]


def reply(session: Session, call: Call, number: int, heard: Heard, position: Position | None = None) -> str:
    """The reply to turn ``number``, in the provider's words; a turn heard before is answered as it was then.

    ``position`` is where its question was asked, as far as the request itself says so. Raises ``ValueError`` for a turn
    that answers no question.
    """
    known = queries.turn(session, call.id, number)
    return said_again(call, known) if known else first_reply(session, call, number, heard, position)


def said_again(call: Call, known: CallTurn) -> str:
    """What was said at a turn that was heard before."""
    return unpacked(known.reply, call.id, station().speaker.clip_address)


def first_reply(session: Session, call: Call, number: int, heard: Heard, position: Position | None = None) -> str:
    """As ``reply``, where the call is held and its turn ``number`` is known not to have been heard before."""
    asked_at = _position(session, call, number, position)
    if heard.by_hand:
        call.by_machine = False
    call.is_interrupted = False
    certain = second_thoughts.with_what_came_before(session, call, number, _certain(session, call, number, heard))
    kept = _kept(calls.dialogue_of(call), asked_at, certain)
    turn = owners.owner_of(call).next(session, call, asked_at, certain)
    if call.answered_at is None:
        call.answered_at = clock.now()
        events.append(session, actors.system(), "call.answered", call.id)
    if turn.leg is None:
        calls.expect_next_turn(call)
    dialogue = calls.dialogue_of(call)
    key_url = station().url(TurnAddress(call.id, number + 1, turn.heard_at, dialogue.language).path())
    connection = legs.connection(session, session.get_one(Call, turn.leg), station()) if turn.leg else None
    said = station().speaker.reply(turn, dialogue, key_url, connection, calls.overlay_of(call))
    rendered = station().telephony.render(after_quiet(said) if number == 0 else said)
    position = turn.heard_at
    session.connection().execute(
        _KEEP_TURN,
        {
            "call_id": call.id,
            "number": number,
            "at": clock.now(),
            "sound": heard.sound,
            "key": kept,
            "step": position.step if position else None,
            "play": position.play if position else 0,
            "reply": packed(rendered, call.id, station().speaker.clip_address),
        },
    )
    return rendered


def take_call(session: Session, provider_id: str, caller: str | None, our_number: str) -> Call:
    """A row for a call that somebody makes to us, tied to whoever takes it; ``caller`` as the provider writes it.

    Whoever rings us from a number cannot be in another call there: what is being dialled to it is withdrawn.
    """
    number = caller_numbers.number_of(session, caller) if caller else None
    if number and (stale := queries.active_call_with(session, number)):
        withdraw(session, stale)
    taken = owners.switchboard().inbound(session, number)
    line = session.scalars(select(Line).where(Line.number == our_number)).one_or_none()
    now = clock.now()
    call = calls.new_call(
        session,
        taken.dialogue,
        taken.listener,
        line_id=line.id if line else None,
        direction=Direction.IN,
        number=number or f"withheld:{provider_id}",
        owner=taken.owner,
        urgency=Urgency.ROUTINE,
        state=CallState.PLACED,
        ring_seconds=0,
        due_at=now,
        not_after=now + timedelta(days=1),
        provider_id=provider_id,
        dialled_at=now,
        overdue_at=calls.overdue_instant(0),
    )
    session.add(call)
    session.flush()
    owners.switchboard().adopt(session, call)
    wake(session, prerender.VOICING)
    return call


def after_quiet(said: Reply) -> Reply:
    """Whoever has just picked up needs a moment to bring the handset to the ear."""
    return replace(said, utterances=(Pause(QUIET_SECONDS), *said.utterances))


def _position(session: Session, call: Call, number: int, said: Position | None) -> Position | None:
    if number in {0, MESSAGE_TURN}:
        return None
    if said is not None and calls.dialogue_of(call).has(said.step):
        return said
    before = queries.turn(session, call.id, number - 1)
    if before is None or before.step is None:
        raise ValueError(f"call {call.id} has no turn {number - 1} that asked for a key")
    return Position(before.step, before.play)


def _certain(session: Session, call: Call, number: int, heard: Heard) -> Heard:
    """Silence where a machine answered is the machine's, until a key says that somebody is there.

    Whoever could not be heard again and again is taken for silent in the end, so that every call has one.
    """
    if heard.sound is Sound.MISSED and _missed(session, call, number) >= MOST_MISSED:
        heard = Heard(Sound.SILENCE)
    return Heard(Sound.MACHINE) if heard.sound in {Sound.SILENCE, Sound.MISSED} and call.by_machine else heard


def _kept(dialogue: Dialogue, asked_at: Position | None, heard: Heard) -> str:
    """What is written down of a key: nothing where digits were asked for, which may be a PIN."""
    typed = asked_at is not None and dialogue.has(asked_at.step) and isinstance(dialogue.step(asked_at.step), Digits)
    return "" if typed and heard.sound is Sound.DIGITS else heard.key


def _missed(session: Session, call: Call, number: int) -> int:
    return sum(turn.sound is Sound.MISSED for turn in queries.turns_before(session, call.id, number))
