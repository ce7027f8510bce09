"""Legs: calls that the provider dials out of another call of ours, so that two people talk and see only our number.

A leg is a call like any other: one for each number at a time, counted among its line's calls at once, with an owner who
decides what is said in it (the whisper, before the two are connected). Its row is committed before the provider is told
of it. The report of its own end, that of the Dial, or the end of its parent ends it, whichever comes first.
"""

from datetime import timedelta
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.storage.database import reading, write
from ivr import queries
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls, lines
from ivr.models import Call, CallState, Direction, Ending, Line, Urgency
from ivr.ports.provider import Connection
from ivr.ports.webhook_paths import status_path, turn_path
from ivr.provider.station import Station
from ivr.queries import to_sweep

TALK_SECONDS = 600


def open_leg(
    session: Session, parent: Call, *, number: str, owner: str, dialogue: Dialogue, ring_seconds: int
) -> Call | None:
    """A leg to ``number`` (E.164); None while that number is in a call with us, or the line has no place left.

    A parent that has ended (its last key may come after its end) can be connected with nobody.
    """
    if parent.line_id is None or parent.state == CallState.ENDED or not _has_place(session, parent):
        return None
    now = clock.now()
    leg = calls.new_call(
        session,
        dialogue,
        parent_id=parent.id,
        line_id=parent.line_id,
        direction=Direction.OUT,
        number=number,
        owner=owner,
        urgency=Urgency.ALERT,
        state=CallState.DIALLING,
        ring_seconds=ring_seconds,
        due_at=now,
        not_after=now + timedelta(seconds=ring_seconds),
        dialled_at=now,
        overdue_at=calls.overdue_instant(ring_seconds + TALK_SECONDS),
        machine_detection=False,
    )
    try:
        with session.begin_nested():
            session.add(leg)
    except IntegrityError:  # the index that allows one active call for each number
        return None
    parent.overdue_at = leg.overdue_at
    return leg


def connection(session: Session, leg: Call, station: Station) -> Connection:
    """The leg as the provider carries it out."""
    return Connection(
        number=leg.number,
        from_=session.get_one(Line, leg.line_id).number,
        ring_seconds=leg.ring_seconds,
        talk_seconds=TALK_SECONDS,
        whisper_url=station.url(turn_path(leg.id)),
        status_url=station.url(status_path(leg.id)),
    )


def dial_ended(session: Session, parent: Call, number: int, provider_id: str, ending: Ending) -> None:
    """The provider reports before turn ``number`` of the parent what came of its leg (``provider_id``: the leg's own).

    A report that is repeated finds its turn taken and touches no later leg.
    """
    if queries.turn(session, parent.id, number) is not None:
        return
    for leg in queries.live_legs(session, parent.id):
        if provider_id:
            calls.adopt(session, leg, provider_id)
        calls.end(session, leg.id, ending)


def end_orphans() -> None:
    """Ends the legs that a worker opened while another one learnt that their parent had ended, and those unheard of."""
    with reading() as session:
        orphans = [leg.id for leg in to_sweep.orphaned_legs(session, clock.now())]
    for leg_id in orphans:
        write(partial(calls.end, call_id=leg_id, ending=Ending.CANCELLED))


def _has_place(session: Session, parent: Call) -> bool:
    """Locks the line, so that whoever dials on it counts after us."""
    its = session.get_one(Line, parent.line_id, with_for_update=True)
    return lines.places(its.calls_at_once, queries.calls_in_use(session, its.id), Urgency.ALERT) > 0
