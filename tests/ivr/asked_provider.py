"""A provider that is asked about calls, and says what a test wants it to know; all else the real adapter does."""

from dataclasses import replace

from core import clock
from ivr.ports.provider import ProviderCall, RefusedForNowError
from ivr.provider import station


class AskedProvider:
    """Knows how the call has ended (None: it goes on) and what it asked us in it.

    It says nothing while it is ``down``, nothing of its requests while it is ``silent``, and no longer knows a call
    that it ``forgets``.
    """

    def __init__(self, real):
        self._real = real
        self.ending, self.by_machine = None, False
        self.down, self.forgets, self.silent = False, False, False
        self.asked, self.hung_up, self.requests = 0, [], []

    def look_up(self, provider_id):
        self.asked += 1
        if self.down:
            raise RefusedForNowError("down")
        if self.forgets:
            return None
        return ProviderCall(provider_id, "", "", clock.real_now(), self.ending, self.by_machine)

    def requests_of(self, provider_id):
        if self.down or self.silent:
            raise RefusedForNowError("down")
        return self.requests

    def __getattr__(self, name):
        return getattr(self._real, name)


def ask_about_calls(ending=None):
    """From now on the station asks such a provider; returns it."""
    known = AskedProvider(station.station().telephony)
    known.ending = ending
    station.set_up(replace(station.station(), telephony=known))
    return known
