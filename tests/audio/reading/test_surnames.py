"""Surnames in texts in which no name is known: told by what stands around them, and only there."""

import pytest

from audio.reading.syllables.pinyin import pinyin

SURNAMES = {
    each[0]: each[1:]
    for each in map(
        str.split,
        """
        贾 jia3|傅 fu4|伍 wu3|戚 qi1|涂 tu2|巴 ba1|卜 bu3|燕 yan1|过 guo1|都 du1|哈 ha3|薄 bo2|阙 que1|单 shan4|任 ren2
        仇 qiu2|解 xie4|曾 zeng1|区 ou1|查 zha1|朴 piao2|缪 miao4|尉迟 yu4 chi2|万俟 mo4 qi2|澹台 tan2 tai2
        乐正 yue4 zheng4|召 shao4|华 hua4|翟 zhai2|葛 ge3|於 yu1|肖 xiao1|石 shi2|柏 bai3|盛 sheng4|莘 shen1|尉 wei4
        令狐 ling2 hu2|那 na1
        """.strip()
        .replace("\n", "|")
        .split("|"),
    )
}
OTHER_WORDS = ("老区", "小区", "小解", "小过")
"""Nobody can tell these from the words that they are."""
WHERE = (
    "{}奶奶",
    "{}国强",
    "{}医生",
    "{}建国，早上好",
    "请让{}奶奶来听电话。",
    "请转告{}老师，明天不用来",
    "请联系{}志明。",
    "老{}",
    "小{}，您好",
)
ORDINARY = [
    ("我给过老师一份。", "过", "guo4"),
    ("我让过奶奶先坐。", "过", "guo4"),
    ("他老过敏。", "过", "guo4"),
    ("过长江。", "过", "guo4"),
    ("过新春。", "过", "guo4"),
    ("查医生电话。", "查", "cha2"),
    ("查安全。", "查", "cha2"),
    ("那老师什么时候来？", "那", "na4"),
    ("那医生说明天再来。", "那", "na4"),
    ("那老太太", "那", "na4"),
    ("那天下雨。", "那", "na4"),
    ("那老先生", "那", "na4"),
    ("都老了。", "都", "dou1"),
    ("都平安。", "都", "dou1"),
    ("单位国庆放假。", "单", "dan1"),
    ("单国庆一天就来了三百人。", "单", "dan1"),
    ("单双号", "单", "dan1"),
    ("单身老人", "单", "dan1"),
    ("这是老单位。", "单", "dan1"),
    ("解放军叔叔来了。", "解", "jie3"),
    ("解明天的题", "解", "jie3"),
    ("任务完成。", "任", "ren4"),
    ("任家长怎么说都行", "任", "ren4"),
    ("这是小任务。", "任", "ren4"),
    ("曾立功。", "曾", "ceng2"),
    ("曾经来过。", "曾", "ceng2"),
    ("区主任来看大家。", "区", "qu1"),
    ("请区书记讲话。", "区", "qu1"),
    ("洗花生。", "洗", "xi3"),
    ("种桂花。", "种", "zhong3"),
    ("折荷花。", "折", "zhe2"),
    ("华东医院", "华", "hua2"),
    ("薄膜", "薄", "bo2"),
    ("哈尔滨", "哈", "ha1"),
    ("还老师的书。", "还", "hai2"),
    ("要老师来。", "要", "yao4"),
    ("盖老师的章。", "盖", "gai4"),
]


def said(text: str) -> list[str]:
    return [each for word in pinyin(text) for each in word.syllables]


@pytest.mark.parametrize("where", WHERE)
def test_a_surname_is_heard_wherever_only_a_name_can_stand(where: str) -> None:
    told = [each for each in SURNAMES if not where.format(each).startswith(OTHER_WORDS)]
    at = where.index("{")
    heard = {each: said(where.format(each))[at : at + len(each)] for each in told}
    assert heard == {each: SURNAMES[each] for each in told}


@pytest.mark.parametrize(("text", "character", "syllable"), ORDINARY)
def test_the_same_characters_in_ordinary_sentences_are_words(text: str, character: str, syllable: str) -> None:
    assert said(text)[text.index(character)] == syllable
