"""What happened on the line: the telephones' own log, read as the calls and keys that the judge knows.

The service and its trunk are believed in nothing but this: the trunk's journal says which calls connect two people, who
are rung for a person's wish and not by the plan, and which were ordered and have reached no telephone, because a trunk
died before its INVITE had got through: each counts as an attempt, as nobody can know that it rang nowhere.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from zaoan.rehearsal.wire import KeyReport, WireCall

HEARD_WITHIN = timedelta(seconds=7)
"""Words that begin so soon after a key are the answer to it."""
UNANSWERED = {486: "busy", 480: "no-answer", 487: "canceled"}
FAILED = "failed"
OUT, LEG = "out", "leg"


@dataclass
class Line:
    """All calls in the order in which they were rung, and what else the telephones tell.

    ``stacks`` counts the calls that each SIP stack has taken; ``tired`` are the Call-IDs of calls that somebody hung
    up because nothing at all was heard any more.
    """

    calls: Sequence[WireCall] = ()
    stacks: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    tired: set[str] = field(default_factory=set)

    @property
    def off_the_hook(self) -> Sequence[WireCall]:
        """Calls that are not over."""
        return [call for call in self.calls if call.ended_at is None]


def read_line(log: Path, journal: Path) -> Line:
    """What the telephones of ``log`` tell, where ``journal`` is the trunk's."""
    line, calls, orders, cut = Line(), dict[str, WireCall](), _orders(journal), _cut_off(journal)
    parents = {each: order["parent"] or "" for each, order in orders.items() if order["direction"] == LEG}
    for entry in _entries(log):
        call_id = entry["call"]
        if entry["event"] in {"invited", "rings us"}:
            line.stacks[entry["stack"]] += 1
            calls[call_id] = _rung(entry, parents)
        elif entry["event"] == "fault":
            line.faults[entry["fault"]] += 1
        elif entry["event"] == "hangs up" and entry["who"] == "tired":
            line.tired.add(call_id)
        elif call_id in calls:
            _follow(calls[call_id], entry)
    seen = {call.url for call in calls.values()}
    lost = [_lost(each, order, is_cut=each in cut) for each, order in orders.items()
            if order["direction"] == OUT and each not in seen]  # fmt: skip
    line.calls = sorted([*calls.values(), *lost], key=lambda call: call.requested_at)
    return line


def _rung(entry: Mapping[str, Any], parents: Mapping[str, str]) -> WireCall:
    inbound = entry["event"] == "rings us"
    ours = str(UUID(hex=entry["session"])) if entry.get("session") else None
    parent = parents.get(ours or "")
    url = None if parent else ours
    return WireCall(entry["call"], entry["number"], inbound, _at(entry), parent=parent, url=url)


def _lost(call: str, order: Mapping[str, Any], *, is_cut: bool) -> WireCall:
    at = datetime.fromisoformat(order["at"])
    return WireCall(call, order["to"], False, at, ended_at=at, url=call, status=FAILED, unheard=is_cut)


def _follow(call: WireCall, entry: Mapping[str, Any]) -> None:
    at = _at(entry)
    match entry["event"]:
        case "answered":
            call.answered_at, call.answered_by = at, entry["by"]
            call.told_at = at
        case "key":
            call.key_reports.append(KeyReport(entry["key"], at, at, acknowledged=False))
        case "silent":
            call.key_reports.append(KeyReport("", at, at))
        case "words":
            _is_heard(call, at)
        case "ended":
            call.ended_at, call.ended_by = at, entry["by"]
            call.status = "completed" if call.answered_at else UNANSWERED.get(entry["status"] or 0, FAILED)
            if entry["by"] == "service":
                _is_heard(call, at)


def _is_heard(call: WireCall, at: datetime) -> None:
    """What comes next, words or the end, answers the key before it."""
    if call.key_reports and not call.key_reports[-1].acknowledged:
        last = call.key_reports[-1]
        if at - last.sent_at <= HEARD_WITHIN:
            call.key_reports[-1] = KeyReport(last.key, last.sent_at, at)


def _orders(journal: Path) -> Mapping[str, Mapping[str, Any]]:
    """What was to be rung, and when that was written down, by the id of each call."""
    placed = (entry["call"] for entry in _entries(journal) if "call" in entry)
    return {each["id"]: each["order"] | {"at": each.get("created_at")} for each in placed}


def _cut_off(journal: Path) -> set[str]:
    """The calls of which only their trunk's successor says how they ended: nobody knows."""
    return {entry["ended"] for entry in _entries(journal) if entry.get("outcome") == "unknown"}


def _entries(log: Path) -> Iterator[dict[str, Any]]:
    """What can be read: a line may still be being written, or its writer was killed in it."""
    if not log.exists():
        return
    for line in log.read_text("utf-8").splitlines(keepends=True):
        with suppress(ValueError):
            yield json.loads(line)


def _at(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])
