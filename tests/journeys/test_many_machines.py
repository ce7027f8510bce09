"""Many machines share one morning; any of them may die, and the broker may go away, without anybody noticing."""

import signal

import pytest

from campaigns.changes import new_campaigns, round_starts
from contacts.importing.importing import Kind, run_import
from core import actors
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading, unit_of_work
from ivr import queries as ivr
from tests.broker import Broker
from tests.journeys.machines import many_machines
from tests.journeys.neighbourhood import Neighbourhood, settings_in
from zaoan.rehearsal.behaviours import Behaviour, answer, press
from zaoan.rehearsal.morning import CAMPAIGN, DEADLINE_MINUTES, LATE_UNTIL, Morning
from zaoan.rehearsal.rehearse import verdict
from zaoan.rehearsal.town import draw_town
from zaoan.rehearsal.wire import read_wire

SPEED = 120


@pytest.fixture
def broker(tmp_path):
    with Broker(tmp_path) as running:
        yield running


def begin(machines, town):
    """Everybody is imported, and the round starts."""
    files = town.write(machines.directory)
    for kind, file in zip((Kind.RESIDENTS, Kind.RESPONDERS), files, strict=True):
        assert not run_import(kind, file, consent=None, dry_run=False).problems
    machines.script(town.subscribers())
    with unit_of_work() as session:
        began = installation.follow_clock(session)
        campaign = new_campaigns.create_campaign(session, actors.system(), CAMPAIGN, flags=None, retry_minutes=4)
        campaign.deadline_minutes, campaign.late_until = DEADLINE_MINUTES, LATE_UNTIL
        return Morning(machines, town, round_starts.start_now(session, actors.system(), campaign).id, SPEED, began)


def dialling_process(machines):
    """The name of the worker that holds the line."""
    with reading() as session:
        holder = ivr.lines(session)[0].lease_owner
    return next((name for name, each in machines.running.items() if f":{each.pid}:" in (holder or "")), None)


def test_a_morning_survives_the_death_of_the_worker_that_dials(postgresql, broker, tmp_path):
    chosen = settings_in(tmp_path, database_url=postgresql(), broker_url=broker.url, clock_speed=SPEED)
    with many_machines(chosen, Purpose.REHEARSAL, tmp_path) as machines:
        morning = begin(machines, draw_town(20, 5))
        machines.wait_for(lambda: len(read_wire(machines.exchange_log)) >= 6, "the first calls")
        dialling = machines.wait_for(lambda: dialling_process(machines), "somebody to hold the line")
        assert machines.stop(dialling, signal.SIGKILL) == -signal.SIGKILL
        over = morning.wait()
        assert verdict(morning, over)["violations"] == []
        machines.wait_for(lambda: machines.ready() == (True, {"status": "ready"}), "readiness")
        for name in ("web", "beat", *(each for each in machines.running if each.startswith("worker"))):
            assert machines.stop(name) == 0, machines.said(name)


def test_without_its_broker_the_service_says_so_goes_on_ringing_and_answers_the_telephone(broker, tmp_path):
    chosen = settings_in(tmp_path, broker_url=broker.url)
    with many_machines(chosen, Purpose.REHEARSAL, tmp_path, workers=1) as machines:
        broker.stop()
        well, said = machines.ready()
        assert (well, said["wrong"]) == (False, {"broker": "the broker does not answer"})
        building = Neighbourhood(machines, tmp_path).building()
        building.home(Behaviour([answer(press("3"))]), "李爷爷")
        building.responder(Behaviour([answer(press("1"), after=3.0)]), "楼长")
        building.begin().until_over()
        assert building.outcomes() == {"李爷爷": "unwell"}
        assert [case.state for case in building.cases()] == ["accepted"]
        broker.start()
        machines.wait_for(lambda: "come from the broker again" in machines.said("worker0"), "ticks from the broker")
        machines.wait_for(lambda: machines.ready()[0], "readiness")
