"""Requests to Twilio through its SDK: connections, time limits, and what can go wrong as the port's errors."""

from collections.abc import Callable
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ivr.ports.provider import (
    REQUEST_TIMEOUT_SECONDS,
    Observer,
    OptedOutError,
    RefusedForGoodError,
    RefusedForNowError,
    UncertainError,
)
from ivr.provider.retry_after import AskedToWaitError, refuse_for_a_while
from ivr.provider.twilio.dates import InUtc
from ivr.provider.twilio.statuses import OPTED_OUT

CONNECT_TIMEOUT_SECONDS = 3
READ_TIMEOUT_SECONDS = REQUEST_TIMEOUT_SECONDS - CONNECT_TIMEOUT_SECONDS
"""``requests`` counts connecting and waiting for the answer apart; together they are the port's ten seconds."""
CONNECTIONS = 64
PASSING_REFUSALS = frozenset({401, 403, 429})
"""The account is refused, not the number: too many requests, or credentials that an operator has to mend."""
SERVER_ERROR = 500
_T = TypeVar("_T")


def client(account_sid: str, auth_token: str, api_url: str, observer: Observer) -> Client:
    """The SDK's client of an account, for the server at ``api_url``."""
    http_client = InUtc(timeout=REQUEST_TIMEOUT_SECONDS)
    if http_client.session is not None:
        http_client.session.mount("https://", _Connections(observer))
        http_client.session.mount("http://", _Connections(observer))
        _settle(http_client.session, api_url)
    made = Client(account_sid, auth_token, http_client=http_client)
    made.api.base_url = api_url.rstrip("/")
    return made


def _settle(session: requests.Session, api_url: str) -> None:
    """Proxies and certificates as the environment has them, looked up now and not again for every request.

    ``requests`` spends a fifth of a request's processor time on that.
    """
    named = session.merge_environment_settings(api_url, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = named["proxies"], named["verify"], False


class _Connections(requests.adapters.HTTPAdapter):
    """The SDK keeps 10 connections, which is too few for 30 calls a second, and its one timeout counts twice."""

    def __init__(self, observer: Observer) -> None:
        super().__init__(pool_connections=4, pool_maxsize=CONNECTIONS)
        self._observer = observer

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        try:
            answer = super().send(request, **options | {"timeout": (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)})
        except requests.exceptions.RequestException as failure:
            self._observer.failed(type(failure).__name__)
            raise
        if answer.status_code >= SERVER_ERROR:
            self._observer.failed(f"HTTP {answer.status_code}")
        else:
            self._observer.answered(answer.headers.get("Date"))
        refuse_for_a_while(answer)
        return answer


def text_refusal_of(status: int, code: int, message: str) -> Exception:
    """What an HTTP ``status`` (not 2xx) and Twilio's ``code`` say of a text that we sent."""
    return OptedOutError(code) if code == OPTED_OUT else _refusal(status, code, message)


def _refusal(status: int, code: int, message: str) -> Exception:
    if status in PASSING_REFUSALS:
        return RefusedForNowError(message)
    return UncertainError(message) if status >= SERVER_ERROR else RefusedForGoodError(code)


def asked(request: Callable[[], _T], refusal: Callable[[int, int, str], Exception] = _refusal) -> _T:
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
    except TwilioException as failure:
        raise _page_refusal(failure, refusal) from failure
    except (
        requests.exceptions.RequestException,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as failure:
        raise UncertainError(f"{type(failure).__name__}: {failure}") from failure


def _page_refusal(failure: TwilioException, refusal: Callable[[int, int, str], Exception]) -> Exception:
    """Where a page of a list was refused, the SDK hides the answer in the exception's second argument."""
    reason = f"{type(failure).__name__}: {failure}"
    answer = failure.args[1] if len(failure.args) > 1 else None
    if not isinstance(answer, Response) or answer.ok:
        return UncertainError(reason)
    return refusal(answer.status_code, answer.status_code, reason)


def _was_never_sent(failure: requests.exceptions.ConnectionError) -> bool:
    """Nothing was carried where no connection came about; one that broke off may have carried the request."""
    if isinstance(failure, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = failure.args[0] if failure.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
