"""The words that people write for what is spoken and for what somebody can do, in Chinese and English."""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from contacts.abilities import Skill, Spoken, speaks
from contacts.columns import vocabulary
from contacts.columns.fields import Field
from core.errors import UserError

Word = TypeVar("Word", bound=StrEnum)

SPOKEN: Mapping[Spoken, Sequence[str]] = {
    Spoken.MANDARIN: ("普通话", "国语", "中文", "汉语", "Mandarin", "Chinese"),
    Spoken.LOCAL_DIALECT: ("本地话", "本地方言", "方言", "当地话", "local dialect", "dialect"),
    Spoken.CANTONESE: ("粤语", "广东话", "白话", "广州话", "Cantonese"),
    Spoken.WU: ("吴语", "上海话", "苏州话", "宁波话", "Wu", "Shanghainese"),
    Spoken.MIN_NAN: ("闽南语", "闽南话", "潮汕话", "台语", "Min Nan", "Hokkien"),
    Spoken.HAKKA: ("客家话", "客家语", "Hakka"),
    Spoken.JIN: ("晋语", "山西话", "Jin"),
    Spoken.XIANG: ("湘语", "湖南话", "长沙话", "Xiang"),
    Spoken.GAN: ("赣语", "江西话", "南昌话", "Gan"),
    Spoken.SICHUANESE: ("四川话", "重庆话", "Sichuanese"),
    Spoken.MONGOLIAN: ("蒙古语", "蒙语", "Mongolian"),
    Spoken.TIBETAN: ("藏语", "Tibetan"),
    Spoken.UYGHUR: ("维吾尔语", "维语", "Uyghur"),
    Spoken.KOREAN: ("朝鲜语", "韩语", "Korean"),
    Spoken.ENGLISH: ("英语", "英文", "English"),
}
SKILLS: Mapping[Skill, Sequence[str]] = {
    Skill.FIRST_AID: ("急救", "心肺复苏", "first aid", "CPR"),
    Skill.NURSING: ("护理", "照护", "护士", "nursing", "nurse", "care"),
    Skill.SHOPPING: ("代购", "买菜", "购物", "送货", "跑腿", "shopping", "errands"),
    Skill.LIFTING: ("搬重物", "搬东西", "搬运", "力气活", "lifting", "carrying", "heavy lifting"),
    Skill.REPAIRS: ("维修", "修理", "水电", "水电维修", "repairs", "repair", "handy"),
    Skill.DRIVING: ("开车", "驾车", "有车", "司机", "driving", "drives", "car"),
    Skill.COMPANY: ("陪伴", "聊天", "陪聊", "谈心", "company", "talks", "talking"),
    Skill.COUNSELLING: ("心理疏导", "心理咨询", "counselling", "counseling"),
    Skill.DEVICES: ("手机电脑", "修手机", "教手机", "devices", "phones and computers"),
}
_ONLY = re.compile(r"^(?:只|仅|只能|平时)?(?:会?[说讲]|会)|^(?:only )?speaks (?:only )?|^only | only$", re.IGNORECASE)


def spoken(text: str) -> tuple[str, ...]:
    """The languages in a cell, each once; none where it is empty. Raises ``UserError`` for a word that is none."""
    return _words(SPOKEN, text, Field.LANGUAGES)


def skills(text: str) -> tuple[str, ...]:
    """What somebody can do, as ``spoken``."""
    return _words(SKILLS, text, Field.SKILLS)


def resident_speaks(language: str, flags: Collection[str]) -> frozenset[Spoken]:
    """What a resident speaks: what their flags name (粤语, 只说上海话), else the language in which they are rung."""
    named = (vocabulary.meaning(SPOKEN, _ONLY.sub("", flag.strip())) for flag in flags)
    return frozenset(each for each in named if each) or speaks(language, ())


def _words(words: Mapping[Word, Sequence[str]], text: str, field: Field) -> tuple[str, ...]:
    found: list[Word] = []
    for part in vocabulary.separated(text):
        known = vocabulary.meaning(words, part)
        if known is None:
            raise UserError("Nobody knows the word “{value}” here.", way_out="Write one of: {known}.", field=field,
                            value=part, known=vocabulary.known_words(words))  # fmt: skip
        found.append(known)
    return tuple(str(each) for each in words if each in found)
