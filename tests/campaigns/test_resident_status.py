"""What staff decide about one resident takes effect at once: in the round, on the telephone, in cases and texts."""

from datetime import timedelta

import pytest
from sqlalchemy import true

from campaigns.changes import round_starts
from campaigns.models import Campaign, CheckIn, Round, Trial
from campaigns.people import resident_status
from campaigns.rounds import attempts, auditor, trials
from contacts import queries
from contacts.community.community import the_community
from contacts.models import Pause, Relative, Removal, Resident
from contacts.people import absences
from contacts.people.person_lookup import find_resident
from core import actors
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running.events import Event
from core.storage import database
from escalation.calls import callback_queue
from escalation.models import Case, Page
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Text
from ivr.ports import owners
from ivr.reconciliation import sweep as sweeping
from tests.campaigns.mornings import HOME, MOBILE, a_round, campaign, later
from tests.switchboard import resident, responder, rows

STAFF = actors.user("王芳")
DAUGHTER = "+8613800138000"


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def today():
    with database.reading() as session:
        return absences.local_today(session, session.get_one(Resident, rows(Resident)[0].id))


def pause(resident_id, first=0, last=0, reason=""):
    """``first`` and ``last`` in days from today; without a last the pause has no end."""
    until = None if last is None else today() + timedelta(days=last)
    with database.unit_of_work() as session:
        return resident_status.pause(session, STAFF, resident_id, today() + timedelta(days=first), until, reason)


def resume(resident_id, **also):
    with database.unit_of_work() as session:
        return resident_status.resume(session, STAFF, resident_id, **also)


def remove(resident_id, because=Removal.MOVED_AWAY, note=""):
    with database.unit_of_work() as session:
        return resident_status.remove(session, STAFF, resident_id, because, note)


def restore(resident_id):
    with database.unit_of_work() as session:
        return resident_status.restore(session, STAFF, resident_id)


def start_again():
    with database.unit_of_work() as session:
        return round_starts.start_now(session, actors.system(), session.get_one(Campaign, rows(Campaign)[0].id)).id


def test_a_pause_from_today_ends_what_waits_and_excuses_with_the_reason(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    done = pause(granny, 0, 3, "在女儿家")
    assert (done.today.ended, done.today.in_call) == (1, False)
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason, check_in.reason_note) == ("excused", "paused", "在女儿家")
    assert not switchboard.waiting_for(HOME)
    assert rows(Round)[0].completed_at is not None
    assert rows(Case) == []
    [told] = rows(Event, kind="resident.paused")
    assert told.actor.name == "王芳"


def test_a_pause_that_begins_later_changes_nothing_today(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    pause(granny, 1, 3)
    assert rows(CheckIn)[0].outcome is None
    assert switchboard.waiting_for(HOME)


def test_a_telephone_that_rings_is_cancelled_and_its_end_excuses(switchboard, provider):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    call, sid = switchboard._placed(HOME)
    assert pause(granny).today.in_call
    sweeping.sweep()
    assert provider.cancelled == [sid]
    switchboard.post(f"/telephony/calls/{call.id}/status", CallSid=sid, CallStatus="canceled")
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason, check_in.furthest) == ("excused", "paused", None)


@pytest.mark.parametrize(("key", "outcome"), [("1", "ok"), ("3", "unwell")])
def test_whoever_has_picked_up_when_they_are_paused_is_heard(switchboard, provider, key, outcome):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    call = switchboard.pick_up(HOME)
    assert pause(granny).today.in_call
    sweeping.sweep()
    assert provider.cancelled == []
    call.press(key).hang_up()
    assert rows(CheckIn)[0].outcome == outcome


def test_the_telephone_of_a_couple_still_rings_for_the_one_who_is_at_home(switchboard):
    granny = resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    a_round()
    queue()
    pause(granny)
    with database.unit_of_work() as session:
        call = session.get_one(Call, switchboard.waiting_for(HOME)[0].id)
        assert not owners.owner_of(call).still_wanted(session, call)
        calls.end(session, call.id, Ending.NOT_WANTED)
    queue()
    call = switchboard.pick_up(HOME)
    assert "李爷爷" in call.hears
    assert "王奶奶" not in call.hears


def test_overlapping_pauses_become_one(switchboard):
    granny = resident("王奶奶", HOME)
    pause(granny, 2, 5, "在女儿家")
    pause(granny, 10, 12, "体检")
    done = pause(granny, 4, 11)
    assert [(each.first - today()).days for each in done.change.before] == [2, 10]
    [kept] = rows(Pause)
    assert (kept.first_day, kept.last_day) == (today() + timedelta(days=2), today() + timedelta(days=12))
    assert kept.reason == "在女儿家"


def test_a_pause_without_an_end_lasts_until_somebody_ends_it(switchboard):
    granny = resident("王奶奶", HOME)
    morning = campaign()
    pause(granny, 0, None, "住院")
    assert morning
    later(days=30)
    start_again()
    assert [(each.outcome, each.reason) for each in rows(CheckIn)] == [("excused", "paused")]
    change = resume(granny)
    assert [(each.last, each.reason) for each in change.before] == [(None, "住院")]
    assert change.after[0].last == today() - timedelta(days=1)
    later(days=1)
    start_again()
    assert rows(CheckIn)[-1].outcome is None


def test_what_is_planned_stays_when_somebody_comes_back_today_unless_it_is_to_go_as_well(switchboard):
    granny = resident("王奶奶", HOME)
    pause(granny, 0, 1)
    pause(granny, 20, 25)
    resume(granny)
    [planned] = rows(Pause)
    assert planned.first_day == today() + timedelta(days=20)
    with pytest.raises(ConflictError, match="not today"):
        resume(granny)
    resume(granny, planned_too=True)
    assert rows(Pause) == []
    with pytest.raises(ConflictError, match="not paused"):
        resume(granny)


def test_days_that_make_no_sense_are_refused(switchboard):
    granny = resident("王奶奶", HOME)
    with pytest.raises(UserError, match="before it begins"):
        pause(granny, 3, 1)
    with pytest.raises(UserError, match="is over"):
        pause(granny, -3, -1)
    with pytest.raises(NotFoundError):
        pause(new_id())


@pytest.mark.parametrize("because", list(Removal))
def test_whoever_is_removed_is_rung_no_more_and_their_cases_are_closed_with_that_finding(switchboard, because):
    granny = resident("王奶奶", HOME, relative=DAUGHTER)
    responder("田保国", MOBILE)
    a_round()
    switchboard.ring(HOME).press("3").hang_up()
    assert [page.state for page in rows(Page)] == ["calling"]
    texts_before = {text.id: text.state for text in rows(Text)}
    done = remove(granny, because, "女儿来电")
    [case] = rows(Case)
    assert (case.state, case.finding, case.note) == ("closed", because.value, "女儿来电")
    assert [each.id for each in done.closed] == [case.id]
    assert [page.state for page in rows(Page)] == ["withdrawn"]
    assert {text.id for text in rows(Text)} == set(texts_before)
    assert {text.state for text in rows(Text)} == {"not_wanted"}
    [told] = rows(Event, kind="case.closed")
    assert told.actor.name == "王芳"
    assert rows(CheckIn)[0].outcome == "unwell"


def test_the_family_of_somebody_who_has_died_is_written_to_no_more(switchboard):
    granny = resident("王奶奶", HOME, relative=DAUGHTER)
    a_round()
    queue()
    call = switchboard.pick_up(HOME)
    remove(granny, Removal.DECEASED)
    call.hang_up()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == ("withdrawn", "deceased")
    later(hours=1)
    auditor.audit()
    assert rows(Text) == []
    assert rows(Case) == []
    assert len(rows(Relative)) == 1


def test_a_removed_resident_is_in_no_round_and_no_list_and_their_history_is_kept(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    switchboard.ring(HOME).press("1").hang_up()
    remove(granny)
    with database.reading() as session:
        community = the_community(session)
        assert queries.audience(session, community.id, true(), today()) == []
        assert queries.resident_ids(session, community.id) == []
        assert queries.without_consent(session, community.id) == []
        assert queries.residents_by_number(session, HOME) == []
        assert find_resident(session, "王奶奶的全名").id == granny
    assert rows(CheckIn)[0].outcome == "ok"
    later(hours=4)
    start_again()
    assert len(rows(CheckIn)) == 1
    assert "王奶奶" not in switchboard.ring(HOME).hears


def test_whoever_waits_in_the_round_is_withdrawn_and_their_queued_call_ends(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    assert remove(granny).today.ended == 1
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == ("withdrawn", "moved_away")
    assert not switchboard.waiting_for(HOME)


def test_whoever_lives_with_somebody_removed_keeps_the_telephone(switchboard):
    granny = resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    a_round()
    remove(granny, Removal.DECEASED)
    queue()
    call = switchboard.pick_up(HOME)
    assert "李爷爷" in call.hears
    assert "王奶奶" not in call.hears


def test_nobody_is_removed_twice_and_whoever_was_by_mistake_comes_back(switchboard):
    granny = resident("王奶奶", HOME)
    campaign()
    remove(granny, Removal.OTHER, "登记错了")
    with pytest.raises(ConflictError, match="has been removed"):
        remove(granny)
    with pytest.raises(ConflictError, match="has been removed"):
        pause(granny)
    assert restore(granny) is Removal.OTHER
    with pytest.raises(ConflictError, match="not been removed"):
        restore(granny)
    start_again()
    assert rows(CheckIn)[0].outcome is None


def test_another_reason_is_written_down(switchboard):
    with pytest.raises(UserError, match="not said why"):
        remove(resident("王奶奶", HOME), Removal.OTHER)


def test_a_trial_that_waits_is_broken_off_when_its_resident_is_away(switchboard):
    granny = resident("王奶奶", HOME)
    with database.unit_of_work() as session:
        trials.begin(session, actors.system(), queries.resident(session, granny))
    with database.unit_of_work() as session:
        trials.queue_due(session)
    assert pause(granny).today.trial_ended
    assert rows(Trial)[0].result == "broken_off"
    assert {call.state for call in rows(Call)} == {CallState.ENDED}


def test_nobody_is_rung_back_about_a_case_that_a_removal_has_closed(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    switchboard.ring(HOME).press("3").hang_up()
    later(minutes=6)
    with database.unit_of_work() as session:
        callback_queue.ring_due(session)
    assert switchboard.waiting_for(HOME)
    remove(granny)
    assert not switchboard.waiting_for(HOME)
    later(minutes=6)
    with database.unit_of_work() as session:
        callback_queue.ring_due(session)
    assert not switchboard.waiting_for(HOME)


def test_an_opt_out_is_undone_by_the_explicit_act_of_a_person_and_by_nothing_else(switchboard):
    granny = resident("王奶奶", HOME)
    a_round()
    queue()
    with database.unit_of_work() as session:
        done = resident_status.refuse(session, STAFF, granny, by="王奶奶", how="在服务台说")
    assert done.ended == 1
    assert (rows(CheckIn)[0].outcome, rows(CheckIn)[0].reason) == ("withdrawn", "no_consent")
    with database.unit_of_work() as session:
        assert resident_status.refuse(session, STAFF, granny, by="", how="又说了一次") is None
        assert not queries.has_consent(session, granny)
    with database.unit_of_work() as session:
        given = resident_status.agree(session, STAFF, granny, by="王奶奶", how="电话里说又愿意了")
        assert given.given_by == "王奶奶"
    with database.reading() as session:
        assert queries.has_consent(session, granny)
