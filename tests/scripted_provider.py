"""The provider behind the service's back: what it knows, whenever it is asked, is what a test wants it to know.

It stands before the real adapter, which goes on to read webhooks, to render replies, and to place calls.
"""

from dataclasses import replace
from itertools import count

from core import clock
from ivr.models import Ending
from ivr.ports.provider import ProviderCall, ProviderText, RefusedForGoodError, RefusedForNowError
from ivr.provider import station


class ScriptedProvider:
    """How calls stand: ``endings`` of some, ``ending`` of all others (None: they go on); what it asked in them.

    Asked about calls and recordings it says nothing while it is ``down``, nothing of its requests while it is
    ``silent``, and no longer knows a call that it ``forgets``. Texts fail as ``failures`` say, one after the other;
    ``kept`` is what it has really accepted, with ``keeps_nevertheless`` even those.
    """

    def __init__(self, real):
        self._real, self._text_ids = real, count(1)
        self.down, self.forgets, self.silent = False, False, False
        self.ending, self.by_machine, self.endings = None, False, {}
        self.placed, self.requests, self.sounds = [], [], {}
        self.asked, self.hung_up, self.cancelled, self.deleted, self.redirected = 0, [], [], [], None
        self.failures, self.keeps_nevertheless, self.kept = [], False, []
        self.known, self.received = {}, []

    def look_up(self, provider_id):
        self.asked += 1
        self._answer()
        if self.forgets:
            return None
        ending = self.endings.get(provider_id, self.ending)
        return ProviderCall(provider_id, "", "", clock.real_now(), ending, self.by_machine)

    def calls_since(self, to, from_, since):
        self._answer()
        return [each for each in self.placed if each.to == to]

    def requests_of(self, provider_id):
        self._answer()
        if self.silent:
            raise RefusedForNowError("it does not tell of its requests")
        return self.requests

    def hang_up(self, provider_id):
        self._answer()
        self.hung_up.append(provider_id)
        self.ending = self.ending or Ending.COMPLETED

    def cancel(self, provider_id):
        self._answer()
        self.cancelled.append(provider_id)

    def redirect(self, provider_id, url):
        self._answer()
        self.redirected = url

    def fetch_recording(self, provider_id):
        self._answer()
        if provider_id not in self.sounds:
            raise RefusedForGoodError(404)
        return self.sounds[provider_id]

    def delete_recording(self, provider_id):
        self._answer()
        self.deleted.append(provider_id)

    def send_text(self, to, from_, body, status_url):
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and not self.keeps_nevertheless:
            raise failure
        sid = f"SM{next(self._text_ids):032x}"
        self.kept.append((to, body, sid, status_url))
        if failure is not None:
            raise failure
        return sid

    def texts_since(self, to, from_, since):
        return [ProviderText(sid, body, clock.real_now()) for kept_to, body, sid, _ in self.kept if kept_to == to]

    def texts_received(self, our_number, since):
        return [text for text in self.received if text.created_at >= since]

    def look_up_text(self, provider_id):
        return self.known.get(provider_id)

    def _answer(self):
        if self.down:
            raise RefusedForNowError("the provider is down")

    def __getattr__(self, name):
        return getattr(self._real, name)


def script(**told):
    """From now on the station asks such a provider, of which this is ``told``; returns it."""
    now = station.station()
    real = now.telephony._real if isinstance(now.telephony, ScriptedProvider) else now.telephony
    known = ScriptedProvider(real)
    for name, value in told.items():
        setattr(known, name, value)
    station.set_up(replace(now, telephony=known))
    return known
