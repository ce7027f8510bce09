"""Keys in the sound of the engine's calls (RFC 4733), taken out before the engine counts them.

libre 4.10 knows a press by its key alone: a packet that comes after the end of its press is a second press to it, and
one press of a key whose end is lost hides the next.
"""

from collections.abc import Callable

from trunk.sip.dialogs import Traced
from trunk.sip.embedded import libre
from trunk.sip.sdp import event_types_of
from trunk.sip.telephone_events import EventPacket, TelephoneEvents

Pressed = Callable[[str, str], None]
"""Takes a call's Call-ID and a key, on the engine's thread."""


class KeyTaps:
    """One for each call with sound. On the engine's thread."""

    def __init__(self, pressed: Pressed) -> None:
        self._pressed = pressed
        self._types: dict[str, set[int]] = {}
        self._tapped: set[str] = set()

    def seen(self, message: Traced) -> None:
        """A message passes: what it says of the sound is noted, and the sound listened to as soon as there is any."""
        what = message.message
        if what.sequence[1] != "INVITE":
            return
        call_id = what.header("Call-ID")
        types = self._types.setdefault(call_id, set())
        types |= event_types_of(what.body)
        if call_id not in self._tapped and what.status is not None and what.status < 300:
            self._tap(call_id, types)

    def forget(self, call_id: str) -> None:
        """The call is over."""
        self._types.pop(call_id, None)
        if call_id in self._tapped:
            self._tapped.discard(call_id)
            libre.untap(call_id)

    def _tap(self, call_id: str, types: set[int]) -> None:
        events = TelephoneEvents()

        def take(packet: bytes) -> None:
            event = EventPacket.read(packet)
            key = None if event is None else events.heard(event)
            if key is not None:
                self._pressed(call_id, key)

        if libre.tap(call_id, types, take):
            self._tapped.add(call_id)
