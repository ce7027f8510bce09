"""The service dies in the middle of a call: a key pressed meanwhile is learnt, who was cut off is rung at once."""

import json
from contextlib import contextmanager

import requests

from campaigns.owners import lost_calls
from core.running import events, installation
from core.running.installation import Purpose
from core.storage.database import reading
from tests.journeys.neighbourhood import Neighbourhood, lasting_exchange, settings_in
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import ForkedService, command
from zaoan.process import wiring
from zaoan.rehearsal.behaviours import Behaviour, answer, hang_up, press
from zaoan.rehearsal.running import environment
from zaoan.rehearsal.wire import read_from, read_wire

SPEED = 5
LATER = 8.0
"""Seconds after the question has been asked: more than a real one in which the service is killed."""
MINUTE = 60.0


@contextmanager
def cut_off(tmp_path, behaviours, when="prompts.finished"):
    """A round whose calls are cut off by a kill of the service when that has happened in all of them."""
    chosen = settings_in(tmp_path, clock_speed=SPEED)
    opened = wiring.open_house(chosen, None)
    try:
        with lasting_exchange(chosen, tmp_path):
            with ForkedService(chosen, Purpose.REHEARSAL, tmp_path) as service:
                with reading() as session:
                    installation.follow_clock(session)
                building = Neighbourhood(service, tmp_path).building()
                telephones = [building.home(each, f"{index}奶奶") for index, each in enumerate(behaviours)]
                building.responder(Behaviour([answer(press("9"))]), "办公室", role="社区办公室")
                building.begin(retry_minutes=30)
                wait_for(lambda: seen(service, when) >= set(telephones), "everybody to be asked")
                service.kill()
            wait_for(lambda: all(call.ended_at for call in read_wire(service.exchange_log)), "the calls to end")
            with ForkedService(chosen, Purpose.REHEARSAL, tmp_path) as restarted:
                building.around.service = restarted
                yield building, telephones
    finally:
        opened.close()


def seen(service, what):
    log, _ = read_from(service.exchange_log, 0)
    return {entry["number"] for entry in log if entry["event"] == what}


def happened(kind):
    with reading() as session:
        return [event for event in events.after(session, 0, 10_000) if event.kind == kind]


def test_a_key_that_was_pressed_meanwhile_is_learnt_from_the_provider(tmp_path):
    unwell, well = (Behaviour([answer(press(key, after=LATER), after=1.0)]) for key in "31")
    with cut_off(tmp_path, [unwell, well]) as (building, telephones):
        building.until_over()
        assert list(building.outcomes().values()) == ["unwell", "ok"]
        assert [len(building.calls_to(each)) for each in telephones] == [1, 1], "nobody has to say it twice"
        assert {case.state for case in building.cases()} == {"accepted"}


def test_whoever_was_cut_off_is_rung_again_at_once_once_and_it_is_no_attempt(tmp_path):
    comes = Behaviour([answer(hang_up(after=LATER), after=1.0), answer(press("1"), after=1.0)])
    with cut_off(tmp_path, [comes], "gather") as (building, [telephone]):
        with reading() as session:
            installation.follow_clock(session)
        back_at = read_wire(building.around.service.exchange_log)[0].ended_at
        wait_for(lambda: len(building.calls_to(telephone)) == 2, "the second call")
        building.until_over()
        first, second = building.calls_to(telephone)
        [check_in] = building.check_ins().values()
        assert (check_in.outcome, check_in.attempts) == ("ok", 1)
        assert (second.requested_at - back_at).total_seconds() * SPEED < 30 * MINUTE / 2, "not the plan's pause"
        assert [event.subject_id for event in happened(lost_calls.LOST)] == [check_in.id]
        assert first.ended_at <= second.requested_at
        page = requests.get(building.around.service.page, timeout=PATIENCE_SECONDS).text
        assert "打给0奶奶的电话因为我们的故障断了，马上重打" in page
        done = command("round", "show", str(building.round_id), "--json",
                       environment=environment(building.around.service.settings))  # fmt: skip
        [line] = json.loads(done.stdout)["check_ins"]
        assert (line["attempts"], line["lost_calls"]) == (1, 1)
