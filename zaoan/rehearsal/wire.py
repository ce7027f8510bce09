"""What happened on the wire: the exchange's own log, read as calls and keys. The judge believes nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

OK = 200


@dataclass
class WireCall:
    """One call as the exchange saw it; instants are real time. ``key_reports`` are the keys the service was told of.

    ``held``: somebody held the telephone in a browser, so that no script foretells what was said.
    """

    call_id: str
    number: str
    inbound: bool
    requested_at: datetime
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    key_reports: list["KeyReport"] = field(default_factory=list)
    held: bool = False


@dataclass(frozen=True)
class KeyReport:
    """A key that was pressed, and when the service had been told and had answered."""

    key: str
    sent_at: datetime
    answered_at: datetime
    acknowledged: bool = True
    """Whether the service answered; where it did not, it may or may not have kept the key."""


def read_wire(log: Path) -> Sequence[WireCall]:
    """Every call of the log, in the order in which they were requested; refused requests rang nobody."""
    calls: dict[str, WireCall] = {}
    held: set[str] = set()
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            _read(calls, held, json.loads(line))
    return list(calls.values())


@dataclass(frozen=True)
class SpeedChange:
    """The exchange told the service how fast its people live from now on."""

    at: datetime
    speed: float


def speed_changes(log: Path) -> Sequence[SpeedChange]:
    """Every change of speed that the service has been told of."""
    with log.open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [
        SpeedChange(datetime.fromisoformat(entry["sent_at"]), float(entry["params"]["Speed"]))
        for entry in entries
        if entry["event"] == "webhook" and entry["kind"] == "tempo"
    ]


def read_from(log: Path, offset: int) -> tuple[list[dict[str, Any]], int]:
    """The complete entries after byte ``offset``, and the offset after them."""
    if not log.exists():
        return [], offset
    with log.open("rb") as file:
        file.seek(offset)
        text = file.read()
    whole = text[: text.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()], offset + len(whole)


def _read(calls: dict[str, WireCall], held: set[str], entry: dict[str, Any]) -> None:
    at = datetime.fromisoformat(entry["at"])
    event, call_id = entry["event"], entry.get("call") or ""
    if event in {"call.requested", "call.inbound"}:
        inbound = entry["direction"] == "in"
        calls[call_id] = WireCall(call_id, entry["number"], inbound, at, held=entry["number"] in held)
    elif event == "telephone.opened":
        held.add(entry["number"])
        for call in calls.values():
            call.held |= call.number == entry["number"] and call.ended_at is None
    elif event == "telephone.closed":
        held.discard(entry["number"])
    elif call_id in calls:
        _follow(calls[call_id], event, at, entry)


def _follow(call: WireCall, event: str, at: datetime, entry: dict[str, Any]) -> None:
    if event == "call.answered":
        call.answered_at = at
    elif event == "call.ended":
        call.ended_at = at
    elif event == "webhook" and entry["kind"] == "gather" and (key := entry["params"].get("Digits")):
        sent_at = datetime.fromisoformat(entry["sent_at"])
        acknowledged = entry["status"] == OK
        call.key_reports.append(KeyReport(key, sent_at, sent_at + timedelta(seconds=entry["seconds"]), acknowledged))
