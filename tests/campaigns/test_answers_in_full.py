"""Answers that are more than one key: what becomes of them in a whole call, by webhook.

One house serves all of these stories; each has a resident of its own.
"""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.changes import round_starts
from campaigns.models import Campaign, CheckIn
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Flag, ResidentFlag
from core import actors, clock
from core.clock import Anchor
from core.settings import Settings
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseState, Page
from ivr.dispatch import calls
from ivr.models import Call, CallTurn, Line, Recording
from ivr.webhooks import spooled_answers
from tests.campaigns.mornings import campaign, later
from tests.switchboard import House, resident, responder, rows

OFFICE = "+8613900000009"
numbers = (f"+86311860001{number:02}" for number in itertools.count(1))
SATURDAY = datetime(2026, 11, 21, 1, tzinfo=UTC)
mornings = (SATURDAY + timedelta(weeks=later) for later in itertools.count())
"""When each story begins: on a Saturday of its own, so that no helper has just been rung for the one before."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Two helpers, an office that is there on Mondays, and a provider that recognises speech."""
    folder = tmp_path_factory.mktemp("answers")
    opened = House(Settings(database_url=f"sqlite:///{folder / 'zaoan.db'}", data_dir=folder, speech=True))
    with database.unit_of_work() as session:
        the_community(session).office_days = "1"
    for number, name in enumerate(["田保国", "孙丽华", "赵志强"], 1):
        responder(name, f"+861390000000{number}")
    responder("办公室", OFFICE, role="office")
    clock.set_anchor(Anchor(clock.real_now(), SATURDAY))
    campaign()
    yield opened
    opened.close()


class Wang:
    """A resident who is due, and what has come of them."""

    def __init__(self, house, *flags):
        self.house, self.number = house, next(numbers)
        self.id = resident("王奶奶", self.number, room=self.number[-3:])
        with database.unit_of_work() as session:
            session.add_all(ResidentFlag(resident_id=self.id, flag=flag) for flag in flags)
        start_a_round()

    def rings(self):
        return self.house.ring(self.number)

    @property
    def outcome(self):
        return rows(CheckIn, resident_id=self.id)[0].outcome

    @property
    def cases(self):
        return rows(Case, resident_id=self.id)

    @property
    def case(self):
        [only] = self.cases
        return only

    def pages(self, **wanted):
        return rows(Page, case_id=self.case.id, **wanted)

    def agrees(self):
        with database.reading() as session:
            return contacts.has_consent(session, self.id)

    def problem(self):
        """What the helper whose telephone rings will be told is wrong."""
        with database.reading() as session:
            dialogue = calls.dialogue_of(session.get_one(Call, self.pages()[0].call_id))
            return dialogue.steps["offer"].prompts[0].words["problem"]


def start_a_round():
    with database.unit_of_work() as session:
        round_starts.start_now(session, actors.system(), session.scalars(select(Campaign)).one())


@pytest.fixture
def wang(house):
    clock.set_anchor(Anchor(clock.real_now(), next(mornings)))
    with database.unit_of_work() as session:  # whoever helped in the story before is free again
        for page in session.scalars(select(Page).where(Page.state == "calling")):
            page.state = "withdrawn"
        for case in session.scalars(select(Case).where(Case.state != CaseState.CLOSED)):
            cases.close(session, actors.system(), case.id, "the story is over")
    return Wang(house)


def soon(seconds):
    """So many seconds pass on the clock."""
    later(seconds=seconds)


def test_what_is_needed_is_with_the_case_and_in_the_call_that_tells_of_it(wang):
    call = wang.rings().press("2")
    assert (wang.case.kind, wang.problem()) == ("needs_supplies", "需要一些东西")
    assert "买菜" in call.hears
    soon(5)
    call.press("1")
    assert (wang.case.needs, wang.problem()) == (["groceries"], "需要买菜")
    assert "好的，买菜" in call.hears
    assert call.is_over


def test_what_they_say_they_need_is_recorded_and_with_the_same_case(wang):
    call = wang.rings().press("2")
    soon(5)
    call.press("0")
    assert "录下来" in call.hears
    call.speak(seconds=9)
    recording = rows(Recording)[-1]
    assert (wang.case.recording_id, wang.case.needs, wang.case.kind) == (recording.id, ["own_words"], "needs_supplies")
    assert "听到了" in call.hears


def test_nothing_more_after_2_is_still_a_need(wang):
    call = wang.rings().press("2").stay().stay()
    assert call.is_over
    assert (wang.outcome, wang.case.needs) == ("needs_supplies", [])


def test_a_second_recording_is_a_message_of_its_own(wang):
    for _ in range(2):
        call = wang.rings().press("2")
        soon(5)
        call.press("0")
        call.speak()
        call.hang_up()
    assert sorted(each.kind for each in wang.cases) == ["message", "needs_supplies"]
    assert len({each.recording_id for each in wang.cases}) == 2


def test_nine_twice_stops_the_calls_and_a_person_looks_after_them(wang):
    call = wang.rings().press("9")
    assert "请再按一次9" in call.hears
    assert (wang.outcome, wang.cases) == (None, [])
    call.press("9")
    assert "不再自动给您打电话" in call.hears
    assert (wang.outcome, wang.case.kind, wang.case.state) == ("wants_person", "wants_no_calls", "open")
    assert wang.case.check_in_id == rows(CheckIn, resident_id=wang.id)[0].id
    assert not wang.agrees()
    start_a_round()
    assert len(rows(CheckIn, resident_id=wang.id)) == 1


def test_one_nine_changes_nothing(wang):
    call = wang.rings().press("9").stay()
    assert "一切都好，请按1" in call.hears
    assert call.press("1").is_over
    assert (wang.outcome, wang.cases) == ("ok", [])
    assert wang.agrees()


def test_nine_twice_after_they_were_well_is_told_to_the_office_too(wang):
    wang.rings().press("1").hang_up()
    wang.rings().press("9").press("9").hang_up()
    assert (wang.outcome, wang.case.kind, wang.case.check_in_id) == ("ok", "wants_no_calls", None)


def test_of_two_keys_in_a_hurry_the_worse_counts_when_they_hang_up(wang):
    call = wang.rings().press("1")
    soon(0.4)
    call.press("3")
    assert "您按了1和3" in call.hears
    assert (wang.outcome, wang.cases) == ("ok", [])
    call.hang_up()
    assert (wang.outcome, wang.case.kind, len(wang.pages())) == ("unwell", "unwell", 2)


def test_of_two_keys_in_a_hurry_the_one_they_choose_counts(wang):
    call = wang.rings().press("1")
    soon(0.4)
    call.press("3")
    soon(9)
    call.press("1").hang_up()
    assert (wang.outcome, wang.cases) == ("ok", [])


def test_the_worse_of_two_keys_is_not_lost_when_the_call_has_ended_before_we_hear_of_it(wang):
    call = wang.rings().press("1")
    soon(0.4)
    call.hang_up()
    call.press("3")
    assert wang.outcome == "unwell"


def test_a_key_after_the_answer_was_said_back_changes_it(wang):
    call = wang.rings().press("1")
    soon(6)
    assert "好的，您身体不舒服" in call.press("3").hears
    assert (wang.outcome, wang.case.kind) == ("unwell", "unwell")


def test_whoever_is_well_after_all_is_told_that_somebody_will_ask_all_the_same(wang):
    call = wang.rings().press("3")
    soon(6)
    assert "还是会有人来问问您" in call.press("1").hears
    assert wang.outcome == "unwell"


@pytest.mark.parametrize(("key", "expected"), [("3", "unwell"), ("2", "needs_supplies"), ("1", "wants_person")])
def test_a_key_during_the_goodbye_that_could_not_be_stored_brings_a_person(wang, key, expected):
    call = wang.rings().press("1")
    [row] = rows(Call, number=wang.number)
    spooled_answers.record(spooled_answers.Unrecorded(str(row.id), call.sid, 2, key, "ok-0", 1))
    assert (wang.outcome, wang.case.kind) == (expected, expected)


def test_outside_office_hours_nobody_offers_a_duty_telephone(wang):
    call = wang.rings().press("3")
    assert "120" in call.hears
    assert "值班" not in call.hears
    assert call.is_over


def test_whoever_is_unwell_may_talk_with_the_duty_telephone_while_a_helper_is_rung(wang):
    later(days=2)  # on Monday
    call = wang.rings()
    with database.unit_of_work() as session:
        ringing = session.scalars(select(Call).where(Call.number == wang.number)).one()
        ringing.line_id = session.scalars(select(Line.id)).first()
    call.press("3")
    assert "想和值班的人说话，请按0" in call.hears
    assert (wang.outcome, wang.case.kind, len(wang.pages())) == ("unwell", "unwell", 2)
    looked_at = wang.case.look_at
    soon(5)
    call.press("0")
    assert call.verb("Dial").find("Number").text == OFFICE
    assert (wang.case.look_at, len(wang.pages(state="calling"))) == (looked_at, 3)
    call.connected("no-answer")
    assert "我现在就去找人帮您" in call.hears
    assert (wang.case.state, wang.outcome) == (CaseState.OPEN, "unwell")


@pytest.fixture
def wu(house, wang):
    """A resident who cannot press keys."""
    return Wang(house, Flag.CANNOT_PRESS_KEYS)


def say(house, call, words, confidence="0.9"):
    action = call.verb("Gather").attrib["action"].removeprefix(house.chosen.public_url)
    return call._ask(action, SpeechResult=words, Confidence=confidence)


def test_a_word_makes_somebody_well_only_when_it_was_confirmed(wu):
    call = wu.rings()
    gather = call.verb("Gather").attrib
    assert (gather["input"], gather["language"], "不舒服" in gather["hints"]) == ("dtmf speech", "cmn-Hans-CN", True)
    say(wu.house, call, "我很好")
    assert "您说一切都好" in call.hears
    assert wu.outcome is None
    say(wu.house, call, "是的")
    assert (wu.outcome, call.is_over) == ("ok", True)


SAID = {"我好难受": "unwell", "不太好": "unwell", "我要买药": "needs_supplies", "找人说说话": "wants_person"}


@pytest.mark.parametrize(("words", "expected"), SAID.items())
def test_a_word_that_calls_for_a_person_counts_at_once(wu, words, expected):
    say(wu.house, wu.rings(), words)
    assert (wu.outcome, wu.case.kind) == (expected, expected)


def test_what_was_said_is_not_written_down(wu):
    say(wu.house, wu.rings(), "我的秘密是不舒服")
    [call] = rows(Call, number=wu.number)
    turns = rows(CallTurn, call_id=call.id)
    assert [(turn.sound, turn.key) for turn in turns] == [("answered", ""), ("speech", "unwell")]


def test_whoever_is_not_flagged_is_asked_for_keys_only(wang):
    assert wang.rings().verb("Gather").attrib["input"] == "dtmf"
