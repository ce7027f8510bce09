"""What a callback costs: whoever listens waits for every statement, and all who ring at once wait for each other's."""

from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from time import monotonic

from sqlalchemy import event

from audio.clips.melody import Melody
from campaigns.rounds.rounds import CAMPAIGNS
from ivr.dispatch import prerender, voicing
from ivr.dispatch.calls import SWEEPING
from ivr.dispatch.voicing import Voices
from ivr.models import Call
from ivr.prompts.lacking import Lacking
from ivr.provider.station import station
from ivr.queries import Unvoiced
from tests.switchboard import rows
from zaoan.worker.transport import celery_app

TRANSACTION = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def statements(house):
    """The statements that are carried out meanwhile, in their order."""
    told = []

    def note(_, __, statement, *___):
        if not statement.startswith(TRANSACTION):
            told.append(statement)

    for engine in house.database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield told
    for engine in house.database.engines:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def unwritten(house):
    """Nobody may begin to write meanwhile."""
    turn_to_write = house.database._turn_to_write
    house.database._turn_to_write = None  # whoever asks for it fails
    yield
    house.database._turn_to_write = turn_to_write


def test_no_report_of_a_quiet_call_takes_more_statements_than_it_needs(house):
    """The key also ends the round of the only resident, which takes two statements that others do not need; the end
    looks where it came, because of two keys in doubt the worse one counts. That the provider is heard at all is noted
    every ten seconds, beside all reports.
    """
    station().standing._heard_at = monotonic()
    reports = {
        "answered": (house.turn, (0,), {}, 7),
        "a person": (house.post, (f"/telephony/calls/{house.call_id}/machine",), {"AnsweredBy": "human"}, 1),
        "well": (house.turn, (1,), {"Digits": "1"}, 13),
        "over": (house.ended, (), {}, 7),
    }
    for name, (send, where, form, most) in reports.items():
        with statements(house) as told:
            send(*where, **form)
        assert 1 <= len(told) <= most, (name, told)


def test_what_a_call_may_say_is_worked_out_once_while_it_waits_for_its_sounds(house, monkeypatch):
    worked_out = []
    monkeypatch.setattr(
        prerender, "lacking", lambda *_: worked_out.append(1) or Lacking([(Melody(),)], lambda _: False)
    )
    made = Event()
    monkeypatch.setattr(voicing, "_make", lambda *_: made.wait())
    [call] = rows(Call)
    voices, waiting = Voices(), Unvoiced(call.id, call.urgency, call.dialogue_digest, call.particulars, call.overlay)
    for _ in range(3):
        voices.look([call.id], lambda _: [waiting])
    assert len(worked_out) == 1
    voices.look([call.id], lambda _: [replace(waiting, overlay={"timbre": "female"})])
    assert len(worked_out) == 2, "meanwhile it was made to sound otherwise"
    made.set()
    voices.close()


def test_a_tick_that_finds_nothing_keeps_nobody_from_writing_and_asks_little(house):
    """The clock is looked at by two statements, and when the next thing is due by three."""
    for name, most in {CAMPAIGNS: 6, SWEEPING: 1}.items():
        tick = celery_app("memory://").tasks[name]
        tick()
        with statements(house) as told, unwritten(house):
            tick()
        assert 1 <= len(told) <= most, (name, told)
