"""Whoever rings in, by webhook: what they hear, and for which check-in it counts."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from campaigns import queries
from campaigns.models import CheckIn, EarlyAnswer, Outcome
from campaigns.rounds import attempts, auditor, check_ins
from core import clock
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseState, Page
from ivr.dispatch import calls, withdraw
from ivr.models import Call, CallState, Ending, Line
from ivr.ports.provider import ProviderCall
from ivr.reconciliation import sweep as sweeping
from tests.campaigns.mornings import HOME, MOBILE, a_round, campaign, later, start
from tests.switchboard import OURS, resident, responder, rows


def tied_to(case_id):
    with database.reading() as session:
        return session.get_one(Case, case_id).check_in_id


def rung(number, state=CallState.PLACED, provider_id="CA" + "f" * 32):
    """The call that the round makes is on its way to this number."""
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.unit_of_work() as session:
        call = session.get_one(Call, rows(Call, number=number, state="queued")[0].id)
        line = session.get(Line, rows(Line)[0].id)
        call.state, call.line_id, call.dialled_at = state, line.id, clock.now()
        call.overdue_at = clock.now() + timedelta(hours=1)
        call.provider_id = provider_id if state == CallState.PLACED else None
        call.requested_at = clock.real_now()
        call.request_deadline = clock.real_now() + timedelta(seconds=15)
        return call.id


def late_turn(switchboard, call_id, provider_id="CA" + "f" * 32):
    """The provider asks what to say to somebody who has picked up."""
    return switchboard.post(f"/telephony/calls/{call_id}/turns/0", CallSid=provider_id, From=OURS).text


def nothing_before():
    return


def all_was_well():
    a_round()
    with database.unit_of_work() as session:
        check_ins.hear(session, session.get(CheckIn, rows(CheckIn)[0].id), Outcome.OK)


def test_whoever_rings_us_is_asked_on_where_the_provider_lost_their_key(switchboard):
    """It goes on at the fallback address of our number, which is where calls come in."""
    resident("王奶奶", HOME)
    a_round()
    call = switchboard.ring(HOME)
    assert not call.press_in_vain().stay().stay().is_over  # of three silences
    call.press("3")
    assert rows(CheckIn)[0].outcome == "unwell"


@pytest.mark.parametrize(("key", "kind"), [("3", "unwell"), ("2", "needs_supplies")])
def test_whoever_asks_again_after_their_case_was_closed_has_it_open_again(switchboard, key, kind):
    resident("王奶奶", HOME)
    helper = responder("田保国", "+8613900000001")
    a_round()
    switchboard.ring(HOME).press("3").hang_up()
    with database.unit_of_work() as session:
        cases.accept(session, rows(Case)[0].id, helper)
        cases.close(session, rows(Case)[0].id, "去看过了")
    switchboard.ring(HOME).press(key)
    [case] = rows(Case)
    assert (case.state, case.kind, rows(CheckIn)[0].outcome) == (CaseState.OPEN, kind, "unwell")
    climbing.climb_due()
    assert len(rows(Page)) == 2


@pytest.mark.parametrize("before", [nothing_before, a_round, all_was_well])
def test_a_resident_who_rings_us_in_office_hours_and_wants_a_person_is_connected(switchboard, office, before):
    resident("王奶奶", HOME)
    before()
    waits = switchboard.ring(HOME).press("0")
    assert waits.verb("Dial").find("Number").text == office
    [case] = rows(Case)
    assert (case.kind, case.state) == ("wants_person", CaseState.OPEN)
    [page] = rows(Page)
    with database.reading() as session:
        leg = session.get_one(Call, page.call_id)
        assert session.get_one(Call, leg.parent_id).direction == "in"
    told = waits.connected("busy")
    assert "办公室现在没有人接电话" in told.hears
    assert [page.state for page in rows(Page)] == ["unanswered", "calling"]


def test_a_resident_hears_their_name_and_the_menu_and_the_answer_closes_the_check_in(switchboard):
    resident("王奶奶", HOME)
    a_round()
    call = switchboard.ring(HOME)
    assert "王奶奶，您好" in call.hears
    assert "您一切都好，请按1" in call.hears
    call.press("1")
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.next_attempt_at, check_in.attempts) == ("ok", None, 0)


def test_an_answer_before_the_round_counts_for_it_and_nobody_is_rung(switchboard):
    resident("王奶奶", HOME, relative="+8613800138000")
    morning = campaign(early_minutes=60)
    switchboard.ring(HOME).press("1")
    later(minutes=59)
    start(morning)
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.next_attempt_at) == ("ok", None)
    assert check_in.answered_at <= clock.now() - timedelta(minutes=58)
    with database.unit_of_work() as session:
        assert not attempts.queue_due(session)
    assert rows(EarlyAnswer)[0].check_in_id == check_in.id
    assert rows(Case) == []
    assert rows(queries.Round)[0].completed_at is not None


def test_an_answer_too_long_before_the_round_does_not_count(switchboard):
    resident("王奶奶", HOME)
    morning = campaign(early_minutes=60)
    switchboard.ring(HOME).press("1")
    later(minutes=61)
    start(morning)
    assert rows(CheckIn)[0].outcome is None
    assert rows(CheckIn)[0].next_attempt_at is not None


def test_an_early_answer_counts_for_one_round_only(switchboard):
    resident("王奶奶", HOME)
    morning = campaign()
    switchboard.ring(HOME).press("1")
    start(morning)
    later(minutes=5)
    start(morning, between=timedelta(0))
    assert sorted(str(each.outcome) for each in rows(CheckIn)) == ["None", "ok"]


def test_unwell_before_the_round_has_its_case_at_once_and_the_check_in_takes_it_over(switchboard):
    resident("王奶奶", HOME)
    morning = campaign()
    switchboard.ring(HOME).press("3")
    [case] = rows(Case)
    assert (case.kind, case.state, case.check_in_id, case.caller) == ("unwell", "open", None, None)
    with database.unit_of_work() as session:
        cases.close(session, case.id, "去看过了")
    start(morning)
    [check_in] = rows(CheckIn)
    assert check_in.outcome == "unwell"
    assert tied_to(case.id) == check_in.id
    auditor.audit()
    [case] = rows(Case)
    assert case.state == CaseState.CLOSED


def test_feeling_worse_before_the_round_is_one_case_that_becomes_worse(switchboard):
    resident("王奶奶", HOME)
    morning = campaign()
    switchboard.ring(HOME).press("2")
    switchboard.ring(HOME).press("3")
    switchboard.ring(HOME).press("1")
    start(morning)
    [case], [check_in] = rows(Case), rows(CheckIn)
    assert (case.kind, case.check_in_id, check_in.outcome) == ("unwell", check_in.id, "unwell")


def test_silence_before_the_round_is_looked_after_and_is_no_answer(switchboard):
    resident("王奶奶", HOME)
    morning = campaign()
    switchboard.ring(HOME).stay().stay().stay()
    assert [case.kind for case in rows(Case)] == ["no_key"]
    start(morning)
    assert rows(CheckIn)[0].outcome is None


def test_a_round_that_starts_while_a_resident_is_calling_gets_their_answer(switchboard):
    resident("王奶奶", HOME)
    call = switchboard.ring(HOME)
    a_round()
    call.press("1")
    assert rows(CheckIn)[0].outcome == "ok"
    assert rows(EarlyAnswer) == []


@pytest.mark.parametrize("state", [CallState.DIALLING, CallState.PLACED])
def test_a_call_in_withdraws_the_call_that_is_being_dialled_and_ends_it_at_the_provider(switchboard, provider, state):
    resident("王奶奶", HOME)
    a_round()
    ours = rung(HOME, state)
    call = switchboard.ring(HOME)
    with database.unit_of_work() as session:
        calls.adopt(session, session.get_one(Call, ours), "CA" + "f" * 32)
    withdraw.end_at_provider()
    assert provider.cancelled == ["CA" + "f" * 32]
    assert rows(Call, id=ours)[0].hang_up_wanted
    provider.endings["CA" + "f" * 32] = Ending.CANCELLED
    withdraw.end_at_provider()
    assert not rows(Call, id=ours)[0].hang_up_wanted
    call.press("1")
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.attempts, check_in.next_attempt_at) == ("ok", 1, None)


def test_a_withdrawal_that_the_provider_does_not_hear_is_said_again(switchboard, provider):
    resident("王奶奶", HOME)
    a_round()
    ours = rung(HOME)
    switchboard.ring(HOME)
    provider.down = True
    withdraw.end_at_provider()
    assert rows(Call, id=ours)[0].hang_up_wanted
    provider.down = False
    provider.endings["CA" + "f" * 32] = Ending.BUSY
    withdraw.end_at_provider()
    assert not rows(Call, id=ours)[0].hang_up_wanted


def test_the_withdrawn_call_of_a_worker_that_died_is_looked_for_at_the_provider(switchboard, provider):
    resident("王奶奶", HOME)
    a_round()
    ours = rung(HOME, CallState.DIALLING)
    switchboard.ring(HOME)
    withdraw.end_at_provider()
    assert provider.cancelled == []
    with database.unit_of_work() as session:
        session.get_one(Call, ours).request_deadline = clock.real_now()
    provider.placed = [ProviderCall("CA" + "e" * 32, HOME, OURS, clock.real_now(), None)]
    withdraw.end_at_provider()
    assert provider.cancelled == ["CA" + "e" * 32]


def test_whoever_picks_the_withdrawn_call_up_is_told_and_not_asked(switchboard):
    resident("王奶奶", HOME)
    a_round()
    ours = rung(HOME)
    call = switchboard.ring(HOME)
    said = late_turn(switchboard, ours)
    assert "您家里人正在和我们通话" in said
    assert "Gather" not in said
    call.press("3")
    assert (rows(CheckIn)[0].outcome, rows(CheckIn)[0].attempts) == ("unwell", 1)


def test_a_withdrawn_last_attempt_is_decided_only_when_the_call_in_has_brought_nothing(switchboard):
    resident("王奶奶", HOME)
    a_round(attempts=1)
    rung(HOME)
    call = switchboard.ring(HOME)
    assert rows(CheckIn)[0].outcome is None
    assert rows(Case) == []
    auditor.audit()
    assert rows(CheckIn)[0].next_attempt_at is None
    call.hang_up()
    assert rows(CheckIn)[0].outcome == "hung_up"
    assert [case.kind for case in rows(Case)] == ["hung_up"]


def test_whoever_hangs_up_on_us_after_a_withdrawn_call_is_rung_again_by_the_plan(switchboard):
    resident("王奶奶", HOME)
    a_round()
    rung(HOME)
    switchboard.ring(HOME).hang_up()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.attempts, check_in.furthest) == (None, 1, "hung_up")
    assert check_in.next_attempt_at > clock.now() + timedelta(minutes=9)


def test_an_answer_from_another_telephone_withdraws_the_call_to_the_first(switchboard, provider):
    resident("王奶奶", HOME, MOBILE)
    a_round()
    ours = rung(HOME)
    switchboard.ring(MOBILE).press("1")
    withdraw.end_at_provider()
    assert provider.cancelled == ["CA" + "f" * 32]
    assert rows(Call, id=ours)[0].state == CallState.ENDED
    assert "您已经回答过了" in late_turn(switchboard, ours)
    assert rows(CheckIn)[0].attempts == 1


def test_an_answer_takes_a_waiting_call_out_of_the_queue(switchboard):
    resident("王奶奶", HOME, MOBILE)
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    switchboard.ring(MOBILE).press("1")
    assert rows(Call, number=HOME)[0].ending == Ending.NOT_WANTED
    assert rows(CheckIn)[0].attempts == 0


def test_a_couple_is_asked_who_is_speaking_and_the_other_is_still_rung(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    a_round()
    call = switchboard.ring(HOME)
    assert "您是王奶奶，请按1。您是李爷爷，请按2。" in call.hears
    assert "李爷爷，您好" in call.press("2").hears
    call.press("1")
    outcomes = {each.resident_id: each.outcome for each in rows(CheckIn)}
    assert list(outcomes.values()).count("ok") == 1
    assert list(outcomes.values()).count(None) == 1


def test_a_couple_that_says_nothing_is_looked_after(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    a_round()
    switchboard.ring(HOME).stay().stay().stay()
    assert {each.outcome for each in rows(CheckIn)} == {"no_key"}
    assert len(rows(Case)) == 2


def test_four_at_one_telephone_have_a_key_each(switchboard):
    people = [resident(f"{number}号奶奶", HOME) for number in range(1, 5)]
    a_round()
    call = switchboard.ring(HOME)
    assert "您是4号奶奶，请按4" in call.hears
    assert "请按0" not in call.hears
    call.press("4").press("2")
    decided = {each.resident_id: each.outcome for each in rows(CheckIn) if each.outcome}
    assert decided == {people[3]: "needs_supplies"}


def test_the_fifth_at_one_telephone_reaches_a_person(switchboard):
    for number in range(1, 6):
        resident(f"{number}号奶奶", HOME)
    call = switchboard.ring(HOME)
    assert "都不是，请按0" in call.hears
    assert "会录下来" in call.press("0").hears
    call.speak()
    [case] = rows(Case)
    assert (case.kind, case.caller, case.resident_id) == ("message", HOME, None)


def test_feeling_worse_after_the_round_still_makes_the_case_of_today(switchboard):
    resident("王奶奶", HOME)
    a_round()
    switchboard.ring(HOME).press("1")
    switchboard.ring(HOME).press("3")
    [check_in], [case] = rows(CheckIn), rows(Case)
    assert (check_in.outcome, case.kind, case.check_in_id) == ("unwell", "unwell", check_in.id)
    assert rows(EarlyAnswer) == []


def test_a_call_in_whose_end_nobody_reports_is_over_some_time(switchboard, provider, monkeypatch):
    resident("王奶奶", HOME)
    a_round()
    call = switchboard.ring(HOME)
    monkeypatch.setattr(withdraw.station().telephony, "hang_up", lambda provider_id: None)
    provider.endings[call.sid] = Ending.COMPLETED
    later(minutes=12)
    sweeping.sweep()
    assert rows(Call, provider_id=call.sid)[0].state == CallState.ENDED
    assert rows(CheckIn)[0].furthest == "hung_up"


def test_a_caller_hears_a_kind_sentence_when_the_service_fails(switchboard, monkeypatch):
    def fail(*_):
        raise RuntimeError("nobody is at the switchboard")

    monkeypatch.setattr("campaigns.inbound.call_routing.CallsIn.inbound", fail)
    call = switchboard.ring(HOME)
    while call.verb("Redirect") is not None:
        assert "先不要挂电话" in call.hears
        call.stay()
    assert "对不起" in call.hears
    assert len(call.replies) == 5
    assert call.is_over


def test_the_sweep_for_withdrawn_calls_does_not_read_through_the_old_ones(switchboard):
    seen = []
    event.listen(switchboard.database.engine, "before_cursor_execute", lambda *about: seen.append(about[2:4]))
    withdraw.end_at_provider()
    [(statement, parameters)] = [each for each in seen if "hang_up_wanted" in each[0]]
    with switchboard.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    assert "ix_calls_hang_up_wanted" in str(plan)
