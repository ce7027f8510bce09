"""Stories of calls that tell something, over real HTTP: a notice, the truth, and a trial of the keys."""

from sqlalchemy import select

from campaigns.models import CampaignKind, Trial
from campaigns.queries import trials as trial_queries
from campaigns.rounds import trials
from contacts.models import Resident
from core import actors
from core.storage.database import reading, unit_of_work
from escalation.cases import cases
from escalation.models import CaseState, Page, TruthCall
from tests.patience import wait_for
from zaoan.rehearsal.behaviours import SILENCE, Behaviour, answer, no_answer, press

ACCEPTS = Behaviour([answer(press("1"), after=3.0)])
NEVER = Behaviour([no_answer()])
WATER = "明天上午停水。"


def test_a_notice_is_told_to_everybody_and_only_a_1_has_heard_it(building):
    heard = building.home(Behaviour([no_answer(), answer(press("2"), press("1"))]), "王奶奶")
    unwell = building.home(Behaviour([answer(press("3"))]), "李爷爷")
    silent = building.home(Behaviour([answer(SILENCE, SILENCE, SILENCE)]), "赵爷爷")
    helper = building.responder(ACCEPTS, "楼长")
    building.begin(kind=CampaignKind.NOTICE, message=WATER, retry_minutes=1, ring_seconds=20)
    wait_for(lambda: None not in building.outcomes().values(), "everybody to be told")
    assert building.outcomes() == {"王奶奶": "ok", "李爷爷": "unwell", "赵爷爷": "no_key"}
    wait_for(lambda: {case.kind: case.state for case in building.cases()}["unwell"] != CaseState.OPEN, "a helper")
    found = {case.kind: case for case in building.cases()}
    assert found.keys() == {"unwell", "notice_not_heard"}
    assert [len(building.calls_to(number)) for number in (heard, silent)] == [2, 1]
    told = building.until_ended(building.calls_to(heard)[1].call_id)
    assert [report.key for report in told.key_reports] == ["2", "1"]
    assert building.calls_to(unwell)
    assert building.calls_to(helper)
    with reading() as session:
        pages = session.scalars(select(Page).where(Page.case_id == found["notice_not_heard"].id)).all()
    assert pages == []


def test_whoever_is_unwell_and_to_whom_nobody_comes_is_told_so_once(building):
    waits = building.home(Behaviour([answer(press("3")), answer(press("1"))]), "王奶奶")
    building.responder(NEVER, "楼长")
    building.begin()
    wait_for(lambda: len(building.calls_to(waits)) == 2, "the call that tells the truth")
    first, second = building.calls_to(waits)
    building.until_ended(second.call_id)
    assert [report.key for report in building.calls_to(waits)[1].key_reports] == ["1"]
    assert (second.requested_at - first.key_reports[0].sent_at).total_seconds() >= 5 * 60 / 120
    [case] = building.cases()
    assert (case.state, case.kind) == ("open", "unwell")
    with reading() as session:
        assert session.get_one(TruthCall, case.id).due_at is None
    assert building.outcomes() == {"王奶奶": "unwell"}
    assert len(building.calls_to(waits)) == 2
    with unit_of_work() as session:
        cases.close(session, actors.system(), case.id, "the story is over")


def test_in_a_trial_the_keys_are_practised_and_nobody_is_alarmed(building):
    tries = building.home(Behaviour([answer(press("1"), press("3"), press("1"))]), "王奶奶")
    helper = building.responder(ACCEPTS, "楼长")
    building.settle()
    with unit_of_work() as session:
        [found] = session.scalars(select(Resident).where(Resident.name == f"王奶奶{building.number}"))
        begun = trials.begin(session, actors.system(), found).id
    wait_for(lambda: result(begun) is not None, "the result of the trial")
    assert result(begun) == "worked"
    assert len(building.calls_to(tries)) == 1
    assert building.calls_to(helper) == []
    with reading() as session:
        assert begun in [each.id for each in trial_queries.latest_trials(session)]


def result(trial_id):
    with reading() as session:
        return session.get_one(Trial, trial_id).result
