"""The SIP adapter: the port carried out by the trunk, a process of ours that speaks SIP with a telephone company.

What the trunk is told and tells is JSON; nothing in it is Twilio's. It carries no texts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ivr.ports.events import ReceivedText, WebhookRequest
from ivr.ports.provider import (
    UNKNOWN,
    UNOBSERVED,
    CallOrder,
    Observer,
    ProviderCall,
    ProviderRequest,
    ProviderText,
    RefusedForGoodError,
    Reply,
    Utterance,
)
from ivr.ports.turn_url import TurnAddress
from ivr.provider.sip import replies, webhooks
from ivr.provider.sip.outcomes import ending_of
from ivr.provider.sip.trunk_http import TrunkHttp
from ivr.provider.sip.webhooks import SipWebhook, announcement_of, input_of

NEWEST = 50
"""So many of the newest calls are looked at for one that we do not know."""
NO_TEXTS = 501
"""The code of a refusal: no telephone line carries texts."""
Dialled = Callable[[str], str]
"""How the gateway wants a number (E.164) to be dialled."""


def as_it_is(number: str) -> str:
    """E.164."""
    return number


class SipTelephony:
    """The trunk at ``url``, which knows us by ``secret``."""

    reply_type = "application/json"
    carries_texts = False

    def __init__(self, url: str, secret: str, dialled: Dialled = as_it_is, observer: Observer = UNOBSERVED) -> None:
        self._http, self._secret, self._dialled = TrunkHttp(url, secret, observer), secret, dialled

    def opened(self, request: WebhookRequest) -> SipWebhook | None:
        """Sealed with the secret: address and body."""
        return webhooks.opened(self._secret, request)

    def kept(self, fields: Mapping[str, str]) -> SipWebhook:
        """Fields of a JSON object."""
        return SipWebhook(fields)

    def place(self, order: CallOrder) -> ProviderCall:
        """The call's own id is its id at the trunk: placing it again rings nobody twice, also when it has ended."""
        ordered = asdict(order) | {"dialled": self._dialled(order.to)}
        return _provider_call(self._http.asked("PUT", f"/calls/{id_of(order)}", json=ordered))

    def is_there(self) -> bool:
        """Whoever knows us answers, though it be with nothing."""
        try:
            self._http.asked("GET", "/calls", params={"from": "", "most": 0})
        except UNKNOWN:
            return False
        return True

    def newest_calls(self, from_: str) -> Sequence[ProviderCall]:
        """Those of the last days at most."""
        return self._listed({"from": from_, "most": NEWEST})

    def look_up(self, provider_id: str) -> ProviderCall | None:
        """As the trunk's journal has it."""
        found = self._http.found("GET", f"/calls/{provider_id}")
        return None if found is None else _provider_call(found)

    def calls_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderCall]:
        """The trunk's clock is this machine's."""
        return self._listed({"to": to, "from": from_, "since": since.isoformat()})

    def requests_of(self, provider_id: str) -> Sequence[ProviderRequest]:
        """What nobody of us has taken the trunk knows also after its own death."""
        asked = self._http.asked("GET", f"/calls/{provider_id}/requests")
        return [ProviderRequest(each["url"], input_of(each["told"]), each["was_answered"]) for each in asked]

    def hang_up(self, provider_id: str) -> None:
        """BYE, or CANCEL."""
        self._http.asked("POST", f"/calls/{provider_id}/hang-up")

    def cancel(self, provider_id: str) -> None:
        """CANCEL."""
        self._http.asked("POST", f"/calls/{provider_id}/cancel")

    def fetch_recording(self, provider_id: str) -> bytes:
        """16-bit, 8 kHz."""
        sound = self._http.content(f"/recordings/{provider_id}")
        if sound is None:
            raise RefusedForGoodError(404)
        return sound

    def delete_recording(self, provider_id: str) -> None:
        """From the trunk's folder."""
        self._http.asked("DELETE", f"/recordings/{provider_id}")

    def redirect(self, provider_id: str, url: str) -> None:
        """At once, whatever is being said."""
        self._http.asked("POST", f"/calls/{provider_id}/redirect", json={"url": url})

    def send_text(self, to: str, from_: str, body: str, status_url: str) -> str:
        """Refused for good: whoever has no other provider for texts tells relatives by telephone."""
        raise RefusedForGoodError(NO_TEXTS)

    def texts_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderText]:
        """None was ever sent."""
        return ()

    def look_up_text(self, provider_id: str) -> ProviderText | None:
        """None is known."""
        return None

    def texts_received(self, our_number: str, since: datetime) -> Sequence[ReceivedText]:
        """None comes in."""
        return ()

    def figures(self) -> str:
        """By trunk: from the INVITE to the ringing, and to the answer."""
        return (self._http.content("/metrics") or b"").decode()

    def thanks(self) -> str:
        """Nothing."""
        return "{}"

    def render(self, reply: Reply) -> str:
        """JSON."""
        return replies.of_reply(reply, self._dialled)

    def render_redirect(self, utterances: Sequence[Utterance], url: str) -> str:
        """JSON."""
        return replies.of_redirect(utterances, url)

    def _listed(self, query: Mapping[str, str | int]) -> Sequence[ProviderCall]:
        return [_provider_call(each) for each in self._http.asked("GET", "/calls", params=query)]


def id_of(order: CallOrder) -> str:
    """The id of our own call, which its address names; of an order whose address names none, one made of it."""
    address = TurnAddress.found_in(order.answer_url)
    return str(address.call_id if address else uuid5(NAMESPACE_URL, f"{order.answer_url} {order.to}"))


def _provider_call(known: Mapping[str, Any]) -> ProviderCall:
    return ProviderCall(
        provider_id=known["id"],
        to=known["order"]["to"],
        from_=known["order"]["from_"],
        created_at=datetime.fromisoformat(known["created_at"]),
        ending=ending_of(known["outcome"]),
        by_machine=known["by_machine"],
        code=known.get("code"),
        announcement=announcement_of(known),
    )
