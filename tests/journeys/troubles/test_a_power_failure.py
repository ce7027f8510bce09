"""The service is killed in the middle of a round and started again; the exchange and its people go on."""

from itertools import pairwise

import pytest

from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading
from tests.journeys.neighbourhood import Neighbourhood, lasting_exchange, settings_in
from tests.patience import wait_for
from tests.processes import ForkedService
from zaoan.process import wiring
from zaoan.rehearsal.behaviours import BUSY, Behaviour, answer, hang_up, no_answer, press
from zaoan.rehearsal.wire import read_wire

RESIDENTS = {
    "王奶奶": ([answer(press("1"))], "ok"),
    "李爷爷": ([answer(press("3"))], "unwell"),
    "张奶奶": ([no_answer(), answer(press("1"))], "ok"),
    "赵爷爷": ([BUSY, answer(press("2"))], "needs_supplies"),
    "刘奶奶": ([no_answer()], "no_answer"),
    "陈爷爷": ([answer(press("1", after=9.0), after=40.0)], "ok"),
    "杨奶奶": ([answer(press("0"))], "wants_person"),
    "孙爷爷": ([answer(hang_up()), answer(press("1"))], "ok"),
}


@pytest.mark.parametrize("after_calls", [6, pytest.param(2, marks=pytest.mark.long)])
def test_after_a_kill_nobody_is_forgotten_and_nobody_is_rung_twice(tmp_path, after_calls):
    chosen = settings_in(tmp_path)
    opened = wiring.open_house(chosen, None)
    with lasting_exchange(chosen, tmp_path):
        with ForkedService(chosen, Purpose.REHEARSAL, tmp_path) as service:
            with reading() as session:
                installation.follow_clock(session)
            building = Neighbourhood(service, tmp_path).building()
            telephones = {called: building.home(Behaviour(calls), called) for called, (calls, _) in RESIDENTS.items()}
            building.responder(
                Behaviour([no_answer(), answer(press("9"))]), "办公室", role="社区办公室"
            )  # takes all that waits
            building.begin(retry_minutes=3)
            wait_for(lambda: len(read_wire(service.exchange_log)) >= after_calls, "the first calls")
            service.kill()
        with ForkedService(chosen, Purpose.REHEARSAL, tmp_path) as restarted:
            building.around.service = restarted
            building.until_over()
    assert building.outcomes() == {called: expected for called, (_, expected) in RESIDENTS.items()}
    assert {case.state for case in building.cases()} == {"accepted"}
    for telephone in telephones.values():
        calls = building.calls_to(telephone)
        assert len(calls) <= 3
        for before, after in pairwise(calls):
            assert before.ended_at is not None
            assert before.ended_at <= after.requested_at
    opened.close()
