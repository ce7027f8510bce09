"""Reactions: which texts only say that somebody has tapped a sign, and what comes of them: nothing."""

import pytest

from campaigns.inbound.sms_reactions import is_kind_sign, is_reaction
from escalation.models import Case, CaseText
from ivr.models import Call
from tests.ivr.correspondence import DAUGHTER, GRANNY, HELPER, LANDLINE, STRANGER

OURS = "【槐东社区早安电话】11月28日08:52，王奶奶还没有回答（打了3次）。"
REACTIONS = [
    f"Liked “{OURS}”",
    'Liked "Zao\'an: are you well?"',
    f"Loved “{OURS}”",
    "Disliked “x”",
    "Laughed at “x”",
    "Emphasized “Zao'an: she said “I am unwell” at 08:52…",
    "Emphasised “two\nlines”",
    "Questioned “x”",
    f"Reacted 👍 to “{OURS}”",
    "Reacted ❤️ to “x”",
    "👍 to “x”",
    "\u200b👍\u200b to “\u200ax\u200a”",
    "Removed a like from “x”",
    "Removed a heart from “x”",
    "Removed an exclamation from “x”",
    "Removed a question mark from “x”",
    "Removed 👍 from “x”",
    "Liked an image",
    f"赞了“{OURS}”",
    "点赞了“x”",
    "喜欢了「x」",
    "觉得“x”很好笑",
    "强调了“x”",
    "对“x”做出了👍回应",
    "用👍回应了“x”",
    "取消了对“x”的赞",
    "移除了对“x”的👍",
]
MESSAGES = [
    "",
    "Liked it",
    "Liked “x” but she fell",
    "I liked “the call”, please come",
    "Please come “now”",
    "3 to “x”",
    "赞",
    "喜欢“红楼梦”",
    "取消“上门”",
    "对“王奶奶”",
    "给“王奶奶”回电话",
    "她说“不舒服”",
    "觉得“x”不对",
]


@pytest.fixture
def granny(street):
    return street.resident("王奶奶", LANDLINE, GRANNY)


@pytest.mark.parametrize("body", REACTIONS)
def test_what_a_messenger_writes_for_a_tap_is_a_reaction(body):
    assert is_reaction(body)


@pytest.mark.parametrize("body", MESSAGES)
def test_what_says_anything_more_is_a_message(body):
    assert not is_reaction(body)


@pytest.mark.parametrize("body", ["👍", "🙏🙏", "❤️", "👍🏽 😊"])
def test_pictures_that_say_thanks_need_nobody(body):
    assert is_kind_sign(body)


@pytest.mark.parametrize("body", ["", " ", "😭", "👎", "🆘", "👍?", "ok 👍"])
def test_other_pictures_are_read(body):
    assert not is_kind_sign(body)


@pytest.mark.parametrize("body", [f"Liked “{OURS}”", f"Reacted 👍 to “{OURS}”", f"赞了“{OURS}”", f"👍 to “{OURS}”"])
@pytest.mark.parametrize("number", [GRANNY, DAUGHTER, STRANGER, HELPER])
def test_a_reaction_answers_nothing_rings_nobody_and_is_not_replied_to(street, granny, body, number):
    street.relative(granny, "小梅", DAUGHTER)
    street.responder("楼长", HELPER, role="building_head")
    street.begin_round()
    street.write(number, body)
    assert (street.outcomes(), street.cases()) == ({"王奶奶": None}, [])
    assert [each.number for each in street.all(Call) if each.number == HELPER] == []
    assert street.texts_to(number) == []
    assert len(street.happened("text.received")) == 1


def test_a_reaction_can_be_read_where_somebody_is_looked_after(street, granny):
    street.relative(granny, "小梅", DAUGHTER)
    street.begin_round()
    street.write(GRANNY, "3")
    street.write(DAUGHTER, f"Emphasized “{OURS}”")
    assert street.cases() == [("unwell", granny)]
    assert [each.name for each in street.all(CaseText)][-1].startswith("小梅")
    assert [each.state for each in street.all(Case)] == ["open"]
