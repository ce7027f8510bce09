"""STOP in the words of many, and nothing that only sounds like it."""

import pytest

from ivr.dialogue.opt_out_words import Wish, read


@pytest.mark.parametrize(
    "body",
    ["STOP", "stop", " Stop. ", "STOPALL", "UNSUBSCRIBE", "Cancel", "END", "QUIT", "OPTOUT", "opt-out", "退订", "TD",
     "T", "ＴＤ", "停止", "取消", "不要再发", "不要再发了", "别再发了", "请不要再给我发短信了，谢谢", "别发了！",
     "不要发短信"],
)  # fmt: skip
def test_whoever_wants_no_more_texts_is_understood(body):
    assert read(body) is Wish.STOP


@pytest.mark.parametrize("body", ["START", "unstop", "恢复", "恢复。"])
def test_whoever_wants_them_again_is_understood(body):
    assert read(body) is Wish.RESUME


@pytest.mark.parametrize(
    "body",
    ["", "1", "谢谢", "不要再打了", "STOP CALLS", "please stop by this evening", "公共汽车取消了", "妈妈说不要再发烧了",
     "药停止吃了吗", "Trudi", "tea", "我不要再发生这样的事"],
)  # fmt: skip
def test_the_same_words_in_a_longer_text_are_for_a_person_to_read(body):
    assert read(body) is None
