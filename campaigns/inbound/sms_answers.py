"""What a text that comes in says, and whose word it is. Plain values only; in doubt a person reads it."""

import re

from campaigns.models import Outcome
from escalation.models import Writer
from ivr.dialogue.opt_out_words import tidy

ANSWERS = {"1": Outcome.OK, "2": Outcome.NEEDS_SUPPLIES, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}
"""The keys of the telephone."""
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FULL_STOPS = "。．."
_THANKS = frozenset({
    "谢谢", "谢谢你", "谢谢您", "谢谢你们", "多谢", "感谢", "好", "好的", "好的谢谢", "好谢谢",
    "收到", "收到谢谢", "知道了",
    "ok", "okay", "thanks", "thank you", "thx", "got it",
})  # fmt: skip
_ACCEPTANCES = frozenset({"accept", "accepted", "接受", "接单", "我去", "去"})
_NO_MORE_CALLS = re.compile(
    r"(请|麻烦|拜托|你们|您们|以后)*(不要|别|不用|勿|停止)再?(给我|向我|跟我)?(打来|拨打|打扰|来电|致电|打)(电话|了|给我|我|啦|吧|谢谢)*"
)
_NO_MORE_CALLS_ENGLISH = re.compile(
    r"(please )?(stop call(s|ing|ing me)|no( more)? calls|(do not|dont) call( me)?( any ?more| again)?)( please)?"
)


def said(body: str) -> Outcome | None:
    """The answer that a text is: one of the keys alone, also full width or with a full stop. No word is an answer."""
    written = body.strip().strip(_INVISIBLE).strip().translate(_WIDE_DIGITS)
    key = written[:1]
    return ANSWERS.get(key) if written[1:].strip() in {"", *_FULL_STOPS} else None


def wants_no_calls(body: str) -> bool:
    """Whether the *whole* text says "do not call me": the same words inside a longer one may mean anything."""
    plain = tidy(body)
    return bool(_NO_MORE_CALLS.fullmatch(plain.replace(" ", "")) or _NO_MORE_CALLS_ENGLISH.fullmatch(plain))


def is_thanks(body: str) -> bool:
    """Whether a text only acknowledges what it answers, so that nobody has to read it today."""
    return tidy(body).replace(" ", "") in {each.replace(" ", "") for each in _THANKS}


def looks_like_acceptance(body: str) -> bool:
    """Whether a responder who writes this may believe to have accepted something."""
    return said(body) is not None or tidy(body) in _ACCEPTANCES


def writer_of(residents: int, relatives: int, *, is_responder: bool) -> Writer:
    """Whose word a text from a number is that so many people have.

    It is a resident's own only when nobody else has the number, in whatever role: a daughter's telephone that is
    written down as her mother's second one makes nobody well.
    """
    if residents:
        return Writer.RESIDENT if residents == 1 and not relatives and not is_responder else Writer.SHARED
    if relatives:
        return Writer.RELATIVE
    return Writer.RESPONDER if is_responder else Writer.UNKNOWN
