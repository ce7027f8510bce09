"""Our account at Twilio, looked at and never changed: what an operator may have set wrong there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

TIMEOUT_SECONDS = 4
_T = TypeVar("_T")


class NotAuthorisedError(Exception):
    """The provider does not accept the account's id or its token."""


class NotOfferedError(Exception):
    """This provider speaks only a part of Twilio's API, and not this one."""


class ProviderSilentError(Exception):
    """The provider could not be asked; the message says why."""


@dataclass(frozen=True)
class Standing:
    """How the account stands: ``status`` and ``kind`` in Twilio's words (``active``; ``Trial`` or ``Full``)."""

    status: str
    kind: str


@dataclass(frozen=True)
class Hook:
    """Where the provider reports something, and by which HTTP method."""

    url: str
    method: str


@dataclass(frozen=True)
class OwnNumber:
    """A number of the account. Where ``voice_elsewhere`` or ``texts_elsewhere`` is set, its hook is not used."""

    number: str
    can_call: bool
    can_text: bool
    voice: Hook
    status: Hook
    text: Hook
    voice_elsewhere: bool
    texts_elsewhere: bool


class TwilioAccount:
    """The account; every method is one request (4 s) and raises only the errors above."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        self._sid = account_sid
        self._client = Client(account_sid, auth_token, http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS))
        self._client.api.base_url = api_url.rstrip("/")

    def standing(self) -> Standing:
        """How the account stands."""
        fetched = _asked(lambda: self._client.api.v2010.accounts(self._sid).fetch())
        return Standing(str(fetched.status), str(fetched.type))

    def balance(self) -> tuple[float, str]:
        """What is left to be spent, and its currency."""
        fetched = _asked(lambda: self._client.api.v2010.accounts(self._sid).balance.fetch())
        return float(str(fetched.balance)), str(fetched.currency)

    def number(self, number: str) -> OwnNumber | None:
        """The number (E.164); None when the account does not own it."""
        found = _asked(lambda: self._client.incoming_phone_numbers.list(phone_number=number, limit=1))
        return _own_number(found[0]) if found else None


def _own_number(found: IncomingPhoneNumberInstance) -> OwnNumber:
    able = found.capabilities
    return OwnNumber(
        number=str(found.phone_number),
        can_call=_can(able, "voice"),
        can_text=_can(able, "sms"),
        voice=Hook(str(found.voice_url or ""), str(found.voice_method or "POST")),
        status=Hook(str(found.status_callback or ""), str(found.status_callback_method or "POST")),
        text=Hook(str(found.sms_url or ""), str(found.sms_method or "POST")),
        voice_elsewhere=bool(found.voice_application_sid or found.trunk_sid),
        texts_elsewhere=bool(found.sms_application_sid),
    )


def _can(capabilities: object, ability: str) -> bool:
    """Twilio has shown the same abilities in both cases."""
    known = capabilities if isinstance(capabilities, dict) else {}
    return bool(known.get(ability, known.get(ability.upper(), False)))


def _asked(request: Callable[[], _T]) -> _T:
    try:
        return request()
    except TwilioException as refusal:
        status = _status(refusal)
        if status in {401, 403}:
            raise NotAuthorisedError(f"HTTP {status}") from refusal
        if status in {400, 404, 405, 501}:
            raise NotOfferedError(f"HTTP {status}") from refusal
        raise ProviderSilentError(f"HTTP {status}" if status else type(refusal).__name__) from refusal
    except (requests.exceptions.RequestException, ValueError, KeyError) as failure:
        raise ProviderSilentError(type(failure).__name__) from failure


def _status(refusal: TwilioException) -> int:
    """The HTTP status; where a page of a list was refused, the SDK hides it in the exception's second argument."""
    if isinstance(refusal, TwilioRestException):
        return int(refusal.status)
    return int(getattr(refusal.args[1], "status_code", 0)) if len(refusal.args) > 1 else 0
