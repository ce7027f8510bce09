"""How each call could be ended from outside the engine, kept before the engine goes on.

A trunk can be killed at any instant. So what the next one needs is handed over on the engine's own thread while the
message that changes it waits: an INVITE leaves, and an answer is understood, when it is kept.
"""

import threading
from collections.abc import Callable

from trunk.sip.dialogs import Dialog, Traced, after

SESSION = "Session-ID"
MOST_REMEMBERED = 1000
Keep = Callable[[Dialog], None]
"""Takes how a call stands; on the engine's thread, or on that of whoever asks for it."""


class DialogBook:
    """The dialogs of all calls, by their Call-ID. For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dialogs: dict[str, Dialog] = {}
        self._keeps: dict[str, Keep] = {}
        self._expected: dict[str, Keep] = {}

    def expect(self, session: str, keep: Keep) -> None:
        """An INVITE with this ``Session-ID`` is about to leave, whose dialog ``keep`` takes from then on."""
        with self._lock:
            self._expected[session] = keep

    def expect_no_more(self, session: str) -> None:
        """It never will."""
        with self._lock:
            self._expected.pop(session, None)

    def follow(self, call_id: str, keep: Keep) -> None:
        """The dialog of a call that has come in, as it stands and whenever it changes."""
        with self._lock:
            self._keeps[call_id] = keep
            if (known := self._dialogs.get(call_id)) is not None:
                keep(known)

    def forget(self, call_id: str) -> None:
        """The call is over."""
        with self._lock:
            self._dialogs.pop(call_id, None)
            self._keeps.pop(call_id, None)

    def seen(self, message: Traced) -> None:
        """A message leaves, or has come; what it changes is kept when this returns."""
        call_id = message.message.header("Call-ID")
        with self._lock:
            known = self._dialogs.get(call_id)
            changed = after(known, message)
            if changed is None or changed == known:
                return
            self._remember(call_id, changed)
            if (keep := self._keeps.get(call_id) or self._bound(call_id, message)) is not None:
                keep(changed)

    def _bound(self, call_id: str, message: Traced) -> Keep | None:
        keep = self._expected.pop(message.message.header(SESSION), None) if message.is_ours else None
        if keep is not None:
            self._keeps[call_id] = keep
        return keep

    def _remember(self, call_id: str, dialog: Dialog) -> None:
        """The oldest of what strangers have sent goes."""
        self._dialogs[call_id] = dialog
        strange = (each for each in tuple(self._dialogs) if each not in self._keeps and each != call_id)
        while len(self._dialogs) > MOST_REMEMBERED and (oldest := next(strange, None)) is not None:
            del self._dialogs[oldest]
