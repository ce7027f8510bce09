"""What the end of a call means: one table from SIP statuses and Q.850 causes, in ``outcomes.toml``."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("outcomes.toml")
_STATUS = re.compile(r"(?P<status>[3-6][0-9]{2})\b")
_CAUSE = re.compile(r"Q\.850\s*;[^,]*?\bcause\s*=\s*(?P<cause>[0-9]{1,3})\b", re.IGNORECASE)


class Outcome(StrEnum):
    """How a call ended. ``UNKNOWN``: this process died meanwhile, and nobody can say."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no answer"
    DECLINED = "declined"
    NOT_IN_SERVICE = "not in service"
    NETWORK = "network"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


def outcome_of(reason: str, *, rung: bool) -> Outcome:
    """What the engine's ``reason`` for the end of a call that nobody answered means.

    ``486 Busy Here,Q.850;cause=17`` is one; ``Connection timed out [110]`` has neither status nor cause and is trouble
    of the network. ``rung``: ringing, or sound before an answer, was reported.
    """
    table = _table()
    status, cause = _STATUS.match(reason), _CAUSE.search(reason)
    if cause and (meant := _by_cause(table["cause"], cause["cause"], rung)):
        return Outcome(meant)
    if status is None:
        return Outcome.NETWORK
    if rung and (meant := table["rung"].get(status["status"])):
        return Outcome(meant)
    return Outcome(table["status"].get(status["status"], Outcome.NETWORK))


def _by_cause(causes: Mapping[str, Any], cause: str, rung: bool) -> str | None:
    unless_rung: Mapping[str, str] = causes["unless_rung"]
    if not rung and cause in unless_rung:
        return unless_rung[cause]
    meant: str | None = causes.get(cause)
    return meant


def code_of(reason: str) -> int | None:
    """The number that counts in this reason: the Q.850 cause (below 128) that the table knows, or the SIP status."""
    status, cause = _STATUS.match(reason), _CAUSE.search(reason)
    if cause and cause["cause"] in _table()["cause"]:
        return int(cause["cause"])
    return int(status["status"]) if status else None


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))
