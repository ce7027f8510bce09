"""Stories of two people who are connected, over real HTTP between the service and the exchange."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from campaigns import round_tally
from campaigns.changes import new_campaigns, round_starts
from contacts.importing.importing import Kind
from contacts.models import Responder
from core import actors
from core.storage.database import reading, unit_of_work
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call
from tests.journeys.neighbourhood import ZONE, neighbourhood
from tests.patience import wait_for
from zaoan.rehearsal.behaviours import BUSY, MACHINE, SILENCE, Behaviour, answer, hang_up, no_answer, press
from zaoan.rehearsal.wire import read_from

UNHURRIED = 15
"""What the ladder waits for an office, and what anybody waits for, is longer than a busy machine takes."""
MONDAY_AT_NINE = datetime(2026, 11, 23, 9, tzinfo=ZONE)
TAKES = Behaviour([answer(press("1"), SILENCE, after=3.0)])
ACCEPTS = Behaviour([answer(press("1"), after=3.0)])


@pytest.fixture(scope="module")
def office_hours(tmp_path_factory):
    with neighbourhood(tmp_path_factory.mktemp("office"), clock_start=MONDAY_AT_NINE) as running:
        running.service.run_at(UNHURRIED)
        yield running


@pytest.fixture
def building(office_hours):
    office_hours.come_back()
    return Street(office_hours, office_hours.building())


class Street:
    """A building whose office, if it has one, looks after the whole community for this story only."""

    def __init__(self, around, building):
        self.around, self.building = around, building
        self.offices = []

    def __getattr__(self, name):
        return getattr(self.building, name)

    def office(self, behaviour):
        number = self.building.responder(behaviour, f"办公室{len(self.offices)}", role="社区办公室")
        self.building.responders[-1]["负责区域"] = ""
        self.offices.append(number)
        return number

    def retire(self):
        """The offices move into the building, so that they look after no other story."""
        for row in self.building.responders:
            row["负责区域"] = f"{self.building.number}号楼"
        if self.building.responders:
            self.building._import(Kind.RESPONDERS, self.building.responders)

    def log(self):
        return read_from(self.around.service.exchange_log, 0)[0]

    def entries(self, event, number):
        return [entry for entry in self.log() if entry["event"] == event and entry["number"] == number]

    def legs_to(self, number):
        return [call for call in self.calls_to(number) if call.parent is not None]


@pytest.fixture(autouse=True)
def _nobody_stays_on_duty(building):
    yield
    building.retire()


def until_over(building, number, calls=1):
    """Waits until the n-th connection to a number is over."""
    wait_for(
        lambda: len(legs := building.legs_to(number)) >= calls and legs[calls - 1].ended_at is not None,
        f"connection {calls} to {number} to end",
    )


def rows_to(number):
    with reading() as session:
        return session.scalars(select(Call).where(Call.number == number).order_by(Call.id)).all()


def is_complete(round_id):
    with reading() as session:
        return round_tally.report(session, round_id).complete


def no_calls_overlap(calls):
    by_start = sorted(calls, key=lambda call: call.requested_at)
    return all(before.ended_at <= after.requested_at for before, after in pairwise(by_start))


def test_a_helper_presses_4_and_talks_with_the_resident_behind_our_number(building):
    resident = building.home(Behaviour([answer(press("3")), answer(hang_up(60.0), after=8.0)]), "李爷爷")
    helper = building.responder(Behaviour([answer(press("1"), press("4"), SILENCE, hang_up(1.0))]), "楼长")
    building.begin().until_over()
    until_over(building, resident)
    [leg], [page] = building.legs_to(resident), building.calls_to(helper)
    [dialled] = building.entries("call.dialled", resident)
    [requested] = building.entries("call.requested", helper)
    assert leg.parent == page.call_id
    assert dialled["from"] == requested["from"]
    assert helper not in {entry.get("from") for entry in building.log()}
    told = [e["event"] for e in building.log() if e["call"] == leg.call_id]
    assert told.index("call.answered") < told.index("prompts.finished") < told.index("call.bridged")
    wait_for(lambda: building.calls_to(helper)[0].ended_at is not None, "the helper's call to end")
    wait_for(lambda: all(call.state == "ended" for call in rows_to(resident)), "the legs to be known as ended")
    assert no_calls_overlap(building.calls_to(resident))
    assert building.check_ins()["李爷爷"].attempts == 1
    assert building.outcomes() == {"李爷爷": "unwell"}


def test_the_resident_first_hears_who_it_is(building):
    resident = building.home(Behaviour([answer(press("3")), answer(hang_up(60.0))]), "王奶奶")
    building.responder(Behaviour([answer(press("1"), press("4"), SILENCE, hang_up(1.0))]), "楼长")
    building.begin().until_over()
    until_over(building, resident)
    [leg] = [row for row in rows_to(resident) if row.parent_id]
    [prompt] = calls.dialogue_of(leg).steps["hello"].prompts
    assert prompt.words["responder"] == f"楼长{building.number}"
    assert prompt.words["role"] == "楼栋长"
    heard = [e for e in building.log() if e["call"] == leg.provider_id and e["event"] in {"play", "say"}]
    assert len(heard) == 1


def test_while_they_talk_no_other_call_goes_to_the_resident(building):
    """The next round begins in the middle of their talk."""
    patient = Behaviour([answer(press("3")), answer(hang_up(500.0)), answer(press("1"))])
    resident = building.home(patient, "王奶奶")
    building.responder(Behaviour([answer(press("1"), press("4"), SILENCE, hang_up(1.0))]), "楼长")
    building.begin().until_over()
    wait_for(lambda: building.entries("call.bridged", resident), "the two to be connected")
    building.around.service.run_at(2 * UNHURRIED)  # it is a long talk
    with unit_of_work() as session:
        again = new_campaigns.create_campaign(session, actors.system(), f"{building.flag}再问", flags=[building.flag])
        round_id = round_starts.start_now(session, actors.system(), again, between=timedelta(0)).id
    wait_for(lambda: is_complete(round_id), "the second round to end")
    building.around.service.run_at(UNHURRIED)
    check_in, leg, later = building.calls_to(resident)
    assert leg.parent
    assert (check_in.parent, later.parent) == (None, None)
    assert no_calls_overlap([check_in, leg, later])


def test_whoever_does_not_answer_can_be_tried_again(building):
    resident = building.home(Behaviour([answer(press("3")), BUSY, answer(hang_up(30.0))]), "王奶奶")
    building.responder(Behaviour([answer(press("1"), press("4"), SILENCE, press("4"), SILENCE, hang_up(1.0))]), "楼长")
    building.begin().until_over()
    until_over(building, resident)
    assert building.outcomes() == {"王奶奶": "unwell"}


def test_in_office_hours_the_office_talks_with_whoever_wants_a_person(building):
    resident = building.home(Behaviour([answer(press("0"), hang_up(40.0))]), "王奶奶")
    office = building.office(TAKES)
    neighbour = building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    until_over(building, office)
    [leg], [call] = building.legs_to(office), building.calls_to(resident)
    assert leg.parent == call.call_id
    assert [report.key for report in leg.key_reports] == ["1"]
    assert building.entries("call.bridged", office)
    [case] = building.cases()
    with reading() as session:
        assert (case.kind, session.get_one(Responder, case.accepted_by_id).number) == ("wants_person", office)
    assert building.calls_to(neighbour) == []
    assert building.outcomes() == {"王奶奶": "wants_person"}


def test_whoever_rings_us_in_office_hours_and_wants_a_person_talks_with_the_office(building):
    resident = building.home(Behaviour([no_answer()]), "王奶奶")
    office = building.office(TAKES)
    building.settle()
    ringing = building.dial(resident, press("0"), hang_up(40.0))
    until_over(building, office)
    building.until_ended(ringing)
    [leg] = building.legs_to(office)
    assert leg.parent == ringing
    assert building.entries("call.bridged", office)
    with reading() as session:
        accepted = select(Case).join(Responder, Responder.id == Case.accepted_by_id).where(Responder.number == office)
        assert session.scalars(accepted).one().kind == "wants_person"


@pytest.mark.parametrize(
    "office",
    [
        Behaviour([no_answer()]),
        Behaviour([BUSY]),
        Behaviour([MACHINE]),
        Behaviour([answer(SILENCE)]),
        Behaviour([answer(press("7"), SILENCE)]),
        Behaviour([answer(hang_up(1.0))]),
    ],
    ids=["no-answer", "busy", "machine", "silence", "another-key", "hangs-up"],
)
def test_when_the_office_does_not_take_it_a_helper_is_asked_at_once(building, office):
    resident = building.home(Behaviour([answer(press("0"))]), "王奶奶")
    duty = building.office(office)
    neighbour = building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    [leg], [call] = building.legs_to(duty), building.calls_to(resident)
    assert not building.entries("call.bridged", duty)
    [case] = building.cases()
    with reading() as session:
        assert session.get_one(Responder, case.accepted_by_id).number == neighbour
    wait_for(lambda: building.calls_to(resident)[0].ended_at is not None, "the resident's call to end")
    [page] = building.calls_to(neighbour)
    slowest = max(entry["seconds"] for entry in building.log() if entry["event"] == "webhook")
    at_once = timedelta(seconds=3 + 5 * slowest)  # whoever answers late rings late: a busy machine
    assert abs(page.requested_at - leg.ended_at) < at_once  # nobody can take it once the whisper is over
    assert len(building.calls_to(resident)) == 1
    assert call.call_id == leg.parent


def test_the_second_duty_telephone_is_tried(building):
    building.home(Behaviour([answer(press("0"), hang_up(40.0))]), "王奶奶")
    first, second = building.office(BUSY_OFFICE), building.office(TAKES)
    building.begin().until_over()
    until_over(building, second)
    [case] = building.cases()
    with reading() as session:
        assert session.get_one(Responder, case.accepted_by_id).number == second
    assert len(building.legs_to(first)) == 1


def test_whoever_hangs_up_while_waiting_is_still_looked_after(building):
    resident = building.home(Behaviour([answer(press("0"), hang_up(1.0), then_call=None)]), "王奶奶")
    duty = building.office(Behaviour([no_answer()]))
    building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "wants_person"}
    assert [case.state for case in building.cases()] == ["accepted"]
    assert len(building.calls_to(resident)) == 1
    assert len(building.legs_to(duty)) <= 1


BUSY_OFFICE = Behaviour([BUSY])
