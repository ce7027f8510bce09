"""Surnames in running text, where no name is known: what stands around a character tells it from the word it may be."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from audio.reading.characters import HAN
from audio.reading.syllables.tables import given_names, surnames

FORMS_OF_ADDRESS: Final = (
    "奶奶|爷爷|婆婆|外婆|外公|阿姨|叔叔|伯伯|伯母|大爷|大妈|大娘|大叔|大婶|大姐|大哥|大嫂|老师|先生|女士|医生|大夫|主任|书记|"
    "师傅|老太太|老先生|同志|婶婶|姑姑|姥姥|姥爷|嫂子|太太|小姐|护士|警官|站长|院长|教授|老"
)
_TOLD: Final = "(?<=转告|告诉|通知|联系|您好)"
_BEGINS: Final = (
    rf"(?:(?<![{HAN}])|(?<=[让是给叫请和跟到的])|{_TOLD}|(?<=(?<![{HAN}])[老小])|(?<=[让请给叫跟和][老小]))"
)
"""Not within a word: 社区医生, 主任医生."""
_NAMES_A_PERSON: Final = rf"(?:(?<![{HAN}])|(?<=[让是给叫请和跟找问])|{_TOLD})"
"""Where a full name may begin."""
_CLAUSE: Final = rf"(?<![{HAN}\w])"
_ASKED: Final = "(?:(?<=请[让叫找给])|(?<=请转告|请告诉|请通知|请联系)|(?<=您好))"
"""After these stands who is meant; without 请 they take a 过: 我让过奶奶先走."""
_ENDS: Final = rf"(?![{HAN}\w])"
_GOES_ON: Final = f"(?=(?:{FORMS_OF_ADDRESS})|[的在是来听接和跟说已没请不有今明也住家]|{_ENDS})"
"""What follows a full name."""
_GREETED: Final = f"(?:{_ENDS}|(?=您好))"
_OF_A_DISTRICT: Final = "主任|书记|站长|院长|教授"


def surnames_in(text: str, alone: Sequence[bool]) -> Iterator[tuple[int, Sequence[str]]]:
    """Where in running text a surname stands: before a form of address, after 老 or 小, in a full name; its syllables.

    ``alone`` says of each character whether it is a word of its own: 小任 is somebody, 小任务 is not.
    """
    for match in _addressed().finditer(text):
        yield match.start(), surnames()[match[0]].syllables
    for pattern in _alone():
        for match in pattern.finditer(text):
            if _stands_alone(match, alone):
                yield match.start(), surnames()[match[0]].syllables


def _stands_alone(match: re.Match[str], alone: Sequence[bool]) -> bool:
    """Whether neither the surname nor the 老 before it nor the given name after it is (part of) another word."""
    start, given = match.start(), match.groupdict().get("given") or ""
    if given and given not in given_names() and not alone[match.end()]:
        return False
    called = start > 0 and match.string[start - 1] in "老小"
    return len(match[0]) > 1 or (alone[start] and (not called or alone[start - 1]))


@cache
def _addressed() -> re.Pattern[str]:
    """What is no word: before any form of address. 区主任 and the like are of a district."""
    return re.compile(rf"{_BEGINS}(?!区(?:{_OF_A_DISTRICT}))(?:{_either(is_a_word=False)})(?=(?:{FORMS_OF_ADDRESS}))")


@cache
def _alone() -> Sequence[re.Pattern[str]]:
    """Where nothing but a surname can stand, if its character is no part of a word."""
    forms = "|".join(each for each in FORMS_OF_ADDRESS.split("|") if not each.startswith("老") or each == "老师")
    plain, words = _either(is_a_word=False), _either(is_a_word=True)
    character = f"[{''.join(each for each in sorted(given_names()) if len(each) == 1)}]"
    given = f"(?P<given>{character}{{2}}|{'|'.join(each for each in sorted(given_names()) if len(each) > 1)})"
    patterns = (
        rf"(?<=[老小])(?:{plain})",
        rf"{_NAMES_A_PERSON}(?:{plain})(?={given}{_GOES_ON})",
        rf"{_CLAUSE}(?:{plain})(?={character}{_ENDS})",
        rf"{_CLAUSE}(?:{words})(?=(?:(?:{forms})|{given}(?:{forms})?){_GREETED})",
        rf"(?<=(?<![{HAN}\w])[老小])(?:{words}){_ENDS}",
        rf"{_ASKED}(?:{words})(?=(?:{forms})|{given}{_GOES_ON})",
    )
    return [re.compile(each) for each in patterns]


def _either(*, is_a_word: bool) -> str:
    """The surnames that are common words as well, or those that are not; the longest first."""
    wanted = [each for each, said in surnames().items() if said.is_a_word is is_a_word and not said.only_in_names]
    return "|".join(sorted(wanted, key=len, reverse=True))
