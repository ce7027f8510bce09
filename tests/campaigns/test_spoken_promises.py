"""What residents and relatives hear and read of the help for them is so: with helpers, and where nobody can be rung."""

import pytest

from campaigns import schedule, spoken_promises
from campaigns.check_in_dialogue import Asked, check_in_dialogue
from contacts import refusals
from core import database
from core.i18n import Language
from core.ids import new_id
from escalation import cases
from escalation.models import Case, Finding
from ivr.catalogue import words
from ivr.dialogue import Prompt
from tests.switchboard import resident, responder, rows

GRANNY, DAUGHTER, HEAD = "+8631186000101", "+8613700000011", "+8613900000001"
CLAIMS = ("我现在就告诉", "我会请社区的人", "已经告诉社区的人", "正在打电话请人")
NOTED = "记在社区办公室的页面上"


@pytest.fixture
def granny(switchboard):
    return resident("王奶奶", GRANNY, relative=DAUGHTER, wants="problems")


def helper(refused=False):
    responder_id = responder("楼长", HEAD, role="building_head")
    if refused:
        with database.unit_of_work() as session:
            refusals.mark(session, HEAD, 13224, responder_id)
    return responder_id


def claims(heard):
    return [each for each in CLAIMS if each in heard]


@pytest.mark.parametrize("key", ["2", "3", "0"])
def test_with_a_helper_the_resident_hears_that_they_are_told_now(switchboard, granny, key):
    helper()
    heard = switchboard.ring(GRANNY).press(key).hears
    assert claims(heard) == ["我现在就告诉"]
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
    assert spare == {each for each in spoken_promises.INSTEAD.values() if each.startswith("check_in.")}
    assert spare <= {prompt.key for prompt in dialogue.prompts()}
    for language in Language:
        for claim, instead in spoken_promises.INSTEAD.items():
            assert words(spoken(claim), language) != words(spoken(instead), language)


def spoken(key):
    return Prompt(key=key, words={"emergency": "120", "called": "王奶奶"})


@pytest.mark.parametrize("in_a_round", [True, False])
def test_a_relative_who_rings_hears_how_it_stands(switchboard, granny, in_a_round):
    if in_a_round:
        with database.unit_of_work() as session:
            schedule.start_now(session, schedule.create_campaign(session, "早安", flags=None))
    switchboard.ring(GRANNY).press("3")
    assert "现在没有帮手的电话可以打" in switchboard.ring(DAUGHTER).hears
    responder_id = helper()
    assert "我正在打电话请人帮忙" in switchboard.ring(DAUGHTER).hears
    [case] = rows(Case)
    with database.unit_of_work() as session:
        cases.accept(session, case.id, responder_id)
    assert "已经有人接手了" in switchboard.ring(DAUGHTER).hears
    with database.unit_of_work() as session:
        cases.close(session, case.id, "", Finding.FINE)
    assert ("社区的人已经处理完了" in switchboard.ring(DAUGHTER).hears) == in_a_round
