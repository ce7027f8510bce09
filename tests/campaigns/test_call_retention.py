"""Calls and what was noted about them go when their time is over; what reports say, and what is not over, stays."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from campaigns import call_retention
from campaigns.models import CheckIn, CheckInCall, Round
from campaigns.rounds import attempts, auditor
from contacts.models import Consent, OptOut
from core import actors, clock
from core.running import events
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, Page
from ivr.dialogue.engine import Dialogue, End
from ivr.dispatch import call_dialogues
from ivr.models import Call, CallTotal, CallTurn, Recording, StoredDialogue
from tests.campaigns.mornings import HOME, MOBILE, STRANGER, a_round, later, start
from tests.switchboard import opts_out, resident, responder, rows
from zaoan.cli.documents import check_in_documents, round_document

HELPER = "+8613900000001"
YEARS = timedelta(days=401)
SILENT = Dialogue(name="silent", language="zh-CN", first="quiet", steps={"quiet": End(prompts=())})


@pytest.fixture
def morning(switchboard):
    """One is well, one is unwell and was helped; the round is over."""
    resident("王奶奶", HOME)
    resident("李爷爷", MOBILE, room="202")
    responder("田保国", HELPER)
    round_id = a_round()
    database.write(attempts.queue_due)
    for number, key in ((HOME, "1"), (MOBILE, "3")):
        call = switchboard.pick_up(number).press(key)
        later(seconds=20)
        call.hang_up()
    page = switchboard.pick_up(HELPER).press("1")
    page.hang_up()
    auditor.audit()
    with database.unit_of_work() as session:  # the provider was asked about them
        session.execute(update(Call).values(look_back_at=None))
    return round_id


def closed():
    with database.unit_of_work() as session:
        [case] = rows(Case)
        cases.close(session, actors.user("田主任"), case.id, "送医了")


def reported(round_id):
    with database.reading() as session:
        return round_document(session, round_id), check_in_documents(session, round_id)


def kinds():
    return {each.kind for each in rows(Event)}


def test_an_old_round_is_reported_as_before_and_its_calls_are_only_counted(morning):
    closed()
    before, calls = reported(morning), rows(Call)
    assert before[1][1]["case"]["pages"] == 1
    later(days=YEARS.days)
    call_retention.forget()
    assert reported(morning) == before
    assert [rows(table) for table in (Call, CallTurn, CheckInCall, Page)] == [[], [], [], []]
    assert not any(kind.startswith(("call.", "check_in.", "case.", "page.")) for kind in kinds() - {"calls.forgotten"})
    totals = rows(CallTotal)
    assert {(each.owner, each.direction, each.ending, each.calls, each.answered) for each in totals} == {
        ("check_in", "out", "completed", 2, 2), ("page", "out", "completed", 1, 1)
    }  # fmt: skip
    assert sum(each.talked_seconds for each in totals) == sum(
        round((each.ended_at - each.answered_at).total_seconds()) for each in calls
    )
    [told] = rows(Event, kind="calls.forgotten")
    assert (told.actor.kind, told.facts["calls"]) == ("system", 3)


def test_what_is_younger_stays(morning):
    closed()
    later(days=YEARS.days - 2)
    before = len(rows(Event))
    call_retention.forget()
    assert (len(rows(Call)), len(rows(Event))) == (3, before)


def test_whatever_an_open_case_has_stays_however_old_it_is(morning):
    later(days=YEARS.days)
    call_retention.forget()
    assert {each.owner for each in rows(Call)} == {"page"}
    assert len(rows(Page)) == 1
    assert {"case.opened", "case.accepted", "page.accepted"} <= kinds()
    assert "call.ended" not in kinds()


def test_the_calls_of_a_round_that_has_not_ended_stay(morning):
    closed()
    with database.unit_of_work() as session:
        session.execute(update(Round).values(completed_at=None))
    later(days=YEARS.days)
    call_retention.forget()
    assert len(rows(CheckInCall)) == 2
    assert "check_in.decided" in kinds()


def test_recordings_opt_outs_and_consents_stay(switchboard):
    person = resident("王奶奶", HOME)
    switchboard.ring(STRANGER).press("#").speak(5)
    with database.unit_of_work() as session:
        opts_out(session, person)
        for case in session.query(Case):
            cases.close(session, actors.user("田主任"), case.id, "听过了")
    kept = (rows(Recording)[0].id, len(rows(OptOut)), len(rows(Consent)))
    later(days=YEARS.days)
    call_retention.forget()
    assert (rows(Recording)[0].id, len(rows(OptOut)), len(rows(Consent))) == kept
    assert "consent.withdrawn" in kinds()
    assert [each.owner for each in rows(Call)] == ["stranger"]


def test_legs_go_with_the_call_that_they_were_dialled_out_of(switchboard, morning):
    closed()
    with database.unit_of_work() as session:
        parent = session.query(Call).order_by(Call.id).first()
        leg = {c.key: getattr(parent, c.key) for c in Call.__table__.columns} | {"parent_id": parent.id}
        session.add(Call(**leg | {"id": call_retention.UUID(int=2**128 - 1), "provider_id": None}))
    later(days=YEARS.days)
    call_retention.forget()
    assert rows(Call) == []


def test_many_bites_are_taken(morning, monkeypatch):
    closed()
    monkeypatch.setattr(call_retention, "CALLS", 1)
    monkeypatch.setattr(call_retention, "EVENTS", 2)
    later(days=YEARS.days)
    call_retention.forget()
    assert rows(Call) == []
    assert sum(each.calls for each in rows(CallTotal)) == 3
    assert len(rows(Event, kind="calls.forgotten")) == 1


def test_the_same_day_is_counted_together_whenever_its_calls_go(morning, switchboard):
    later(days=YEARS.days)
    call_retention.forget()
    closed()
    later(days=YEARS.days)
    call_retention.forget()
    assert sum(each.calls for each in rows(CallTotal)) == 3
    assert rows(Call) == []


def test_nothing_to_forget_is_nothing_to_tell(morning):
    call_retention.forget()
    assert "calls.forgotten" not in kinds()


def test_a_dialogue_that_no_call_follows_goes_once_nobody_relies_on_it(morning):
    with database.unit_of_work() as session:
        call_dialogues.carried(session, SILENT)
    there = len(rows(StoredDialogue))
    call_retention.forget()
    assert len(rows(StoredDialogue)) == there
    with database.unit_of_work() as session:
        long_ago = clock.real_now() - call_dialogues.UNUSED_FOR - timedelta(seconds=1)
        session.execute(update(StoredDialogue).values(used_at=long_ago))
    call_retention.forget()
    assert len(rows(StoredDialogue)) == there - 1
    assert all(call_dialogues.dialogue_of(each) for each in rows(Call))


def test_a_round_that_begins_after_all_that_is_like_any_other(morning, switchboard):
    closed()
    later(days=YEARS.days)
    call_retention.forget()
    start(rows(Round)[0].campaign_id)
    database.write(attempts.queue_due)
    switchboard.pick_up(HOME).press("1").hang_up()
    assert [each.outcome for each in rows(CheckIn) if each.outcome][-1] == "ok"
    with database.reading() as session:
        assert events.last_id(session)
