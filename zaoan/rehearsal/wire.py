"""What happened on the wire: the exchange's own log, read as calls and keys. The judge believes nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MACHINE = "machine"
OK = 200
WORDS = frozenset({"voice", "gather", "inbound", "dial"})
"""Requests to which the service answers what is to be said."""
TELLING = WORDS | {"status"}
UNDERSTOOD = frozenset({OK, 204})
HEALED = "reply_once"
"""A request whose reply was lost, and whose repetition got through."""


@dataclass
class WireCall:
    """One call as the exchange saw it; instants are real time. ``key_reports`` are the keys the service was told of.

    ``untold_keys`` are those of which the request was lost on its way: the service knows them only if it asks.

    ``url`` is where the service wants to be asked what to say: every call that it wants has its own. ``told_at``: the
    service was asked for words. ``words_lost``: a fault broke a conversation off. ``machine_told_at``: the service has
    heard who answered. ``held``: somebody held the telephone in a browser, so that no script foretells what was said.
    ``parent`` is the call that made this one to connect two people; nobody requested such a call by itself.
    ``unheard``: a request about it (for words, or the report of its end) was answered by nobody. ``provider_died``: in
    the middle of it, so that the service cannot know how it ended.
    """

    call_id: str
    number: str
    inbound: bool
    requested_at: datetime
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    key_reports: list["KeyReport"] = field(default_factory=list)
    untold_keys: list["KeyReport"] = field(default_factory=list)
    parent: str | None = None
    held: bool = False
    url: str | None = None
    status: str | None = None
    ended_by: str | None = None
    answered_by: str | None = None
    told_at: datetime | None = None
    words_lost: bool = False
    machine_told_at: datetime | None = None
    unheard: bool = False
    provider_died: bool = False

    @property
    def is_changed_by_a_fault(self) -> bool:
        """Whether the service has heard something else of it than happened, through no fault of its own."""
        late = self.machine_told_at is None or (self.ended_at is not None and self.machine_told_at > self.ended_at)
        return self.words_lost or self.unheard or self.provider_died or (self.answered_by == MACHINE and late)

    @property
    def pressed(self) -> Sequence["KeyReport"]:
        """Every key with which a question was answered, whether the service was told of it or had to ask."""
        return sorted([*self.key_reports, *self.untold_keys], key=lambda report: report.sent_at)


@dataclass(frozen=True)
class KeyReport:
    """What was pressed when a key was asked for (nothing: ""), and when the service had been told and had answered."""

    key: str
    sent_at: datetime
    answered_at: datetime
    acknowledged: bool = True
    """Whether the service answered; where it did not, it may or may not have kept the key."""


@dataclass(frozen=True)
class Post:
    """What else passed: the addresses for reports about texts sent, and how the service answered forged callbacks."""

    text_reports: Sequence[str]
    forgeries: Sequence["Forgery"]


@dataclass(frozen=True)
class Forgery:
    """A callback that somebody else sent, about whom, and the HTTP status it got; None when nobody answered."""

    number: str
    kind: str
    status: int | None


def read_wire(log: Path) -> Sequence[WireCall]:
    """Every call of the log, in the order in which they were requested; refused requests rang nobody."""
    calls: dict[str, WireCall] = {}
    held: set[str] = set()
    for entry in _entries(log):
        _read(calls, held, entry)
    return list(calls.values())


def read_post(log: Path) -> Post:
    """Texts and forgeries of the log."""
    entries = _entries(log)
    texts = [e["report"] for e in entries if e["event"] == "text" and e["direction"] == "out" and e["report"]]
    forged = [Forgery(e["number"], e["kind"], e["status"]) for e in entries if e["event"] == "forgery"]
    return Post(texts, forged)


@dataclass(frozen=True)
class TextSent:
    """A text of ours: to whom, and what it says."""

    number: str
    body: str


def read_texts(log: Path) -> Sequence[TextSent]:
    """The texts that were sent, in their order."""
    return [TextSent(e["to"], e["body"]) for e in _entries(log) if e["event"] == "text" and e["direction"] == "out"]


@dataclass(frozen=True)
class SpeedChange:
    """The exchange told the service how fast its people live from now on."""

    at: datetime
    speed: float


def speed_changes(log: Path) -> Sequence[SpeedChange]:
    """Every change of speed that the service has been told of."""
    return [
        SpeedChange(datetime.fromisoformat(entry["sent_at"]), float(entry["params"]["Speed"]))
        for entry in _entries(log)
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


def _entries(log: Path) -> Sequence[dict[str, Any]]:
    """What is complete: the exchange may be writing the last line just now, or was killed in it."""
    return read_from(log, 0)[0]


def _read(calls: dict[str, WireCall], held: set[str], entry: dict[str, Any]) -> None:
    at = datetime.fromisoformat(entry["at"])
    event, call_id = entry["event"], entry.get("call") or ""
    if event in {"call.requested", "call.dialled", "call.inbound"}:
        inbound = entry["direction"] == "in"
        calls[call_id] = WireCall(
            call_id,
            entry["number"],
            inbound,
            at,
            parent=entry.get("parent"),
            held=entry["number"] in held,
            url=entry.get("url"),
        )
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
        call.answered_at, call.answered_by = at, entry["by"]
    elif event == "call.ended":
        call.ended_at, call.status, call.ended_by = at, entry["status"], entry["by"]
    elif event == "fault":
        call.words_lost |= entry["fault"] == "drop" and entry["kind"] in WORDS and entry["how"] != HEALED
    elif event == "webhook" and not entry.get("never_sent"):
        _hear(call, entry)
    elif event == "webhook" and entry["kind"] == "gather":
        call.untold_keys.append(_key_report(entry, acknowledged=False))


def _hear(call: WireCall, entry: dict[str, Any]) -> None:
    """The service was told something; what is told twice was told when it was told first."""
    sent_at = datetime.fromisoformat(entry["sent_at"])
    answered_at = sent_at + timedelta(seconds=entry["seconds"])
    if entry["kind"] in TELLING and entry["status"] not in UNDERSTOOD and not entry.get("is_copy"):
        call.unheard = True
    if entry["kind"] in WORDS and entry["status"] is not None:
        call.told_at = min(call.told_at or sent_at, sent_at)
    if entry["kind"] == "amd":
        call.machine_told_at = min(call.machine_told_at or answered_at, answered_at)
    if entry["kind"] == "gather" and not entry.get("is_copy"):
        call.key_reports.append(_key_report(entry, acknowledged=entry["status"] == OK))


def _key_report(entry: dict[str, Any], *, acknowledged: bool) -> KeyReport:
    sent_at = datetime.fromisoformat(entry["sent_at"])
    return KeyReport(entry["keys"], sent_at, sent_at + timedelta(seconds=entry["seconds"]), acknowledged)
