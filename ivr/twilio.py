"""The Twilio adapter: the port carried out with the official SDK and TwiML.

``ZAOAN_TWILIO_API_URL`` points it at any server that speaks Twilio's API, the bundled exchange among them.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import requests
from starlette.datastructures import ImmutableMultiDict
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.models import Ending, TextState
from ivr.telephony import (
    CallOrder,
    Pause,
    ProviderCall,
    ProviderText,
    ReceivedText,
    RefusedForGoodError,
    RefusedForNowError,
    Reply,
    Sound,
    UncertainError,
    Utterance,
)

REQUEST_TIMEOUT_SECONDS = 10
CONNECTIONS = 64
CLOCK_SKEW = timedelta(minutes=1)
LISTING_LIMIT = 200

FINAL_STATUSES = {
    "completed": Ending.COMPLETED,
    "busy": Ending.BUSY,
    "no-answer": Ending.NO_ANSWER,
    "failed": Ending.FAILED,
    "canceled": Ending.CANCELLED,
}
TEXT_STATUSES = {
    "accepted": TextState.SENT,
    "scheduled": TextState.SENT,
    "queued": TextState.SENT,
    "sending": TextState.SENT,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.UNDELIVERED,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
}
"""Until a text is delivered or has failed, Twilio's finer states only say that it has the text."""
SAY_LANGUAGES = {"zh-CN": "cmn-CN", "en": "en-US"}
PASSING_REFUSALS = frozenset({401, 403, 429})
"""The account is refused, not the number: too many requests, or credentials that an operator has to mend."""
_T = TypeVar("_T")


class TwilioTelephony:
    """Twilio, or whoever speaks its API."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        http_client = TwilioHttpClient(timeout=REQUEST_TIMEOUT_SECONDS)
        _widen(http_client.session)
        self._client = Client(account_sid, auth_token, http_client=http_client)
        self._client.api.base_url = api_url.rstrip("/")
        self._validator = RequestValidator(auth_token)

    def place(self, order: CallOrder) -> str:
        """One ``calls.create``; it has no idempotency key, so whatever is uncertain is said to be."""
        call = _asked(
            lambda: self._client.calls.create(
                to=order.to,
                from_=order.from_,
                url=order.answer_url,
                timeout=order.ring_seconds,
                status_callback=order.status_url,
                status_callback_event=["completed"],
                machine_detection="Enable",
                async_amd="true",
                async_amd_status_callback=order.machine_url,
            )
        )
        return str(call.sid)

    def look_up(self, provider_id: str) -> ProviderCall | None:
        """One ``calls.fetch``."""
        try:
            return _provider_call(_asked(lambda: self._client.calls(provider_id).fetch()))
        except RefusedForGoodError:
            return None

    def calls_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderCall]:
        """``calls.list`` by To and From; the time is filtered here, because a queued call has no start time."""
        listed = _asked(lambda: self._client.calls.list(to=to, from_=from_, limit=LISTING_LIMIT))
        calls = (_provider_call(call) for call in listed)
        return [call for call in calls if call.created_at >= since - CLOCK_SKEW]

    def hang_up(self, provider_id: str) -> None:
        """Ends the call; one that Twilio already ended answers with an error that says just that."""
        with suppress(RefusedForGoodError):
            _asked(lambda: self._client.calls(provider_id).update(status="completed"))

    def send_text(self, to: str, from_: str, body: str, status_url: str) -> str:
        """One ``messages.create``."""
        message = _asked(
            lambda: self._client.messages.create(to=to, from_=from_, body=body, status_callback=status_url)
        )
        return str(message.sid)

    def texts_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderText]:
        """``messages.list`` by To and From, filtered on the creation time here."""
        listed = _asked(lambda: self._client.messages.list(to=to, from_=from_, limit=LISTING_LIMIT))
        texts = (_provider_text(message) for message in listed)
        return [text for text in texts if text.created_at >= since - CLOCK_SKEW]

    def look_up_text(self, provider_id: str) -> ProviderText | None:
        """One ``messages.fetch``."""
        try:
            return _provider_text(_asked(lambda: self._client.messages(provider_id).fetch()))
        except RefusedForGoodError:
            return None

    def texts_received(self, our_number: str, since: datetime) -> Sequence[ReceivedText]:
        """``messages.list`` by To: Twilio asks our webhook about each text once, and lists them for good."""
        listed = _asked(lambda: self._client.messages.list(to=our_number, limit=LISTING_LIMIT))
        received = (ReceivedText(str(m.sid), str(m.from_), str(m.body), _created(m.date_created))
                    for m in reversed(listed) if m.direction == "inbound")  # fmt: skip
        return [text for text in received if text.created_at >= since - CLOCK_SKEW]

    def thanks(self) -> str:
        """An empty messaging response: TwiML for calls has verbs that are none in it."""
        return str(MessagingResponse())

    def render(self, reply: Reply) -> str:
        """TwiML. What is said stands inside the Gather, or keys pressed while it is said would be lost."""
        response = VoiceResponse()
        if reply.key_url is None:
            _speak(response, reply.utterances)
            response.hangup()
            return str(response)
        gather = Gather(
            input="dtmf",
            num_digits=1,
            finish_on_key="",
            timeout=reply.wait_seconds,
            action=reply.key_url,
            method="POST",
            action_on_empty_result=True,
        )
        _speak(gather, reply.utterances)
        response.append(gather)
        return str(response)

    def is_genuine(self, url: str, form: ImmutableMultiDict[str, str], signature: str) -> bool:
        """Whether Twilio signed this request: HMAC-SHA1 over the *public* address and the whole form."""
        return bool(self._validator.validate(url, form, signature))


def _widen(session: requests.Session | None) -> None:
    """The SDK keeps 10 connections; a line that places 30 calls a second needs more."""
    if session is not None:
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=CONNECTIONS)
        session.mount("https://", adapter)
        session.mount("http://", adapter)


def _asked(request: Callable[[], _T]) -> _T:
    """Sorts what can go wrong into the port's three errors: refused for good, refused for now, uncertain."""
    try:
        return request()
    except TwilioRestException as refusal:
        if refusal.status in PASSING_REFUSALS:
            raise RefusedForNowError(str(refusal)) from refusal
        if refusal.status >= 500:
            raise UncertainError(str(refusal)) from refusal
        raise RefusedForGoodError(refusal.code or refusal.status) from refusal
    except requests.exceptions.ConnectTimeout as failure:
        raise RefusedForNowError(str(failure)) from failure
    except requests.exceptions.ConnectionError as failure:
        if _was_never_sent(failure):
            raise RefusedForNowError(str(failure)) from failure
        raise UncertainError(str(failure)) from failure
    except (requests.exceptions.RequestException, TwilioException, ValueError, KeyError) as failure:
        raise UncertainError(str(failure)) from failure


def _was_never_sent(failure: requests.exceptions.ConnectionError) -> bool:
    """A connection that was refused carried nothing; one that broke off may have carried the request."""
    return "NewConnectionError" in repr(failure)


def _provider_call(call: CallInstance) -> ProviderCall:
    return ProviderCall(
        provider_id=str(call.sid),
        to=str(call.to),
        from_=str(call._from),
        created_at=_created(call.date_created),
        ending=FINAL_STATUSES.get(str(call.status)),
        by_machine=str(call.answered_by or "").startswith("machine"),
    )


def _provider_text(message: MessageInstance) -> ProviderText:
    code = message.error_code
    return ProviderText(
        provider_id=str(message.sid),
        body=str(message.body),
        created_at=_created(message.date_created),
        state=TEXT_STATUSES.get(str(message.status), TextState.SENT),
        failure=str(code) if code else None,
    )


def _created(at: datetime | None) -> datetime:
    return at if at is not None else datetime.now(UTC)


def _speak(verb: VoiceResponse | Gather, utterances: Sequence[Utterance]) -> None:
    for utterance in utterances:
        if isinstance(utterance, Sound):
            verb.play(utterance.url)
        elif isinstance(utterance, Pause):
            verb.pause(length=utterance.seconds)
        else:
            verb.say(utterance.text, language=SAY_LANGUAGES[utterance.language])
