"""Retries: how long nobody rings after each result, as a campaign keeps it and as it is typed."""

import re
from collections.abc import Mapping
from datetime import timedelta

from campaigns.models import Outcome
from core.errors import UserError

RETRY_MINUTES = (1, 240)
RETRIED = (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.HUNG_UP, Outcome.UNREACHABLE)
"""Results after which a resident is rung again, unless the plan says otherwise."""
OTHER_NUMBER = "other_number"
NEVER = frozenset({"never", "不再打"})
_WORDS = {
    OTHER_NUMBER: ("other-number", "second-number", "备用电话"),
    Outcome.BUSY.value: ("busy", "占线"),
    Outcome.NO_ANSWER.value: ("no-answer", "无人接听"),
    Outcome.VOICEMAIL.value: ("voicemail", "machine", "留言机"),
    Outcome.HUNG_UP.value: ("hung-up", "挂断"),
    Outcome.UNREACHABLE.value: ("unreachable", "无法接通"),
}
_MEANS = {word: result for result, words in _WORDS.items() for word in words}
_SEPARATORS = re.compile(r"[\s,;，；、]+")

Retries = Mapping[str, int | None]
"""Minutes by result (and ``other_number``); None: nobody is rung again after it."""


def usual(retry_minutes: int) -> Retries:
    """A line that is busy is free sooner than somebody is home who was not."""
    return {Outcome.BUSY.value: max(1, retry_minutes // 2)}


def read(text: str) -> Retries:
    """What was typed: ``busy=5,voicemail=never,other-number=2``; raises ``UserError``."""
    found: dict[str, int | None] = {}
    for part in (each for each in _SEPARATORS.split(text.strip()) if each):
        word, _, value = part.replace("＝", "=").partition("=")
        result = _MEANS.get(word.strip().lower().replace("_", "-"))
        is_minutes = value.isdecimal() and RETRY_MINUTES[0] <= int(value) <= RETRY_MINUTES[1]
        never = value.lower() in NEVER and result != OTHER_NUMBER
        if result is None or not (is_minutes or never):
            raise UserError(
                "It is not clear when to ring again: {value}.",
                way_out="Write busy=5,no-answer=15,voicemail=20,hung-up=never,other-number=2, each {least} to {most}.",
                field="retry", value=part, least=RETRY_MINUTES[0], most=RETRY_MINUTES[1],
            )  # fmt: skip
        found[result] = None if never else int(value)
    return found


def written(retries: Retries) -> str:
    """The same as it is typed."""
    return ",".join(
        f"{_WORDS[result][0]}={'never' if minutes is None else minutes}" for result, minutes in retries.items()
    )


def pauses(retries: Retries) -> dict[Outcome, timedelta | None]:
    """How long nobody rings after each result that has a pause of its own."""
    own = {Outcome(result): minutes for result, minutes in retries.items() if result != OTHER_NUMBER}
    return {result: None if minutes is None else timedelta(minutes=minutes) for result, minutes in own.items()}


def other_number(retries: Retries) -> timedelta | None:
    """How long nobody rings before another telephone of the same resident is tried; None: as before the same one."""
    minutes = retries.get(OTHER_NUMBER)
    return None if minutes is None else timedelta(minutes=minutes)


def longest(retry_minutes: int, retries: Retries) -> int:
    """The longest pause in minutes: with it, all attempts fit into a round."""
    return max([retry_minutes, *(minutes for minutes in retries.values() if minutes is not None)])
