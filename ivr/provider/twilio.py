"""The Twilio adapter: the port carried out with the official SDK and TwiML.

``ZAOAN_TWILIO_API_URL`` points it at any server that speaks Twilio's API, the bundled exchange among them.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import requests
from starlette.datastructures import ImmutableMultiDict
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.twiml.messaging_response import MessagingResponse
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ivr.models import Ending, TextState
from ivr.ports.provider import (
    REQUEST_TIMEOUT_SECONDS,
    CallOrder,
    ProviderCall,
    ProviderRequest,
    ProviderText,
    ReceivedText,
    RefusedForGoodError,
    RefusedForNowError,
    Reply,
    UncertainError,
    Utterance,
)
from ivr.provider import twiml
from ivr.provider.line_standing import Standing
from ivr.provider.retry_after import AskedToWaitError, refuse_for_a_while
from ivr.provider.twilio_dates import InUtc
from ivr.provider.twilio_errors import refusal_of
from ivr.provider.twilio_events import request_of

CONNECT_TIMEOUT_SECONDS = 3
READ_TIMEOUT_SECONDS = REQUEST_TIMEOUT_SECONDS - CONNECT_TIMEOUT_SECONDS
"""``requests`` counts connecting and waiting for the answer apart; together they are the port's ten seconds."""
CONNECTIONS = 64
CLOCK_SKEW = timedelta(minutes=1)
LISTING_LIMIT = 1000
PAGE_SIZE = 200
NEWEST = 50
"""So many of the newest calls are looked at for one that we do not know."""

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
PASSING_REFUSALS = frozenset({401, 403, 429})
"""The account is refused, not the number: too many requests, or credentials that an operator has to mend."""
SERVER_ERROR = 500
NOT_FOUND = frozenset({404, 20404})
_T = TypeVar("_T")


class TwilioTelephony:
    """Twilio, or whoever speaks its API."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        self.standing = Standing()
        http_client = InUtc(timeout=REQUEST_TIMEOUT_SECONDS)
        _widen(http_client.session, self.standing)
        self._client = Client(account_sid, auth_token, http_client=http_client)
        self._client.api.base_url = api_url.rstrip("/")
        self._validator = RequestValidator(auth_token)
        self._recordings_url = f"{self._client.api.base_url}/2010-04-01/Accounts/{account_sid}/Recordings"
        self._credentials = (account_sid, auth_token)

    def place(self, order: CallOrder) -> ProviderCall:
        """One ``calls.create``; it has no idempotency key, so whatever is uncertain is said to be."""
        return _asked(
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
            _asked(lambda: self._client.api.accounts(self._credentials[0]).fetch())
            return True
        return False

    def newest_calls(self, from_: str) -> Sequence[ProviderCall]:
        """``calls.list`` by From, the newest first, as Twilio lists them."""
        listed = _asked(lambda: self._client.calls.list(from_=from_, limit=NEWEST, page_size=NEWEST))
        return [_provider_call(call) for call in listed if not call.parent_call_sid]

    def look_up(self, provider_id: str) -> ProviderCall | None:
        """One ``calls.fetch``."""
        try:
            return _asked(lambda: _provider_call(self._client.calls(provider_id).fetch()))
        except RefusedForGoodError as refusal:
            if refusal.code in NOT_FOUND:
                return None
            raise

    def calls_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderCall]:
        """``calls.list`` by To and From; the time is filtered here, because a queued call has no start time."""
        calls = _asked(
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
            listed = _asked(lambda: self._client.calls(provider_id).events.list(limit=LISTING_LIMIT))
        except RefusedForGoodError:
            return ()
        return [request_of(event.request, event.response) for event in listed]

    def cancel(self, provider_id: str) -> None:
        """Twilio leaves a call alone that was answered; one that has ended answers with an error that says so."""
        with suppress(RefusedForGoodError):
            _asked(lambda: self._client.calls(provider_id).update(status="canceled"))

    def hang_up(self, provider_id: str) -> None:
        """Ends the call; one that Twilio already ended answers with an error that says just that."""
        with suppress(RefusedForGoodError):
            _asked(lambda: self._client.calls(provider_id).update(status="completed"))

    def fetch_recording(self, provider_id: str) -> bytes:
        """The media of one recording, which the SDK has no call for; it is not there for good when Twilio says so."""
        sound = _asked(lambda: self._media(provider_id))
        if sound.status_code == requests.codes.not_found:
            raise RefusedForGoodError(sound.status_code)
        if sound.status_code != requests.codes.ok:
            raise RefusedForNowError(f"the recording {provider_id} answered {sound.status_code}")
        return sound.content

    def delete_recording(self, provider_id: str) -> None:
        """One ``recordings.delete``."""
        with suppress(RefusedForGoodError):
            _asked(lambda: self._client.recordings(provider_id).delete())

    def _media(self, provider_id: str) -> requests.Response:
        url = f"{self._recordings_url}/{provider_id}.wav"
        return requests.get(url, auth=self._credentials, timeout=REQUEST_TIMEOUT_SECONDS)

    def redirect(self, provider_id: str, url: str) -> None:
        """``calls.update`` with a new address; a call that has ended meanwhile answers with an error that says so."""
        with suppress(RefusedForGoodError):
            _asked(lambda: self._client.calls(provider_id).update(url=url, method="POST"))

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
            return _asked(lambda: _provider_text(self._client.messages(provider_id).fetch()))
        except RefusedForGoodError as refusal:
            if refusal.code in NOT_FOUND:
                return None
            raise

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
        """TwiML."""
        return twiml.of_reply(reply)

    def render_redirect(self, utterances: Sequence[Utterance], url: str) -> str:
        """TwiML."""
        return twiml.of_redirect(utterances, url)

    def is_genuine(self, url: str, form: ImmutableMultiDict[str, str], signature: str) -> bool:
        """Whether Twilio signed this request: HMAC-SHA1 over the *public* address and the whole form."""
        return bool(self._validator.validate(url, form, signature))


def _machine_detection(url: str | None) -> dict[str, str]:
    """Asynchronous detection never delays what is said; a message left after the greeting's end is heard whole.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """
    if url is None:
        return {}
    return {"machine_detection": "DetectMessageEnd", "async_amd": "true", "async_amd_status_callback": url}


class _Connections(requests.adapters.HTTPAdapter):
    """The SDK keeps 10 connections, which is too few for 30 calls a second, and its one timeout counts twice."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(pool_connections=4, pool_maxsize=CONNECTIONS)
        self._standing = standing

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        try:
            answer = super().send(request, **options | {"timeout": (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)})
        except requests.exceptions.RequestException as failure:
            self._standing.failed(type(failure).__name__)
            raise
        if answer.status_code >= SERVER_ERROR:
            self._standing.failed(f"HTTP {answer.status_code}")
        else:
            self._standing.answered(answer.headers.get("Date"))
        refuse_for_a_while(answer)
        return answer


def _widen(session: requests.Session | None, standing: Standing) -> None:
    if session is not None:
        session.mount("https://", _Connections(standing))
        session.mount("http://", _Connections(standing))


def _refusal(status: int, code: int, message: str) -> Exception:
    if status in PASSING_REFUSALS:
        return RefusedForNowError(message)
    return UncertainError(message) if status >= 500 else RefusedForGoodError(code)


def _asked(request: Callable[[], _T], refusal: Callable[[int, int, str], Exception] = _refusal) -> _T:
    """Sorts what can go wrong into the port's errors; ``refusal`` is what a status, a code and a message mean.

    An answer that nobody can read is as good as none: the request may have been carried out.
    """
    try:
        return request()
    except TwilioRestException as refused:
        raise refusal(refused.status, refused.code or refused.status, str(refused.msg)) from refused
    except TwilioServiceException as refused:
        raise refusal(refused.status, refused.code, str(refused.title)) from refused
    except AskedToWaitError as refused:
        raise RefusedForNowError(str(refused), refused.seconds) from refused
    except requests.exceptions.ConnectionError as failure:
        if _was_never_sent(failure):
            raise RefusedForNowError(str(failure)) from failure
        raise UncertainError(str(failure)) from failure
    except (
        requests.exceptions.RequestException,
        TwilioException,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as failure:
        raise UncertainError(f"{type(failure).__name__}: {failure}") from failure


def _was_never_sent(failure: requests.exceptions.ConnectionError) -> bool:
    """Nothing was carried where no connection came about; one that broke off may have carried the request."""
    if isinstance(failure, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = failure.args[0] if failure.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


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
    code = message.error_code
    return ProviderText(
        provider_id=str(message.sid),
        body=str(message.body),
        created_at=_created(message.date_created),
        state=TEXT_STATUSES.get(str(message.status), TextState.SENT),
        failure=str(code) if code else None,
    )


def is_machine(answered_by: str) -> bool:
    """Whether Twilio's ``AnsweredBy`` means that no person is there; ``unknown`` does not."""
    return answered_by.startswith("machine") or answered_by == "fax"


def greeting_is_over(answered_by: str) -> bool:
    """Whether a machine has finished its greeting and records what is said now."""
    return answered_by.startswith("machine_end")


def _created(at: datetime | None) -> datetime:
    return at if at is not None else datetime.now(UTC)
