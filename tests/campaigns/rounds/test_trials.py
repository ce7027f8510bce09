"""Trial calls: the keys are practised, nothing practised is an alarm, and what is really meant is never lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from campaigns.dialogues.trial import trial_dialogue
from campaigns.models import CheckIn, EarlyAnswer, Outcome, Trial, TrialResult
from campaigns.queries import trials as trial_queries
from campaigns.rounds import trials
from contacts.community.community import the_community
from contacts.models import Consent, Pause, Resident, ResidentFlag
from contacts.people.person_lookup import find_resident
from core import actors, clock
from core.clock import Anchor
from core.errors import ConflictError, NotFoundError, UserError
from core.i18n import Language
from core.running.events import Event
from core.storage import database
from escalation.models import Case, Page
from ivr.dialogue.engine import Heard, Sound, advance, begin
from ivr.models import CallState
from tests.campaigns.mornings import HOME, MOBILE, a_round, later
from tests.switchboard import opts_out, resident, responder, rows
from zaoan.cli.cli import app

HELPER = "+8613900000001"


@pytest.fixture
def switchboard(switchboard):
    """It is Monday at ten."""
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, 11, 23, 2, tzinfo=UTC)))
    return switchboard


@pytest.fixture
def granny(switchboard):
    """Somebody whose trial has begun and whose call waits to be dialled; a helper could be rung about her."""
    responder("楼长", HELPER)
    who = resident("王奶奶", HOME)
    try_out(who)
    return who


def try_out(who):
    with database.unit_of_work() as session:
        trials.begin(session, actors.system(), session.get_one(Resident, who))
    queue()


def queue():
    with database.unit_of_work() as session:
        trials.queue_due(session)


def trial():
    [only] = rows(Trial)
    return only


def test_whoever_presses_both_keys_can_and_nobody_is_alarmed(switchboard, granny):
    call = switchboard.pick_up(HOME)
    assert "王奶奶" in call.hears
    assert "只是练习" in call.hears
    call.press("1")
    assert "不会有人来" in call.hears
    call.press("3")
    assert "没有叫人来" in call.hears
    assert "连着按两次9" in call.hears
    call.press("1")
    assert call.is_over
    call.hang_up()
    assert (trial().result, trial().practised, trial().attempts) == ("worked", "13", 1)
    assert rows(Case) == []
    assert rows(EarlyAnswer) == []
    assert [each.facts["result"] for each in rows(Event, kind="trial.decided")] == ["worked"]


def test_whoever_hangs_up_at_the_end_has_practised_too(switchboard, granny):
    switchboard.pick_up(HOME).press("1").press("3").hang_up()
    assert trial().result == "worked"


def test_whoever_listens_and_presses_nothing_is_not_rung_again_and_the_flag_is_only_suggested(switchboard, granny):
    call = switchboard.pick_up(HOME)
    while not call.is_over:
        call.stay()
    call.hang_up()
    assert trial().result == "pressed_nothing"
    assert trial().suggests_flag
    assert rows(ResidentFlag) == []
    assert rows(Case) == []
    assert trial().next_attempt_at is None


@pytest.mark.parametrize("keys", ["7", "77", "**"])
def test_whoever_presses_other_keys_has_tried(switchboard, granny, keys):
    call = switchboard.pick_up(HOME).press(keys)
    assert "没关系" in call.hears
    while not call.is_over:
        call.stay()
    call.hang_up()
    assert trial().result == "could_not_press"
    assert not trial().suggests_flag


def test_nobody_is_rung_more_than_three_times_for_practice_ten_minutes_apart(switchboard, granny):
    for attempt in range(3):
        assert trial().result is None
        switchboard.miss(HOME)
        if attempt < 2:
            later(minutes=9)
            queue()
            assert switchboard.waiting_for(HOME) == []
            later(minutes=2)
            queue()
    later(hours=1)
    queue()
    assert switchboard.waiting_for(HOME) == []
    assert (trial().result, trial().attempts, trial().suggests_flag) == ("not_reached", 3, False)


def test_whoever_hangs_up_in_the_middle_is_rung_again_and_keeps_what_they_have_practised(switchboard, granny):
    switchboard.pick_up(HOME).press("1").hang_up()
    assert trial().result is None
    later(minutes=11)
    queue()
    switchboard.pick_up(HOME).stay().stay().press("3").hang_up()
    assert trial().result == "worked"


def test_a_machine_says_nothing_of_the_resident(switchboard, granny):
    call = switchboard.pick_up(HOME)
    switchboard.post(f"/telephony/calls/{call.call.id}/machine", CallSid=call.sid, AnsweredBy="machine_start")
    call.stay()
    assert call.is_over
    call.hang_up(AnsweredBy="machine_start")
    assert (trial().result, trial().furthest) == (None, "voicemail")


def test_a_machine_that_is_known_for_one_only_afterwards_takes_back_what_it_seemed_to_show(switchboard, granny):
    call = switchboard.pick_up(HOME)
    while not call.is_over:
        call.stay()
    call.hang_up()
    assert trial().result == "pressed_nothing"
    switchboard.post(f"/telephony/calls/{call.call.id}/machine", CallSid=call.sid, AnsweredBy="machine_start")
    assert trial().result == "not_reached"


@pytest.mark.parametrize("before", ["", "13"])
@pytest.mark.parametrize("meant", ["33", "3 ", "30"])
def test_a_3_that_nobody_asked_for_and_that_is_meant_is_an_alarm(switchboard, granny, before, meant):
    call = switchboard.pick_up(HOME)
    for key in before:
        call.press(key)
    later(seconds=3)
    call.press("3")
    assert "再按一次3" in call.hears
    assert rows(Case) == []
    if meant[1] == " ":
        call.stay().stay()
    else:
        call.press(meant[1])
    assert call.is_over
    [case] = rows(Case)
    assert case.kind == ("wants_person" if meant == "30" else "unwell")
    assert [page.case_id for page in rows(Page)] == [case.id]
    assert trial().result == ("worked" if before == "13" else "broken_off")
    call.hang_up()
    assert trial().next_attempt_at is None


@pytest.mark.parametrize(("key", "kind"), [("3", "unwell"), ("0", "wants_person")])
def test_whoever_hangs_up_when_asked_whether_they_mean_it_means_it(switchboard, granny, key, kind):
    switchboard.pick_up(HOME).press(key).hang_up()
    assert [case.kind for case in rows(Case)] == [kind]
    assert (trial().result, trial().next_attempt_at) == ("broken_off", None)


def test_a_trembling_finger_that_presses_the_practised_3_twice_alarms_nobody(switchboard, granny):
    call = switchboard.pick_up(HOME).press("1").press("3").press("3")
    assert "练习结束了" in call.hears
    call.hang_up()
    assert rows(Case) == []
    assert trial().result == "worked"


def test_a_3_that_was_only_tried_out_goes_on(switchboard, granny):
    call = switchboard.pick_up(HOME).press("3").press("1")
    assert "试着按一下1" in call.hears
    later(seconds=3)  # they listen before they press the same key again
    call.press("1").press("3").press("1").hang_up()
    assert rows(Case) == []
    assert trial().result == "worked"


def test_a_0_while_practising_is_asked_once_more_and_at_the_end_reaches_a_person_at_once(switchboard, granny):
    call = switchboard.pick_up(HOME).press("0")
    assert rows(Case) == []
    call.press("1")
    later(seconds=3)
    call.press("1").press("3").press("0")
    [case] = rows(Case)
    assert (case.kind, case.resident_id) == ("wants_person", granny)
    call.hang_up()
    assert trial().result == "worked"


def test_what_is_meant_in_a_trial_counts_for_the_check_in_of_the_day(switchboard, granny):
    a_round()
    switchboard.pick_up(HOME).press("3").press("3").hang_up()
    assert [check_in.outcome for check_in in rows(CheckIn)] == ["unwell"]
    assert len(rows(Case)) == 1


def test_a_practised_3_answers_no_check_in(switchboard, granny):
    a_round()
    switchboard.pick_up(HOME).press("1").press("3").press("1").hang_up()
    assert [check_in.outcome for check_in in rows(CheckIn)] == [None]


def test_9_twice_stops_the_calls_at_once_and_the_office_knows(switchboard, granny):
    call = switchboard.pick_up(HOME).press("9")
    assert "再按一次9" in call.hears
    assert rows(Case) == []
    call.press("9")
    assert call.is_over
    assert [each.withdrawn_at is None for each in rows(Consent)] == [False]
    assert [case.kind for case in rows(Case)] == ["wants_no_calls"]
    call.hang_up()
    assert (trial().result, trial().next_attempt_at) == ("broken_off", None)


def test_9_once_and_silence_stops_nothing(switchboard, granny):
    switchboard.pick_up(HOME).press("9").stay().stay().hang_up()
    assert [each.withdrawn_at for each in rows(Consent)] == [None]
    assert rows(Case) == []


def test_nobody_is_tried_out_who_may_not_be_rung(switchboard):
    granny = resident("王奶奶", HOME)
    mute = resident("李爷爷", room="102")
    with database.unit_of_work() as session:
        today = clock.now().date()
        session.add(Pause(resident_id=granny, first_day=today, last_day=today))
    for who, kind in ((granny, ConflictError), (mute, UserError)):
        with pytest.raises(kind) as refusal:
            try_out(who)
        assert refusal.value.way_out
        assert refusal.value.describe(Language.CHINESE) != str(refusal.value)
    with database.unit_of_work() as session:
        opts_out(session, granny)
    with pytest.raises(UserError):
        try_out(granny)
    assert rows(Trial) == []


def test_nobody_is_tried_out_at_night_or_twice_at_once(switchboard, granny):
    with pytest.raises(ConflictError):
        try_out(granny)
    other = resident("李爷爷", MOBILE, room="102")
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_until = clock.now().astimezone(UTC).time()  # ten there is two here: it is over
    with pytest.raises(ConflictError) as refusal:
        try_out(other)
    assert "opens" in refusal.value.parameters
    assert len(rows(Trial)) == 1


def test_whoever_goes_away_while_the_call_waits_is_not_rung(switchboard, granny):
    with database.unit_of_work() as session:
        opts_out(session, granny)
    with pytest.raises(AssertionError):
        switchboard.pick_up(HOME)
    assert [call.state for call in switchboard.waiting_for(HOME)] == [CallState.QUEUED]


def test_a_resident_is_found_by_name_and_by_telephone(switchboard):
    granny = resident("王奶奶", HOME)
    resident("李爷爷", MOBILE, room="102")
    resident("赵爷爷", MOBILE, room="103")
    with database.reading() as session:
        for written in ("王奶奶的全名", HOME, "0311-86000101", str(granny)):
            assert find_resident(session, written).id == granny
        with pytest.raises(NotFoundError):
            find_resident(session, "孙爷爷")
        with pytest.raises(ConflictError) as several:
            find_resident(session, MOBILE)
    assert "李爷爷" in str(several.value)


def test_the_command_line_rings_and_tells_what_came_of_it(switchboard, granny, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    call = switchboard.pick_up(HOME)
    while not call.is_over:
        call.stay()
    call.hang_up()
    told = CliRunner().invoke(app, ["trials", "--json"])
    assert told.exit_code == 0, told.output
    [line] = json.loads(told.stdout)
    assert (line["result"], line["suggests"], line["keys"]) == ("pressed_nothing", "cannot_press_keys", [])
    assert CliRunner().invoke(app, ["trial", "孙爷爷"]).exit_code == 1


@given(st.text("13"), st.booleans(), st.sampled_from([None, *Outcome]))
def test_only_every_key_is_a_success_and_only_a_whole_silence_is_one(practised, pressed, furthest):
    result = trials.shown(practised, pressed=pressed or bool(practised), furthest=furthest)
    assert (result is TrialResult.WORKED) == (set(practised) == {"1", "3"})
    if result is TrialResult.PRESSED_NOTHING:
        assert not practised
        assert not pressed
        assert furthest in {"no_key", "hung_up"}


@given(st.lists(st.sampled_from("0123456789* "), max_size=14))
def test_whatever_is_pressed_no_single_key_is_an_alarm_and_what_is_meant_ends_the_call(keys):
    dialogue = trial_dialogue("王奶奶", "槐东社区", Language.CHINESE, None, "120")
    turn, last = begin(dialogue), (None, None)
    for key in keys:
        if turn.position is None:
            break
        asked_at = turn.position.step
        turn = advance(dialogue, turn.position, Heard(Sound.SILENCE) if key == " " else Heard(Sound.KEY, key))
        for fact in turn.facts:
            if fact.name in {"unwell", "wants_no_calls"}:
                assert asked_at.startswith(("unwell-", "person-", "stop-"))
                assert turn.position is None
            if fact.name == "wants_person":
                assert asked_at == "end" or asked_at.startswith(("unwell-", "person-"))
            if fact.name.startswith("practised"):
                assert fact.name == f"practised_{key}"
        last = asked_at, key
    assert last


def test_the_latest_trial_of_each_is_shown_first_the_newest(switchboard, granny):
    switchboard.miss(HOME)
    later(days=1)
    queue()
    assert trial().result == "not_reached"
    try_out(granny)
    with database.reading() as session:
        assert [each.result for each in trial_queries.latest_trials(session)] == [None]
    assert len(rows(Trial)) == 2
    assert timedelta(days=1) < rows(Trial)[1].begun_at - rows(Trial)[0].begun_at
