"""The words that people write into spreadsheets for flags, roles, languages and wishes, in Chinese and English."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from contacts.models import Flag, Role, Wants
from core.i18n import Language
from core.timbre import Timbre

Word = TypeVar("Word", bound=StrEnum)

FLAGS: Mapping[Flag, Sequence[str]] = {
    Flag.LIVES_ALONE: ("独居", "lives alone", "living alone", "alone"),
    Flag.EMPTY_NEST: ("空巢", "empty nest"),
    Flag.AGED_80: ("80岁以上", "高龄", "80以上", "八十岁以上", "aged 80+", "80+", "over 80"),
    Flag.AGED_90: ("90岁以上", "90以上", "九十岁以上", "aged 90+", "90+", "over 90"),
    Flag.DISABLED: ("残疾", "disabled", "disability"),
    Flag.CHRONIC_ILLNESS: ("慢性病", "慢病", "chronic illness", "chronically ill"),
    Flag.HARD_OF_HEARING: ("听力不好", "听力差", "耳背", "hard of hearing"),
    Flag.NEWLY_DISCHARGED: ("新出院", "刚出院", "newly discharged"),
    Flag.CANNOT_PRESS_KEYS: ("不会按键", "cannot press keys"),
}
ROLES: Mapping[Role, Sequence[str]] = {
    Role.VOLUNTEER: ("志愿者", "volunteer"),
    Role.BUILDING_HEAD: ("楼栋长", "楼长", "building head"),
    Role.GRID_WORKER: ("网格员", "grid worker"),
    Role.OFFICE: ("社区办公室", "办公室", "居委会", "office"),
    Role.NURSE: ("护士", "社区护士", "nurse"),
    Role.POLICE_LIAISON: ("社区民警", "民警", "police liaison"),
}
WANTS: Mapping[Wants, Sequence[str]] = {
    Wants.EVERYTHING: ("全部", "每次", "everything", "all"),
    Wants.PROBLEMS: ("有问题时", "异常", "仅异常", "problems"),
    Wants.NOTHING: ("不通知", "不需要", "nothing", "none"),
}
LANGUAGES: Mapping[Language, Sequence[str]] = {
    Language.CHINESE: ("普通话", "中文", "汉语", "国语", "zh-CN", "zh", "Mandarin", "Chinese"),
    Language.ENGLISH: ("英语", "英文", "en", "en-US", "en-GB", "English"),
}
VOICES: Mapping[Timbre, Sequence[str]] = {
    Timbre.USUAL: ("普通", "usual"),
    Timbre.FEMALE: ("女声", "female"),
    Timbre.MALE: ("男声", "male"),
}
_SEPARATORS = re.compile("[;；、,，]")


def meaning(words: Mapping[Word, Sequence[str]], text: str) -> Word | None:
    """What ``text`` means, in any of its spellings; None for an unknown word."""
    written = _plain(text)
    return next((key for key, known in words.items() if written in {_plain(key), *map(_plain, known)}), None)


def chinese(words: Mapping[Word, Sequence[str]], key: str) -> str:
    """The Chinese word that is written into spreadsheets; a community's own word stays as it is."""
    return next((known[0] for each, known in words.items() if each == key), key)


def known_words(words: Mapping[Word, Sequence[str]]) -> str:
    """The words that may be written, for people: the Chinese one and its English partner."""
    return "、".join(f"{known[0]} ({key.replace('_', ' ')})" for key, known in words.items())


def flags(text: str) -> frozenset[str]:
    """The flags in a cell; a community's own words are kept as they are."""
    parts = (" ".join(part.split()) for part in _SEPARATORS.split(text))
    return frozenset(meaning(FLAGS, part) or part for part in parts if part)


def flags_written(flags: Sequence[str]) -> str:
    """The flags as a cell."""
    return "、".join(sorted(chinese(FLAGS, flag) for flag in flags))


def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
