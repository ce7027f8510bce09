"""Wishes about texts: the words by which people everywhere say that they want no more of them, or want them again.

A wish is the *whole* text, but for spaces, punctuation, case and polite words around it: in a longer text the same
words may mean anything, and a person reads those. The English words are those that Twilio and the carriers honour.
"""

import re
import unicodedata
from enum import StrEnum


class Wish(StrEnum):
    """What somebody wants of our texts from now on."""

    STOP = "stop"
    RESUME = "resume"


_STOP = frozenset({
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "opt out", "revoke", "t", "td",
    "退订", "退定", "tuiding", "停止", "取消", "停发", "拒收", "取消订阅",
})  # fmt: skip
_RESUME = frozenset({"start", "unstop", "resume", "恢复", "恢复短信", "重新订阅", "继续发", "继续"})
_NO_MORE_TEXTS = re.compile(
    r"(请|麻烦|拜托|你们|您们|以后)*(不要|别|不用|勿|请勿|停止)再?(给我|向我|跟我)?(发|发送|发来)(了|短信|信息|消息|给我|我|啦|吧|谢谢)*"
)


def read(body: str) -> Wish | None:
    """The wish that the text is, if it is one."""
    said = tidy(body)
    if said in _STOP or _NO_MORE_TEXTS.fullmatch(said.replace(" ", "")):
        return Wish.STOP
    return Wish.RESUME if said in _RESUME else None


def tidy(body: str) -> str:
    """A text in one spelling: narrow, lower case, single spaces, no punctuation around it."""
    plain = unicodedata.normalize("NFKC", body).casefold()
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]", "", plain)).strip()
