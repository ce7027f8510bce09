"""The people who are named in the prompts that are measured: as many different ones as wanted, drawn from a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from audio.reading.syllables.names import named
from audio.reading.syllables.pinyin import pinyin
from core.i18n import Language

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤"
)
"""The commonest hundred in China, about."""

GIVEN: Final = (
    "秀兰", "桂英", "玉珍", "淑华", "凤英", "建国", "德福", "国强", "振华", "长海", "玉梅", "文彬", "素芳", "志远",
    "春生", "保国", "丽娟", "海燕", "永康", "瑞祥", "红霞", "金凤", "立新", "惠敏",
)  # fmt: skip
FORMS: Final = (("奶奶", "Grandma"), ("爷爷", "Grandpa"), ("阿姨", "Auntie"), ("叔叔", "Uncle"), ("老师", "Teacher"),
                ("女士", "Mrs"), ("先生", "Mr"))  # fmt: skip
"""How somebody is addressed, in Mandarin and in English."""


@dataclass(frozen=True)
class Person:
    """A surname, a given name, and the number of the form of address."""

    surname: str
    given: str
    form: int

    def called(self, language: Language) -> str:
        """As they are addressed: 王奶奶, Mrs Wang."""
        chinese, english = FORMS[self.form]
        return f"{self.surname}{chinese}" if language is Language.CHINESE else f"{english} {self._latin(self.surname)}"

    def name(self, language: Language) -> str:
        """The full name: 王秀兰, Wang Xiulan."""
        if language is Language.CHINESE:
            return self.surname + self.given
        return f"{self._latin(self.surname)} {self._latin(self.given)}"

    def _latin(self, part: str) -> str:
        whole = self.surname + self.given
        syllables = [each[:-1] for word in pinyin(whole, [named(whole, "")]) for each in word.syllables]
        ours = syllables[: len(self.surname)] if part == self.surname else syllables[len(self.surname) :]
        return "".join(ours).replace("v", "u").capitalize()


def people(count: int, seed: int) -> Sequence[Person]:
    """So many people of whom no two are addressed alike, in either language. Raises ``ValueError`` for too many."""
    drawn = random.Random(seed)
    pairs = list(product(SURNAMES, range(len(FORMS))))
    drawn.shuffle(pairs)
    found: dict[str, Person] = {}
    for surname, form in pairs:
        person = Person(surname, drawn.choice(GIVEN), form)
        found.setdefault(person.called(Language.ENGLISH), person)
        if len(found) == count:
            return tuple(found.values())
    raise ValueError(f"there are {len(found)} different names, not {count}")
