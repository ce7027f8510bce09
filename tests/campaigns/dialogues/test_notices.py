"""Notices: told to everybody chosen, heard only when somebody says so, and never in the way of a check-in."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.dialogues.check_in import Asked, step_for, subjects
from campaigns.dialogues.notice import notice_dialogue
from campaigns.dialogues.notice_for import LONGEST_MESSAGE, message_of
from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome
from campaigns.outcomes import QUIET, REACHED, case_kind, concerns_relatives
from campaigns.rounds import attempts, auditor, round_stops
from contacts.community.community import the_community
from core import actors, clock
from core.clock import Anchor
from core.errors import UserError
from core.i18n import Language
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page
from escalation.policy_lookup import shipped
from ivr.dialogue.engine import Heard, Position, Sound, advance, begin
from ivr.models import Call, Text
from ivr.ports import owners
from tests.campaigns.mornings import HOME, MOBILE, a_round, later, start
from tests.databases import sqlite_in
from tests.switchboard import opts_out, resident, responder, rows
from zaoan.cli.cli import app

WATER = "明天上午九点到十一点停水，请您提前接好水。"
HELPER = "+8613900000001"


@pytest.fixture
def switchboard(switchboard):
    """It is Monday at ten."""
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, 11, 23, 2, tzinfo=UTC)))
    return switchboard


def notice(name="停水", **plan):
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(
            session, actors.system(), name, flags=None, kind=CampaignKind.NOTICE, message=WATER, **plan
        ).id


def told(**plan):
    """The notice is started and its calls are queued; the id of its round."""
    round_id = start(notice(**plan))
    queue()
    return round_id


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def outcomes(round_id):
    return [check_in.outcome for check_in in rows(CheckIn, round_id=round_id)]


def test_whoever_presses_1_has_heard_it_and_nothing_else_happens(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME)
    assert WATER in call.hears
    assert "王奶奶" in call.hears
    call.press("1")
    assert call.is_over
    call.hang_up()
    assert outcomes(round_id) == ["ok"]
    assert rows(Case) == []


def test_key_2_tells_it_again_without_the_greeting_as_often_as_wished(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME)
    for _ in range(5):
        call.press("2")
        assert WATER in call.hears
        assert "王奶奶" not in call.hears
    assert outcomes(round_id) == [None]
    call.press("1")
    assert outcomes(round_id) == ["ok"]


@pytest.mark.parametrize(("key", "outcome"), [("3", "unwell"), ("0", "wants_person")])
def test_whoever_is_unwell_or_wants_a_person_is_looked_after_whatever_was_asked(switchboard, key, outcome):
    resident("王奶奶", HOME, relative=MOBILE)
    responder("楼长", HELPER)
    round_id = told()
    call = switchboard.pick_up(HOME).press(key)
    assert call.is_over
    [case] = rows(Case)
    assert (case.kind, outcomes(round_id)) == (outcome, [outcome])
    assert [page.case_id for page in rows(Page)] == [case.id]
    assert [text.number for text in rows(Text)] == [MOBILE]


def test_silence_is_a_gentle_case_for_which_no_telephone_rings_and_nobody_is_told(switchboard):
    resident("王奶奶", HOME, relative=MOBILE)
    responder("楼长", HELPER)
    responder("办公室", "+8613900000009", role="office")
    round_id = told()
    call = switchboard.pick_up(HOME)
    for _ in range(3):
        assert not call.is_over
        call.stay()
    assert call.is_over
    assert "社区办公室" in call.hears
    [case] = rows(Case)
    assert (case.kind, case.state) == ("notice_not_heard", "open")
    assert outcomes(round_id) == ["no_key"]
    for _ in range(3):
        later(days=1, minutes=1)
        climbing.climb_due()
    assert rows(Case)[0].state == "open"
    assert rows(Page) == []
    assert rows(Text) == []
    assert switchboard.waiting_for(HOME) == []


def test_the_gentle_case_goes_back_to_the_page_when_nobody_closed_it_and_still_rings_nobody(switchboard):
    resident("王奶奶", HOME)
    office = responder("办公室", "+8613900000009", role="office")
    told(attempts=1)
    switchboard.miss(HOME)
    [case] = rows(Case)
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), case.id, office)
    later(hours=25)
    climbing.climb_due()
    [case] = rows(Case)
    assert (case.state, case.accepted_by_id) == (CaseState.OPEN, None)
    assert rows(Page) == []


def test_a_helper_who_rings_in_is_not_sent_to_somebody_who_missed_a_notice(switchboard):
    resident("王奶奶", HOME)
    responder("楼长", HELPER)
    told(attempts=1)
    switchboard.miss(HOME)
    assert "没有需要您的事情" in switchboard.ring(HELPER).hears


def test_9_twice_stops_every_call_and_the_office_talks_with_them(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME).press("9")
    assert "再按一次9" in call.hears
    call.stay()
    assert WATER in call.hears
    assert rows(Case) == []
    call.press("9").press("9")
    assert call.is_over
    call.hang_up()
    assert [case.kind for case in rows(Case)] == ["wants_no_calls"]
    assert outcomes(round_id) == ["withdrawn"]
    assert rows(CheckIn)[0].next_attempt_at is None


def test_two_keys_in_a_hurry_are_doubted_and_whoever_hangs_up_has_pressed_the_worse_one(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME).press("1")
    call.press("3")
    assert "您按了1和3" in call.hears
    call.hang_up()
    assert outcomes(round_id) == ["unwell"]


def test_in_office_hours_the_duty_telephone_is_offered_to_whoever_is_unwell(switchboard, office):
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, 11, 23, 2, tzinfo=UTC)))
    resident("王奶奶", HOME)
    told()
    call = switchboard.pick_up(HOME).press("3")
    assert "现在就想和值班的人说话，请按0" in call.hears


def test_nobody_answers_three_times_by_the_plan_and_then_the_office_knows(switchboard):
    resident("王奶奶", HOME)
    round_id = told(attempts=3, retry_minutes=10)
    for attempt in range(3):
        assert outcomes(round_id) == [None]
        switchboard.miss(HOME)
        assert switchboard.waiting_for(HOME) == []
        if attempt < 2:
            later(minutes=9)
            queue()
            assert switchboard.waiting_for(HOME) == []
            later(minutes=2)
            queue()
    assert outcomes(round_id) == ["no_answer"]
    assert [case.kind for case in rows(Case)] == ["notice_not_heard"]


def test_a_machine_hears_the_notice_and_is_rung_again(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME)
    switchboard.post(f"/telephony/calls/{call.call.id}/machine", CallSid=call.sid, AnsweredBy="machine_start")
    call.stay()
    assert WATER in call.hears
    call.stay()
    call.hang_up(AnsweredBy="machine_start")
    [check_in] = rows(CheckIn, round_id=round_id)
    assert (check_in.outcome, check_in.furthest) == (None, "voicemail")
    assert check_in.next_attempt_at is not None


def test_each_of_a_couple_is_asked_by_name_and_one_1_speaks_for_one(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    round_id = told()
    call = switchboard.pick_up(HOME)
    call.press("1")
    assert "李爷爷" in call.hears
    assert WATER in call.hears
    call.hang_up()
    assert sorted(outcomes(round_id), key=str) == [None, "ok"]


def test_without_consent_nobody_is_told_even_when_it_is_withdrawn_while_the_call_waits(switchboard):
    granny = resident("王奶奶", HOME)
    round_id = told()
    with database.unit_of_work() as session:
        opts_out(session, granny)
        [call] = [session.get_one(Call, each.id) for each in switchboard.waiting_for(HOME)]
        assert not owners.owner_of(call).still_wanted(session, call)
    assert outcomes(round_id) == [None]


def test_a_notice_answers_no_check_in_and_a_check_in_no_notice(switchboard):
    granny = resident("王奶奶", HOME)
    told_round = told()
    switchboard.pick_up(HOME).press("1").hang_up()
    asked_round = a_round()
    assert outcomes(asked_round) == [None]
    queue()
    switchboard.pick_up(HOME).press("1").hang_up()
    assert (outcomes(told_round), outcomes(asked_round)) == (["ok"], ["ok"])
    with database.reading() as session:
        latest = queries.latest_check_in(session, granny, clock.now() - timedelta(hours=1))
        assert latest.round_id == asked_round


def test_whoever_rings_us_while_a_notice_waits_is_asked_how_they_are_and_is_told_all_the_same(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    call = switchboard.ring(HOME)
    call.press("1")
    call.hang_up()
    assert outcomes(round_id) == [None]
    assert len(switchboard.waiting_for(HOME)) == 1


def test_what_is_said_before_a_notice_counts_for_no_notice(switchboard):
    resident("王奶奶", HOME)
    switchboard.ring(HOME).press("1").hang_up()
    assert outcomes(told()) == [None]


def test_a_daughter_who_rings_hears_what_was_said_in_the_notice(switchboard):
    resident("王奶奶", HOME, relative=MOBILE)
    a_round()
    queue()
    switchboard.pick_up(HOME).press("1").hang_up()
    later(minutes=5)
    told()
    switchboard.pick_up(HOME).press("3").hang_up()
    assert "身体不舒服" in switchboard.ring(MOBILE).hears


def test_a_notice_that_could_not_be_told_is_told_on_for_a_day_and_then_the_office_knows_that_it_was_not(switchboard):
    resident("王奶奶", HOME)
    round_id = told()
    later(hours=3)
    auditor.audit()
    assert outcomes(round_id) == [None]
    later(hours=23)
    auditor.audit()
    assert outcomes(round_id) == ["not_asked"]
    assert [case.kind for case in rows(Case)] == ["not_asked"]


def test_the_auditor_opens_the_gentle_case_that_is_missing(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", MOBILE, room="102")
    round_id = told()
    with database.unit_of_work() as session:
        [first, _] = queries.check_ins(session, round_id)
        first.outcome, first.next_attempt_at = "no_answer", None
    auditor.audit()
    assert [case.kind for case in rows(Case)] == ["notice_not_heard"]


def test_a_notice_with_a_time_is_told_once(switchboard):
    campaign_id = notice(at=time(15, 30))
    later(hours=6)
    with database.unit_of_work() as session:
        assert len(round_starts.start_due(session)) == 1
    later(days=2)
    with database.unit_of_work() as session:
        assert round_starts.start_due(session) == []
        round_stops.resume_campaign(session, actors.user("王芳"), session.get_one(Campaign, campaign_id))
        assert round_starts.next_due(session) is None


def test_a_notice_whose_time_was_slept_through_waits_for_permitted_hours(switchboard):
    resident("王奶奶", HOME)
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_from, community.call_until = time(7, 30), time(21)
    notice(at=time(20))
    later(hours=13)  # eleven at night
    with database.unit_of_work() as session:
        assert round_starts.start_due(session) == []
        assert round_starts.next_due(session) == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def test_without_a_message_there_is_no_notice_and_a_check_in_tells_none(switchboard):
    for kind, message in ((CampaignKind.NOTICE, " … "), (CampaignKind.CHECK_IN, WATER)):
        with database.unit_of_work() as session, pytest.raises(UserError) as mistake:
            new_campaigns.create_campaign(session, actors.system(), "x", flags=None, kind=kind, message=message)
        assert mistake.value.field == "message"
        assert mistake.value.describe(Language.CHINESE) != str(mistake.value)


def test_a_message_is_kept_without_the_lines_of_its_file():
    assert message_of(f"  明天\r\n\n{WATER}\n") == f"明天 {WATER}"


def test_a_message_that_nobody_could_remember_is_refused():
    assert message_of("水" * LONGEST_MESSAGE)
    with pytest.raises(UserError):
        message_of("水" * (LONGEST_MESSAGE + 1))


@given(st.sampled_from(CampaignKind), st.sampled_from(sorted(set(Outcome) - QUIET)))
def test_only_what_somebody_says_of_themselves_sends_people(kind, outcome):
    policy = shipped().table[case_kind(kind, outcome)]
    gentle = kind is CampaignKind.NOTICE and outcome in REACHED
    assert policy.rings != gentle
    assert concerns_relatives(kind, outcome) == (not gentle and outcome is not Outcome.NOT_ASKED)
    assert case_kind(CampaignKind.CHECK_IN, outcome) is CaseKind(outcome.value)


@given(st.lists(st.sampled_from("123 4567890*#"), max_size=12))
def test_whatever_is_pressed_only_a_1_is_heard(keys):
    people = [Asked("a", "王奶奶"), Asked("b", "李爷爷")]
    dialogue = notice_dialogue(people, WATER, "槐东社区", Language.CHINESE, None, "120")
    turn, facts = begin(dialogue), []
    for key in keys:
        if turn.position is None:
            break
        heard = Heard(Sound.SILENCE) if key == " " else Heard(Sound.KEY, key)
        turn = advance(dialogue, turn.position, heard)
        facts += [(fact.name, fact.subject, key) for fact in turn.facts]
    assert all(key == "1" for name, _, key in facts if name == "ok")
    assert len({subject for _, subject, _ in facts}) == len(facts)


def test_every_step_that_asks_is_found_by_whom_it_asks():
    people = [Asked(name, name) for name in "abc"]
    dialogue = notice_dialogue(people, WATER, "槐东社区", Language.CHINESE, None, "120")
    assert [subjects(dialogue).index(each.subject) for each in people] == [0, 1, 2]
    assert [step_for(dialogue, each.subject) for each in people] == ["ask-0", "ask-1", "ask-2"]
    assert advance(dialogue, Position("hear-1"), Heard(Sound.KEY, "1")).facts[0].subject == "b"


def test_the_command_line_makes_and_shows_a_notice(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", sqlite_in(tmp_path))
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    words = tmp_path / "notice.txt"
    words.write_text(WATER + "\n", encoding="utf-8")
    create = ["campaign", "create", "停水", "--kind", "notice", "--everyone", "--allow-empty"]
    assert CliRunner().invoke(app, create).exit_code == 1
    assert CliRunner().invoke(app, [*create, "--message", "x", "--message-file", str(words)]).exit_code == 1
    made = CliRunner().invoke(app, [*create, "--message-file", str(words)])
    assert made.exit_code == 0, made.output
    [campaign] = json.loads(CliRunner().invoke(app, ["campaign", "list", "--json"]).stdout)
    assert (campaign["kind"], campaign["message"], campaign["at"], campaign["next_round_at"]) == (
        "notice", WATER, None, None,
    )  # fmt: skip
