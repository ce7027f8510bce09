"""The Twilio adapter: the port carried out with the official SDK and TwiML.

``ZAOAN_TWILIO_API_URL`` points it at any server that speaks Twilio's API, the bundled exchange among them.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import requests
from twilio.request_validator import RequestValidator
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.twiml.messaging_response import MessagingResponse

from ivr.models import TextState
from ivr.ports.events import ReceivedText, WebhookRequest
from ivr.ports.provider import (
    REQUEST_TIMEOUT_SECONDS,
    UNOBSERVED,
    CallOrder,
    Observer,
    ProviderCall,
    ProviderRequest,
    ProviderText,
    RefusedForGoodError,
    RefusedForNowError,
    Reply,
    UncertainError,
    Utterance,
)
from ivr.provider.twilio import twiml, webhooks
from ivr.provider.twilio.errors import refusal_of
from ivr.provider.twilio.events import request_of
from ivr.provider.twilio.rest import asked, client, text_refusal_of
from ivr.provider.twilio.statuses import FINAL_STATUSES, is_machine, text_state
from ivr.provider.twilio.webhooks import TwilioWebhook

CLOCK_SKEW = timedelta(minutes=1)
LISTING_LIMIT = 1000
PAGE_SIZE = 200
NEWEST = 50
"""So many of the newest calls are looked at for one that we do not know."""

NOT_FOUND = frozenset({404, 20404})


class TwilioTelephony:
    """Twilio, or whoever speaks its API."""

    reply_type = "application/xml"
    carries_texts = True

    def __init__(self, account_sid: str, auth_token: str, api_url: str, observer: Observer = UNOBSERVED) -> None:
        self._client = client(account_sid, auth_token, api_url, observer)
        self._validator = RequestValidator(auth_token)
        self._recordings_url = f"{self._client.api.base_url}/2010-04-01/Accounts/{account_sid}/Recordings"
        self._credentials = (account_sid, auth_token)

    def opened(self, request: WebhookRequest) -> TwilioWebhook | None:
        """HMAC-SHA1 over the *public* address and the whole form."""
        return webhooks.opened(self._validator, request)

    def kept(self, fields: Mapping[str, str]) -> TwilioWebhook:
        """Fields of a form."""
        return TwilioWebhook(fields)

    def place(self, order: CallOrder) -> ProviderCall:
        """One ``calls.create``; it has no idempotency key, so whatever is uncertain is said to be."""
        return asked(
            lambda: _provider_call(
                self._client.calls.create(
                    to=order.to,
                    from_=order.from_,
                    url=order.answer_url,
                    fallback_url=order.fallback_url,
                    timeout=order.ring_seconds,
                    status_callback=order.status_url,
                    status_callback_event=["completed"],
                    **_machine_detection(order.machine_url),
                )
            ),
            refusal_of,
        )

    def is_there(self) -> bool:
        """One look at our account; whoever refuses it is there."""
        with suppress(RefusedForGoodError, RefusedForNowError, UncertainError):
            asked(lambda: self._client.api.accounts(self._credentials[0]).fetch())
            return True
        return False

    def newest_calls(self, from_: str) -> Sequence[ProviderCall]:
        """``calls.list`` by From, the newest first, as Twilio lists them."""
        listed = asked(lambda: self._client.calls.list(from_=from_, limit=NEWEST, page_size=NEWEST))
        return [_provider_call(call) for call in listed if not call.parent_call_sid]

    def look_up(self, provider_id: str) -> ProviderCall | None:
        """One ``calls.fetch``."""
        try:
            return asked(lambda: _provider_call(self._client.calls(provider_id).fetch()))
        except RefusedForGoodError as refusal:
            if refusal.code in NOT_FOUND:
                return None
            raise

    def calls_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderCall]:
        """``calls.list`` by To and From; the time is filtered here, because a queued call has no start time."""
        calls = asked(
            lambda: [
                _provider_call(call)
                for call in self._client.calls.list(to=to, from_=from_, limit=LISTING_LIMIT, page_size=PAGE_SIZE)
                if not call.parent_call_sid  # a leg of a conversation that we connected, which we did not place
            ]
        )
        return [call for call in calls if call.created_at >= since - CLOCK_SKEW]

    def requests_of(self, provider_id: str) -> Sequence[ProviderRequest]:
        """``calls.events.list``: every request that Twilio made about the call. It may tell of them only later.

        https://www.twilio.com/docs/voice/api/call-event-resource
        """
        try:
            listed = asked(lambda: self._client.calls(provider_id).events.list(limit=LISTING_LIMIT))
        except RefusedForGoodError:
            return ()
        return [request_of(event.request, event.response) for event in listed]

    def cancel(self, provider_id: str) -> None:
        """Twilio leaves a call alone that was answered; one that has ended answers with an error that says so."""
        with suppress(RefusedForGoodError):
            asked(lambda: self._client.calls(provider_id).update(status="canceled"))

    def hang_up(self, provider_id: str) -> None:
        """Ends the call; one that Twilio already ended answers with an error that says just that."""
        with suppress(RefusedForGoodError):
            asked(lambda: self._client.calls(provider_id).update(status="completed"))

    def fetch_recording(self, provider_id: str) -> bytes:
        """The media of one recording, which the SDK has no call for; it is not there for good when Twilio says so."""
        sound = asked(lambda: self._media(provider_id))
        if sound.status_code == requests.codes.not_found:
            raise RefusedForGoodError(sound.status_code)
        if sound.status_code != requests.codes.ok:
            raise RefusedForNowError(f"the recording {provider_id} answered {sound.status_code}")
        return sound.content

    def delete_recording(self, provider_id: str) -> None:
        """One ``recordings.delete``."""
        with suppress(RefusedForGoodError):
            asked(lambda: self._client.recordings(provider_id).delete())

    def _media(self, provider_id: str) -> requests.Response:
        url = f"{self._recordings_url}/{provider_id}.wav"
        return requests.get(url, auth=self._credentials, timeout=REQUEST_TIMEOUT_SECONDS)

    def redirect(self, provider_id: str, url: str) -> None:
        """``calls.update`` with a new address; a call that has ended meanwhile answers with an error that says so."""
        with suppress(RefusedForGoodError):
            asked(lambda: self._client.calls(provider_id).update(url=url, method="POST"))

    def send_text(self, to: str, from_: str, body: str, status_url: str) -> str:
        """One ``messages.create``."""
        message = asked(
            lambda: self._client.messages.create(to=to, from_=from_, body=body, status_callback=status_url),
            text_refusal_of,
        )
        return str(message.sid)

    def texts_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderText]:
        """``messages.list`` by To and From, filtered on the creation time here."""
        listed = asked(lambda: self._client.messages.list(to=to, from_=from_, limit=LISTING_LIMIT))
        texts = (_provider_text(message) for message in listed)
        return [text for text in texts if text.created_at >= since - CLOCK_SKEW]

    def look_up_text(self, provider_id: str) -> ProviderText | None:
        """One ``messages.fetch``."""
        try:
            return asked(lambda: _provider_text(self._client.messages(provider_id).fetch()))
        except RefusedForGoodError as refusal:
            if refusal.code in NOT_FOUND:
                return None
            raise

    def texts_received(self, our_number: str, since: datetime) -> Sequence[ReceivedText]:
        """``messages.list`` by To: Twilio asks our webhook about each text once, and lists them for good."""
        listed = asked(lambda: self._client.messages.list(to=our_number, limit=LISTING_LIMIT))
        received = (ReceivedText(str(m.sid), str(m.from_), str(m.body), _created(m.date_created))
                    for m in reversed(listed) if m.direction == "inbound")  # fmt: skip
        return [text for text in received if text.created_at >= since - CLOCK_SKEW]

    def figures(self) -> str:
        """None."""
        return ""

    def thanks(self) -> str:
        """An empty messaging response: TwiML for calls has verbs that are none in it."""
        return str(MessagingResponse())

    def render(self, reply: Reply) -> str:
        """TwiML."""
        return twiml.of_reply(reply)

    def render_redirect(self, utterances: Sequence[Utterance], url: str) -> str:
        """TwiML."""
        return twiml.of_redirect(utterances, url)


def _machine_detection(url: str | None) -> dict[str, str]:
    """Asynchronous detection never delays what is said; a message left after the greeting's end is heard whole.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """
    if url is None:
        return {}
    return {"machine_detection": "DetectMessageEnd", "async_amd": "true", "async_amd_status_callback": url}


def _provider_call(call: CallInstance) -> ProviderCall:
    """Raises ``ValueError`` for an answer that names no call."""
    if not isinstance(call.sid, str) or not call.sid:
        raise ValueError("the provider's answer names no call")
    return ProviderCall(
        provider_id=call.sid,
        to=str(call.to),
        from_=str(call._from),
        created_at=_created(call.date_created),
        ending=FINAL_STATUSES.get(str(call.status)),
        by_machine=is_machine(str(call.answered_by or "")),
    )


def _provider_text(message: MessageInstance) -> ProviderText:
    code = str(message.error_code) if message.error_code else None
    return ProviderText(
        provider_id=str(message.sid),
        body=str(message.body),
        created_at=_created(message.date_created),
        state=text_state(str(message.status), code) or TextState.SENT,
        failure=code,
    )


def _created(at: datetime | None) -> datetime:
    return at if at is not None else datetime.now(UTC)
