"""The registry: every call of the last days, those that have ended included, as the journal keeps them.

A call is in the journal, on the disk, before anything of it leaves this machine. Whoever places it again gets the call
that there is.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from trunk.calls.journal import Journal
from trunk.calls.records import Asked, Direction, Kept, Order, Record
from trunk.sip.dialogs import Dialog
from trunk.sip.outcomes import Outcome

log = logging.getLogger(__name__)
KEEP = timedelta(days=7)
"""Longer than anybody asks about a call; numbers are kept no longer than that."""


class Registry:
    """What is known of calls. Several threads may change it: dialogs are told on the engine's."""

    def __init__(self, journal: Journal, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._journal, self._now = journal, now
        self._lock = threading.RLock()
        self._records: dict[str, Record] = {}
        self._dialogs: dict[str, Dialog] = {}
        self._asked: defaultdict[str, list[Asked]] = defaultdict(list)
        for entry in journal.entries():
            self._take(entry)
        self.forget_old()

    def find(self, call_id: str) -> Record | None:
        """The call of this id."""
        return self._records.get(call_id)

    def order(self, call_id: str, order: Order) -> tuple[Record, bool]:
        """The call, and whether it is new: then it is in the journal before this returns."""
        with self._lock:
            if known := self._records.get(call_id):
                return known, False
            record = Record(call_id, order, self._now(), is_answered=False)
            self._journal.kept({"call": record.written()})
            self._records[call_id] = record
            return record, True

    def answered(self, call_id: str) -> None:
        """Somebody has picked up."""
        self._change(call_id, is_answered=True)

    def carried_by(self, call_id: str, proxy: str) -> None:
        """This peer is tried."""
        self._change(call_id, carried_by=proxy)

    def heard_machine(self, call_id: str) -> None:
        """A machine has picked up, as far as can be heard."""
        self._change(call_id, by_machine=True)

    def ended(self, call_id: str, outcome: Outcome, reason: str = "", announcement: Kept | None = None) -> Record:
        """The call is over; the first end counts. What it told is kept beside its end."""
        with self._lock:
            record = self._records[call_id]
            if record.is_over:
                return record
            record = self._records[call_id] = record.ended(outcome, reason, announcement)
            heard = {"announcement": asdict(announcement)} if announcement else {}
            self._journal.kept({"ended": call_id, "outcome": outcome, "reason": reason, **heard})
            self._dialogs.pop(call_id, None)
            return record

    def has_dialog(self, call_id: str, dialog: Dialog) -> None:
        """How a call can be ended from outside; it is on the disk before this returns."""
        with self._lock:
            record = self._records[call_id]
            if record.is_over or self._dialogs.get(call_id) == dialog:
                return
            self._dialogs[call_id] = dialog
            self._journal.kept({"dialog": call_id, **dialog.written()})
            if dialog.codec and dialog.codec != record.codec:
                self._change(call_id, codec=dialog.codec)

    def asked(self, call_id: str, asked: Asked) -> None:
        """A request was made in the call; what nobody has taken outlives this process."""
        with self._lock:
            self._asked[call_id].append(asked)
            if not asked.was_answered:
                self._journal.noted({"asked": call_id, "url": asked.url, "told": asked.told})

    def requests_of(self, call_id: str) -> Sequence[Asked]:
        """What the service was asked in the call, the earliest first."""
        return tuple(self._asked.get(call_id, ()))

    def open_calls(self) -> Sequence[Record]:
        """Every call that has not ended."""
        return [record for record in self._records.values() if not record.is_over]

    def dialog_of(self, call_id: str) -> Dialog | None:
        """How the call can be ended from outside; None where nothing of it has left this machine, or it is over."""
        return self._dialogs.get(call_id)

    def between(self, to: str | None, from_: str, since: datetime | None, most: int) -> Sequence[Record]:
        """The newest calls that we placed from one of our numbers, legs left out, the newest first."""
        found = [
            record
            for record in self._records.values()
            if record.order.direction is Direction.OUT
            and record.order.from_ == from_
            and (to is None or record.order.to == to)
            and (since is None or record.created_at >= since)
        ]
        return sorted(found, key=lambda record: record.created_at, reverse=True)[:most]

    def forget_old(self) -> Sequence[Record]:
        """Calls that ended days ago go and are returned; the journal is written anew without them."""
        with self._lock:
            oldest = self._now() - KEEP
            old = [each.id for each in self._records.values() if each.is_over and each.created_at < oldest]
            gone = [self._records.pop(call_id) for call_id in old]
            for call_id in old:
                self._asked.pop(call_id, None)
            if old:
                self._journal.rewrite(self._written())
            return gone

    def _change(self, call_id: str, **facts: Any) -> None:
        with self._lock:
            self._records[call_id] = replace(self._records[call_id], **facts)
            self._journal.noted({"changed": call_id, **facts})

    def _written(self) -> Iterator[Mapping[str, Any]]:
        calls = ({"call": record.written()} for record in self._records.values())
        dialogs = ({"dialog": call_id, **dialog.written()} for call_id, dialog in self._dialogs.items())
        asked = (
            {"asked": call_id, "url": each.url, "told": each.told}
            for call_id, all_of_it in self._asked.items()
            for each in all_of_it
            if not each.was_answered
        )
        return chain(calls, dialogs, asked)

    def _take(self, entry: dict[str, Any]) -> None:
        """An entry that makes no sense, of a later version perhaps, is left out and said to be."""
        try:
            self._understand(entry)
        except (KeyError, TypeError, ValueError) as failure:
            log.error("an entry of the journal is not understood (%s)", failure)

    def _understand(self, entry: dict[str, Any]) -> None:
        match entry:
            case {"call": written}:
                record = Record.read(written)
                self._records[record.id] = record
            case {"changed": call_id, **facts}:
                self._records[call_id] = replace(self._records[call_id], **facts)
            case {"dialog": call_id, **dialog}:
                self._dialogs[call_id] = Dialog.read(dialog)
            case {"asked": call_id, "url": url, "told": told}:
                self._asked[call_id].append(Asked(url, told, was_answered=False))
            case {"ended": call_id, "outcome": outcome, "reason": reason, **heard}:
                announcement = Kept(**heard["announcement"]) if heard.get("announcement") else None
                self._records[call_id] = self._records[call_id].ended(Outcome(outcome), reason, announcement)
                self._dialogs.pop(call_id, None)
            case _:
                raise ValueError(f"it has {', '.join(sorted(entry))}")
