"""What a cell about consent says: yes, no, or something that a person must ask about.

Only an explicit yes is a consent, as only an explicit key is "well".
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What somebody has written about consent."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ConsentCell:
    """What is written about consent, and what it says."""

    words: str
    answer: Answer


_WHOLE_YES = frozenset(["是", "好", "行", "有", "对", "已", "可", "可以", "1", "y", "t", "ok", "okay"])
_WHOLE_NO = frozenset(["否", "不", "无", "未", "没", "没有", "暂无", "0", "n", "f", "no", "none", "nil", "false"])
_ERROR = re.compile(r"#[a-z/0]+[!?]?")
"""What spreadsheet programs write where a formula has failed: ``#N/A``, ``#REF!``."""
# Latin words may stand between Chinese characters (本人refused), so their ends are those of ASCII: (?a).
_NO_OBJECTION = re.compile(r"(?a)(?:无|没有?)(?:异议|意见)|不反对|\bno objections?\b|\b(?:does|do|did) not object\b")
_NUMBERED = re.compile(r"(?a)\bno\.? ?\d+|№ ?\d+|#\d+")
"""The number of a form is not a "no"."""
_DATE = re.compile(
    r"(?a)(?:19|20)\d{2}[-./年]\d{1,2}|\b(?:19|20)\d{6}\b|\d{1,2}月\d{1,2}|\b\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d{2}\b"
)
_UNCLEAR = re.compile(
    r"(?a)待|等|未知|不详|不清|不明|不知|不确定|说不|联系不上|考虑|商量|再说|再问|询问|犹豫|可能|也许|大概|好像|过期|失效|\?"
    r"|\b(?:pending|unknown|unclear|unsure|maybe|perhaps|later|tbd|tbc|to be|wait\w*|ask\w*|n/?a|expired|yet"
    r"|will (?:sign|agree|be))\b"
)
_REFUSES = re.compile(
    r"(?a)(?:不太?(?:愿意?|想|要|肯|能|许|准|让|用|需要?|必|可以?|给|接受|再|参加|打|接)|拒绝?|谢绝)(?:同意|签字?|授权|接受)?"
    r"|(?:不|未|没有?|无|缺)[^,;。]{0,4}?(?:同意|签|授权|答应)|反对|撤回|撤销|退出|退订|取消|作废|终止|[别勿]打|[✗✘☒×✕✖]"
    r"|\b(?:refus\w*|declin\w*|not|no|never|without|stop|disagree\w*|withdr[ae]w\w*|revok\w*|object(?:s|ed)?|unsigned"
    r"|opt(?:s|ed)?[ -]?out|false|(?:does|do|did|wo)n't)\b(?:(?: \w+){0,3}? (?:sign|agree|consent|accept|g[ia]ve)\w*)?"
)
_NEGATIVE = re.compile("[不没未无缺否非]")
_AGREES = re.compile(
    r"(?a)同意|签|授权|愿意|承诺|[✓✔☑√]|\b(?:yes|true|agree|consent|sign|accept|approv|granted|given)\w*"
)
_HOW = re.compile(
    r"(?a)书面|口头|当面|电话|微信|短信|上门|登记|\b(?:written|writing|oral|verbal|paper|form|letter|phone)\w*"
)


def answer(text: str) -> Answer:
    """What a cell says; "signed form 2026-11-01", ``是`` and a date are a yes, ``未签`` and ``FALSE`` a no.

    A yes beside a no, a word that says neither, and the error of a formula are unclear.
    """
    written = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    whole = written.strip(" .!。()")
    if not written:
        return Answer.NOTHING
    if whole in _WHOLE_NO or whole in _WHOLE_YES:
        return Answer.NO if whole in _WHOLE_NO else Answer.YES
    if _ERROR.fullmatch(written) or _UNCLEAR.search(written):
        return Answer.UNCLEAR
    return _weighed(_NUMBERED.sub(" ", written))


def _weighed(written: str) -> Answer:
    """Of several words: refusals are read with what they refuse, so that only a yes of its own is left over."""
    left = _NO_OBJECTION.sub("同意", written)
    refusing = bool(_REFUSES.search(left))
    left = _REFUSES.sub(" ", left)
    agreeing = bool(_AGREES.search(left))
    if refusing:
        return Answer.UNCLEAR if agreeing else Answer.NO
    if _NEGATIVE.search(left) or not (agreeing or _HOW.search(left) or _DATE.search(left)):
        return Answer.UNCLEAR
    return Answer.YES
