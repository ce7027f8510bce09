"""What a text says: a key and nothing else is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.inbound.sms_answers import is_thanks, looks_like_acceptance, said, wants_no_calls, writer_of
from campaigns.models import Outcome
from escalation.models import Writer

KEYS = {"1": Outcome.OK, "2": Outcome.NEEDS_SUPPLIES, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("written", ["{}", " {} ", "{}。", "{}.", "{}．", "\u3000{}\n", "\ufeff{}", "{} 。"])
def test_a_key_is_an_answer_however_it_is_dressed(key, written):
    assert said(written.format(key)) is KEYS[key]


@pytest.mark.parametrize(
    ("wide", "outcome"), [("１", "ok"), ("２", "needs_supplies"), ("３。", "unwell"), ("０", "wants_person")]
)
def test_full_width_keys_are_keys(wide, outcome):
    assert said(wide) == outcome


@pytest.mark.parametrize(
    "body",
    ["", " ", "好", "平安", "我很好", "I am well", "ok", "yes", "一", "11", "1 1", "12", "1,", "1?", "1！", "#1",
     "1号楼", "按1", "1 谢谢", "4", "9", "①", "¹", "1️⃣", "。", "。1", "-1", "1..", "１１", "١"],
)  # fmt: skip
def test_nothing_else_is_an_answer(body):
    assert said(body) is None


@given(st.text())
def test_no_text_without_exactly_one_key_is_an_answer(body):
    digits = [each for each in body if each.isdigit()]
    if said(body) is not None:
        assert len(digits) == 1
        assert not any(each.isalpha() for each in body)


@pytest.mark.parametrize(
    "body",
    ["不要再打", "不要再打了", "别再打电话了", "请不要再给我打电话了，谢谢！", "不要打电话", "别打了", "不要再打扰我",
     "STOP CALLS", "stop calling me", "Please do not call me.", "Don't call me anymore", "no more calls"],
)  # fmt: skip
def test_whoever_wants_no_more_calls_is_understood(body):
    assert wants_no_calls(body)


@pytest.mark.parametrize(
    "body",
    ["STOP", "停止", "不要再发", "医生说不要再打针了", "今天不用打电话了，我在女儿家", "do not call the doctor",
     "打电话给我", ""],
)  # fmt: skip
def test_who_says_something_else_keeps_their_calls(body):
    assert not wants_no_calls(body)


@pytest.mark.parametrize(
    ("residents", "relatives", "is_responder", "writer"),
    [
        (1, 0, False, Writer.RESIDENT),
        (2, 0, False, Writer.SHARED),
        (1, 1, False, Writer.SHARED),
        (1, 0, True, Writer.SHARED),
        (0, 1, False, Writer.RELATIVE),
        (0, 2, True, Writer.RELATIVE),
        (0, 0, True, Writer.RESPONDER),
        (0, 0, False, Writer.UNKNOWN),
    ],
)
def test_a_text_is_a_residents_own_only_when_nobody_else_has_the_number(residents, relatives, is_responder, writer):
    assert writer_of(residents, relatives, is_responder=is_responder) is writer


def test_thanks_need_nobody_and_a_word_of_worry_does():
    assert is_thanks("谢谢！")
    assert is_thanks("收到。")
    assert not is_thanks("谢谢，她摔倒了")


def test_a_responder_who_writes_a_key_may_believe_to_have_accepted():
    assert looks_like_acceptance("1")
    assert looks_like_acceptance("接受。")
    assert not looks_like_acceptance("我到门口了")
