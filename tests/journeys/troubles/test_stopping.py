"""Staff stop a round at the command line while the service dials: the exchange sees nothing dialled after that.

Told twice, on SQLite and on PostgreSQL. The line is slow, so that most of the building still waits when it is stopped.
"""

import json
from time import sleep

import pytest
from sqlalchemy import select

from campaigns import queries
from campaigns.models import CheckIn
from campaigns.outcomes import QUIET
from campaigns.queries import lateness
from campaigns.queries.lateness import Progress
from core.short_ids import short
from core.storage.database import reading
from ivr.models import Call, CallState
from tests.journeys.neighbourhood import neighbourhood, wait_for
from tests.processes import command
from zaoan.rehearsal.behaviours import SILENCE, Behaviour, answer, no_answer, press
from zaoan.rehearsal.running import environment
from zaoan.rehearsal.wire import read_wire

HOMES = 24
RETRY_MINUTES = 1
SPEED = 40
"""So slow that no round ends by itself while a command is typed on a busy machine."""
SILENT, TALKS, AWAY = (
    Behaviour([answer(SILENCE)]),
    Behaviour([answer(press("1", after=20.0))]),
    Behaviour([no_answer()]),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def slow_line(request, tmp_path_factory):
    where = {"database_url": request.getfixturevalue("postgresql")()} if request.param == "postgresql" else {}
    directory = tmp_path_factory.mktemp(f"stopping-{request.param}")
    with neighbourhood(
        directory, line_calls_per_second=0.5, line_calls_at_once=2, clock_speed=SPEED, **where
    ) as running:
        yield running


@pytest.fixture
def building(slow_line):
    slow_line.come_back()
    built = slow_line.building()
    for index in range(HOMES):
        built.home([TALKS, AWAY, SILENT][index % 3], f"居民{index}")
    built.responder(Behaviour([answer(press("1"), after=3.0)]), "楼长")
    return built.begin(retry_minutes=RETRY_MINUTES)


def numbers_rung(building):
    """How often each telephone of this building's residents has been dialled."""
    with reading() as session:
        theirs = {number for each in queries.check_ins(session, building.round_id) for number in each.numbers}
    wire = read_wire(building.around.service.exchange_log)
    return {number: sum(call.number == number for call in wire) for number in theirs}


def typed(building, *words):
    done = command(*words, "--json", environment=environment(building.around.service.settings))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def until_nothing_lives(building):
    def is_quiet():
        with reading() as session:
            still_open = lateness.progress(session, building.round_id) is Progress.OPEN
            lives = session.scalars(select(Call.id).where(Call.state != CallState.ENDED)).first()
        return not still_open and lives is None

    wait_for(is_quiet, "the calls in progress to end")


@pytest.mark.parametrize("how", ["stop", "pause", "round"])
def test_nothing_is_dialled_after_the_stop_and_calls_in_progress_are_heard(building, how):
    wait_for(lambda: sum(map(bool, numbers_rung(building).values())) >= 3, "three telephones to be dialled")
    words = ("round", "stop", short(building.round_id)) if how == "round" else ("campaign", how, building.flag)
    told = typed(building, *words)
    stopped = told if how == "round" else told["rounds"][0]
    at_the_stop = numbers_rung(building)
    until_nothing_lives(building)
    sleep(3 * RETRY_MINUTES * 60 / SPEED)  # whoever was to be rung again by the plan would have been by now
    in_calls = {each["resident_id"] for each in stopped["in_calls"]}
    with reading() as session:
        check_ins = session.scalars(select(CheckIn).where(CheckIn.round_id == building.round_id)).all()
        owner = {each.numbers[0]: str(each.resident_id) for each in check_ins}
    later = {number for number, times in numbers_rung(building).items() if times > at_the_stop[number]}
    assert {owner[number] for number in later} <= in_calls, "who was not in a call when it was stopped was dialled"
    assert sum(at_the_stop.values()) < HOMES
    excused = {str(each.resident_id) for each in check_ins if each.outcome == "excused"}
    assert {each["resident_id"] for each in stopped["excused"]} <= excused
    assert len(stopped["excused"]) > HOMES / 4
    assert all(each.reason for each in check_ins if each.outcome == "excused")
    assert len(stopped["excused"]) + len(in_calls) >= HOMES - sum(map(bool, at_the_stop.values()))
    assert len(building.cases()) == sum(each.outcome not in QUIET for each in check_ins)
