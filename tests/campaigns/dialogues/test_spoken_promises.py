"""What residents and relatives hear and read of the help for them is so: with helpers, and where nobody can be rung."""

import pytest

from campaigns.changes import new_campaigns, round_starts
from campaigns.dialogues import spoken_promises
from campaigns.dialogues.check_in import Asked, check_in_dialogue
from campaigns.rounds import trials
from contacts.callers import refused_numbers
from contacts.models import Resident
from core import actors
from core.i18n import Language
from core.ids import new_id
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Prompt
from tests.switchboard import resident, responder, rows

GRANNY, DAUGHTER, HEAD = "+8631186000101", "+8613700000011", "+8613900000001"
CLAIMS = ("我现在就告诉", "我现在就去找人", "我会请社区的人", "已经告诉社区的人", "正在打电话请人")
NOTED = "记在社区办公室的页面上"


@pytest.fixture
def granny(switchboard):
    return resident("王奶奶", GRANNY, relative=DAUGHTER, wants="problems")


def helper(refused=False):
    responder_id = responder("楼长", HEAD, role="building_head")
    if refused:
        with database.unit_of_work() as session:
            refused_numbers.mark(session, HEAD, 13224, responder_id)
    return responder_id


def claims(heard):
    return [each for each in CLAIMS if each in heard]


@pytest.mark.parametrize("key", ["2", "3", "0"])
def test_with_a_helper_the_resident_hears_that_they_are_told_now(switchboard, granny, key):
    helper()
    heard = switchboard.ring(GRANNY).press(key).hears
    assert claims(heard) == ["我现在就去找人" if key == "3" else "我现在就告诉"]
    assert NOTED not in heard


@pytest.mark.parametrize("refused", [None, True])
@pytest.mark.parametrize("key", ["2", "3", "0"])
def test_without_anybody_who_can_be_rung_nobody_is_said_to_be_told(switchboard, granny, key, refused):
    if refused:
        helper(refused=True)
    heard = switchboard.ring(GRANNY).press(key).hears
    assert claims(heard) == []
    assert NOTED in heard
    assert ("120" in heard) == (key == "3")


def test_silence_is_noted_where_nobody_can_be_sent(switchboard, granny):
    heard = switchboard.ring(GRANNY).stay().stay().stay().hears
    assert (claims(heard), NOTED in heard) == ([], True)


def test_every_word_that_claims_something_has_another_for_where_it_is_not_so():
    people = [Asked(str(new_id()), "王奶奶")]
    dialogue = check_in_dialogue(people, "槐东社区", Language.CHINESE, None, "120", rang_us=False)
    spare = {prompt.key for prompt in dialogue.spare}
    assert spare == {each for each in spoken_promises.EVERY.values() if each.startswith("check_in.")}
    assert spare <= {prompt.key for prompt in dialogue.prompts()}
    for language in Language:
        for claim, instead in spoken_promises.EVERY.items():
            assert words(spoken(claim), language) != words(spoken(instead), language)


def spoken(key):
    return Prompt(key=key, words={"emergency": "120", "called": "王奶奶"})


@pytest.mark.parametrize("in_a_round", [True, False])
def test_a_relative_who_rings_hears_how_it_stands(switchboard, granny, in_a_round):
    if in_a_round:
        with database.unit_of_work() as session:
            round_starts.start_now(
                session, actors.system(), new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
            )
    switchboard.ring(GRANNY).press("3")
    assert "现在没有帮手的电话可以打" in switchboard.ring(DAUGHTER).hears
    responder_id = helper()
    assert "我正在打电话请人帮忙" in switchboard.ring(DAUGHTER).hears
    [case] = rows(Case)
    with database.unit_of_work() as session:
        cases.accept(session, actors.system(), case.id, responder_id)
    assert "已经有人接手了" in switchboard.ring(DAUGHTER).hears
    with database.unit_of_work() as session:
        cases.close(session, actors.system(), case.id, "", Finding.FINE)
    assert ("社区的人已经处理完了" in switchboard.ring(DAUGHTER).hears) == in_a_round


@pytest.mark.parametrize(
    ("role", "refused", "told"), [(None, False, False), ("volunteer", False, False), ("office", True, False),
                                  ("office", False, True), ("grid_worker", False, True)]
)  # fmt: skip
def test_after_an_opt_out_somebody_gets_in_touch_only_where_somebody_can_be_asked_to(
    switchboard, granny, role, refused, told
):
    if role:
        responder_id = responder("某人", HEAD, role=role)
        if refused:
            with database.unit_of_work() as session:
                refused_numbers.mark(session, HEAD, 13224, responder_id)
    heard = switchboard.ring(GRANNY).press("9").press("9").hears
    assert ("社区的人会和您联系" in heard, NOTED in heard) == (told, not told)
    assert [case.kind for case in rows(Case)] == ["wants_no_calls"]


@pytest.mark.parametrize("helped", [True, False])
def test_a_practice_says_what_would_really_happen(switchboard, granny, helped):
    if helped:
        helper()
    with database.unit_of_work() as session:
        trials.begin(session, actors.system(), session.get_one(Resident, granny))
    with database.unit_of_work() as session:
        trials.queue_due(session)
    call = switchboard.pick_up(GRANNY)
    for key in ("3", "0"):
        call.press(key)
        assert ("我就请人来看看您" in call.hears, NOTED in call.hears) == (helped, not helped)
        call.press("1")
    call.press("1")
    assert ("我会马上找人帮您" in call.hears, NOTED in call.hears) == (helped, not helped)
    assert rows(Case) == []


@pytest.mark.parametrize("others", [False, True])
def test_the_office_that_is_rung_for_somebody_who_waits(switchboard, granny, office, others):
    if others:
        responder("楼长", HEAD, role="building_head")
    call = switchboard.ring(GRANNY).press("0")
    assert call.verb("Dial") is not None
    leg = call.verb("Dial").find("Number").attrib["url"].partition("/telephony")[2].partition("?")[0]
    path, sid = "/telephony" + leg.rpartition("/")[0], "CA" + "d" * 32
    heard = [switchboard.post(f"{path}/{turn}", CallSid=sid, Digits="").text for turn in range(4)]
    claimed = [any(words in each for each in heard) for words in ("我再问别的人", "现在没有别人可以打电话去问")]
    assert claimed == [others, not others]
