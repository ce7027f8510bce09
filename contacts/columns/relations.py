"""Relations: the words for who somebody is to a resident, in headers of columns and beside telephone numbers."""

import re
import unicodedata
from dataclasses import dataclass

from contacts.columns.fields import Field

_CLOSE = (
    "儿子|女儿|子女|儿女|孩子|长子|次子|三子|独子|长女|次女|三女|独女|[大二三小]儿子|[大二三小]女儿|[大二三]?女婿|儿媳妇?|媳妇"
    "|孙子|孙女|外孙女?|重孙|老伴|配偶|爱人|丈夫|妻子|老公|老婆|父亲|母亲|哥哥?|弟弟?|姐姐?|妹妹?|兄弟|姐妹|侄子|侄女|侄儿|外甥女?|亲戚"
)
_CLOSE_ENGLISH = (
    "son|daughter|child|children|wife|husband|spouse|partner|son-in-law|daughter-in-law|grandson|granddaughter|brother"
    "|sister|nephew|niece"
)
_OTHERS = "邻居|保姆|护工|朋友|监护人|紧急联系人|家属|亲属|房东|neighbour|neighbor|carer|friend"
_RELATION = re.compile(rf"{_CLOSE}|{_CLOSE_ENGLISH}|{_OTHERS}")
_HEADER = re.compile(
    rf"(?P<word>{_CLOSE}|{_CLOSE_ENGLISH})(?:的|'s|’s)?(?:(?P<name>姓名|名字|name)"
    r"|(?:联系)?(?:电话|手机|号码|座机|方式|phone|telephone|mobile)(?:号码?|number)?)(?P<number>[1-9])?"
)
_OWN = re.compile(
    r"(?:本人|自己|老人|家里?|家中|住宅|座机|固话|宅电|手机|移动|微信|白天|晚上|夜间|常用|主|备用|own|home|mobile|landline|cell)"
    r"(?:的?(?:电话|手机|座机|号码?|用))?"
)


@dataclass(frozen=True)
class HeadedRelation:
    """A column of one kind of relative: who that is (``女儿``), which of several, and what the column tells."""

    word: str
    number: str
    field: Field


def headed(header: str) -> HeadedRelation | None:
    """``女儿电话`` and ``daughter's phone``; None for a header that names no kind of relative."""
    found = _HEADER.fullmatch(_plain(header))
    if not found:
        return None
    field = Field.RELATIVE_NAME if found["name"] else Field.RELATIVE_PHONE
    return HeadedRelation(found["word"], found["number"] or "", field)


def relation(word: str) -> str | None:
    """The word where it says who somebody is to a resident."""
    plain = _plain(word)
    return plain if _RELATION.fullmatch(plain) else None


def is_own(word: str) -> bool:
    """Whether a word beside a number says no more than that it is the person's own: ``本人``, ``座机``, ``白天``."""
    return bool(_OWN.fullmatch(_plain(word)))


def _plain(text: str) -> str:
    return re.sub(r"\(.*?\)|[\s_*:]", "", unicodedata.normalize("NFKC", text).casefold())
