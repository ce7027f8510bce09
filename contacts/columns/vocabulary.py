"""The words that people write into spreadsheets for flags, roles, languages and wishes, in Chinese and English."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from contacts.models import Flag, PhoneState, Role, Wants
from core.errors import UserError
from core.i18n import InWords, Language
from core.timbre import Timbre

Word = TypeVar("Word", bound=StrEnum)

FLAGS: Mapping[Flag, Sequence[str]] = {
    Flag.LIVES_ALONE: (
        "独居", "独自居住", "一个人住", "单独居住", "lives alone", "living alone", "live alone", "alone",
    ),
    Flag.EMPTY_NEST: ("空巢", "empty nest", "empty nester"),
    Flag.AGED_80: (
        "80岁以上", "高龄", "80以上", "80周岁以上", "80岁及以上", "八十岁以上", "八十以上", "八旬", "80岁", "80岁+",
        "aged 80+", "80+", "over 80", "aged 80 and over", "aged over 80",
    ),
    Flag.AGED_90: (
        "90岁以上", "90以上", "90周岁以上", "90岁及以上", "九十岁以上", "九十以上", "九旬", "90岁", "90岁+",
        "aged 90+", "90+", "over 90", "aged 90 and over", "aged over 90",
    ),
    Flag.DISABLED: ("残疾", "残障", "失能", "disabled", "disability"),
    Flag.CHRONIC_ILLNESS: ("慢性病", "慢病", "慢性疾病", "chronic illness", "chronically ill", "chronic disease"),
    Flag.HARD_OF_HEARING: (
        "听力不好", "听力差", "听力障碍", "听不清", "耳背", "耳聋", "重听", "hard of hearing", "hearing impaired",
    ),
    Flag.NEWLY_DISCHARGED: ("新出院", "刚出院", "newly discharged", "just discharged"),
    Flag.CANNOT_PRESS_KEYS: ("不会按键", "不能按键", "cannot press keys", "can't press keys"),
}  # fmt: skip
"""Each may be followed by 老人 and the like (see ``_OF_PEOPLE``)."""
ROLES: Mapping[Role, Sequence[str]] = {
    Role.VOLUNTEER: ("志愿者", "义工", "党员志愿者", "志愿服务者", "volunteer"),
    Role.BUILDING_HEAD: ("楼栋长", "楼长", "栋长", "楼门长", "单元长", "building head"),
    Role.GRID_WORKER: ("网格员", "网格长", "社区网格员", "grid worker"),
    Role.OFFICE: (
        "社区办公室",
        "办公室",
        "居委会",
        "社区居委会",
        "社区",
        "社工",
        "社会工作者",
        "社区工作者",
        "书记",
        "社区书记",
        "支部书记",
        "主任",
        "社区主任",
        "office",
        "community office",
    ),
    Role.NURSE: ("护士", "社区护士", "nurse"),
    Role.POLICE_LIAISON: ("社区民警", "民警", "片警", "police liaison", "police"),
}
WANTS: Mapping[Wants, Sequence[str]] = {
    Wants.EVERYTHING: ("全部", "每次", "每天", "都通知", "everything", "all", "every result"),
    Wants.PROBLEMS: ("有问题时", "有问题", "异常", "仅异常", "异常时", "只有问题时", "problems", "only problems"),
    Wants.DAILY: ("每日汇总", "每天汇总", "每日小结", "每天一条", "日报", "daily", "daily digest", "once a day"),
    Wants.WEEKLY: ("每周汇总", "每周小结", "每周一条", "周报", "每周", "weekly", "weekly digest", "once a week"),
    Wants.NOTHING: ("不通知", "不需要", "不用", "nothing", "none"),
}
PHONE_STATES: Mapping[PhoneState, Sequence[str]] = {
    PhoneState.GOOD: ("正常", "可用", "好", "能打通", "good", "ok", "works"),
    PhoneState.WRONG: ("号码错误", "错号", "错误", "打错", "空号", "不是本人", "wrong", "wrong number"),
    PhoneState.OUT_OF_SERVICE: ("停机", "停用", "欠费停机", "故障", "坏了", "out of service", "cut off", "broken"),
}
LANGUAGES: Mapping[Language, Sequence[str]] = {
    Language.CHINESE: ("普通话", "中文", "汉语", "国语", "zh-CN", "zh", "Mandarin", "Chinese"),
    Language.ENGLISH: ("英语", "英文", "en", "en-US", "en-GB", "English"),
}
VOICES: Mapping[Timbre, Sequence[str]] = {
    Timbre.USUAL: ("普通", "默认", "usual", "default"),
    Timbre.FEMALE: ("女声", "女", "female", "woman"),
    Timbre.MALE: ("男声", "男", "male", "man"),
}
_SEPARATORS = re.compile("[;；、,，\n]")
_OF_PEOPLE = re.compile(
    r"(?:的)?(?:老人|老年人|长者|老年|家庭|户|患者|病人|人士|人群|人员|人|者)$| (?:people|persons?|elders?|residents?)$"
)


def meaning(words: Mapping[Word, Sequence[str]], text: str) -> Word | None:
    """What ``text`` means, in any of its spellings; None for an unknown word."""
    return _spellings(words).get(_plain(text))


def chinese(words: Mapping[Word, Sequence[str]], key: str) -> str:
    """The Chinese word that is written into spreadsheets; a community's own word stays as it is."""
    return next((known[0] for each, known in words.items() if each == key), key)


def english(key: str) -> str:
    """The English word for people; a community's own word stays as it is."""
    return key.replace("_", " ")


def known_words(words: Mapping[Word, Sequence[str]]) -> Sequence[InWords]:
    """The words that may be written, for people: each with its partner in the other language."""
    return [_said(words, key) for key in words]


def separated(text: str) -> Sequence[str]:
    """The words of a list, by whichever of ``;``, ``；``, ``、``, ``,`` and ``，`` they are separated."""
    parts = (" ".join(part.split()) for part in _SEPARATORS.split(text))
    return [part for part in parts if part]


@lru_cache(maxsize=4096)
def flag(text: str) -> Flag | None:
    """The flag that a word means: ``独居``, ``独居老人``, ``lives_alone``; None for a community's own."""
    written = _plain(text)
    return meaning(FLAGS, written) or meaning(FLAGS, _OF_PEOPLE.sub("", written))


def flags(text: str) -> frozenset[str]:
    """The flags in a cell; a community's own words are kept as they are."""
    return frozenset(flag(part) or part for part in separated(text))


def nearest_flags(text: str, own: Iterable[str] = ()) -> Sequence[InWords]:
    """The flags that are written most like ``text``, for people: at most three, of the vocabulary and of ``own``."""
    spelt = {_plain(each): InWords(each, each) for each in own if flag(each) is None}
    spelt |= {spelling: _said(FLAGS, key) for spelling, key in _spellings(FLAGS).items()}
    like = difflib.get_close_matches(_plain(text), spelt, n=6, cutoff=0.4)
    return list(dict.fromkeys(spelt[each] for each in like))[:3]


def chosen_flags(written: Sequence[str], own: Collection[str], usual: Collection[str] = ()) -> Sequence[str]:
    """The flags by which people are chosen, each once; ``own`` are those that somebody carries, ``usual`` several.

    Raises ``UserError`` for a word that is not of the vocabulary, and that nobody carries. It offers none that only one
    resident carries, which may be a slip of the pen itself.
    """
    carried = {_plain(each): each for each in own}
    chosen = []
    for part in written:
        found = flag(part) or carried.get(_plain(part))
        if found is None:
            raise UserError(
                "Nobody carries the flag “{value}”, and it is not of the vocabulary.",
                way_out="Write one of: {known}.",
                field="flags",
                value=part,
                known=nearest_flags(part, usual) or known_words(FLAGS),
            )
        chosen.append(str(found))
    return list(dict.fromkeys(chosen))


def flags_written(flags: Sequence[str]) -> str:
    """The flags as a cell."""
    return "、".join(sorted(chinese(FLAGS, flag) for flag in flags))


def _spellings(words: Mapping[Word, Sequence[str]]) -> dict[str, Word]:
    """Each spelling as ``_plain`` has it, with what it means."""
    return {_plain(spelling): key for key, known in words.items() for spelling in (str(key), *known)}


def _said(words: Mapping[Word, Sequence[str]], key: Word) -> InWords:
    chinese_word, english_word = words[key][0], english(key)
    return InWords(f"{chinese_word} ({english_word})", f"{english_word} ({chinese_word})")


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", text)).strip(" .。").casefold()
