"""Consent is a yes: what people write into that column, and what it says."""

import pytest

from contacts.columns.consent_words import Answer, answer

YES = [
    "是", "同意", "已签", "yes", "TRUE", "True", "✓", "√", "2026-11-01", "2026年11月1日", "11月3日", "20261101",
    "2026/11/1", "书面同意", "书面", "口头同意", "已签字", "本人同意", "女儿代签", "签了", "1", "y", "Y", "OK",
    "有", "已同意", "☑", "无异议", "没意见,同意", "知情同意书", "电话同意", "（同意）", "是。", "愿意",
    "signed form 2026-11-01", "signed forms, 2026-11-01", "all signed", "2026-11-20 再次同意",
    "2026-11-01 书面同意", "signed form No. 12", "agreed on the phone 2026-11-03", "yes, by daughter",
    "Yes (signed)", "同意 2026.11.3", "verbal, 3 Nov 2026", "written consent", "consented",
    "王丽代父亲签字 2026-11-02", "同意书编号 #12", "form no. 7, signed", "是（书面）", "不反对",
    "同意（无异议）",
]  # fmt: skip
NO = [
    "不同意", "否", "未签", "未签字", "没签", "没有签", "拒绝", "拒签", "no", "No", "NO", "FALSE", "False",
    "false", "n", "N", "0", "无", "没有", "不愿意", "不要", "不接受", "暂不同意", "未同意", "没同意", "不签",
    "×", "✗", "不想打", "别打", "退出", "不需要", "不用", "refused", "declined", "本人不同意",
    "不同意（女儿代答）", "不参加", "2026-11-20 拒绝", "refused 2026-11-01", "did not sign", "not signed",
    "no consent", "does not agree", "does not consent", "withdrawn 2026-11-03", "未签字 2026-11-20",
    "No, thank you", "opted out", "不同意，2026-11-05", "doesn't want calls", "不同意打电话", "没有书面同意",
    "无书面同意", "尚未书面同意", "拒绝签字", "不愿意签字", "无同意书", "refused to sign", "never signed",
    "does not want to sign", "without consent", "不让打电话", "no signature", "Declined by phone 2026-11-02",
]  # fmt: skip
UNCLEAR = [
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "待定", "?", "？", "未知", "不详", "待签", "等女儿回复",
    "—", "-", "--", "/", "。", "考虑中", "n/a", "N/A", "NA", "46327", "联系不上", "xyz", "abc",
    "同意但不要打电话", "王丽", "待确认", "不清楚", "to be signed", "pending", "not yet", "will sign",
    "same as above", "同上", "同意，不要录音", "电话没打通", "not yet signed", "非本人签", "yes and no",
    "不同意/同意", "yes/no", "是/否",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_yes_is_a_consent(text):
    assert answer(text) is Answer.YES


@pytest.mark.parametrize("text", NO)
def test_a_refusal_is_no_consent(text):
    assert answer(text) is Answer.NO


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_says_neither_or_both_is_asked_about(text):
    assert answer(text) is Answer.UNCLEAR


@pytest.mark.parametrize("text", ["", " ", "\u3000"])
def test_an_empty_cell_says_nothing(text):
    assert answer(text) is Answer.NOTHING


@pytest.mark.parametrize("refusal", ["不同意", "拒绝", "未签", "refused", "not signed", "no consent"])
@pytest.mark.parametrize("around", ["2026-11-01 {}", "{}（本人）", "本人{}。", "{}, 2026-11-01", " {} "])
def test_a_refusal_with_a_date_or_a_name_is_a_refusal(refusal, around):
    assert answer(around.format(refusal)) is Answer.NO
