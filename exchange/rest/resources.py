"""Calls and texts as Twilio's JSON, lists page by page.

Shapes: https://www.twilio.com/docs/voice/api/call-resource and https://www.twilio.com/docs/messaging/api/message-resource.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import TypeVar
from urllib.parse import urlencode

from exchange.calls.calls import Call
from exchange.calls.reporting import API_VERSION, Account
from exchange.calls.texts import Text
from exchange.parties.recordings import Recording
from exchange.webhooks.requests import UNANSWERED, Request

_T = TypeVar("_T")
_LISTS = {"IncomingPhoneNumbers": "incoming_phone_numbers"}
_PARTS_OF_A_CALL = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def account_resource(account: Account) -> dict[str, object]:
    """The account itself, as https://www.twilio.com/docs/iam/api/account shows it; never its token."""
    return {
        "sid": account.sid,
        "owner_account_sid": account.sid,
        "friendly_name": "Exchange",
        "status": "active",
        "type": "Full",
        "date_created": None,
        "date_updated": None,
        "uri": f"{account_uri(account.sid)}.json",
        "subresource_uris": {},
    }


def number_resource(account: Account, number: str) -> dict[str, object]:
    """One of the account's numbers: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource."""
    sid = f"PN{hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()}"
    return {
        "sid": sid,
        "account_sid": account.sid,
        "phone_number": number,
        "friendly_name": number,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "voice_url": account.voice_url,
        "voice_method": "POST",
        "voice_fallback_url": None,
        "voice_fallback_method": "POST",
        "voice_caller_id_lookup": False,
        "voice_application_sid": None,
        "voice_receive_mode": "voice",
        "sms_url": account.text_url,
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
        "sms_application_sid": None,
        "status_callback": account.status_url,
        "status_callback_method": "POST",
        "trunk_sid": None,
        "origin": "twilio",
        "status": "in-use",
        "beta": False,
        "api_version": API_VERSION,
        "date_created": None,
        "date_updated": None,
        "uri": f"{account_uri(account.sid)}/IncomingPhoneNumbers/{sid}.json",
        "subresource_uris": {},
    }


def call_resource(account_sid: str, call: Call) -> dict[str, object]:
    """A call; its instants are real, its ``duration`` people's seconds."""
    uri = f"{account_uri(account_sid)}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": account_sid,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "status": call.status,
        "direction": call.twilio_direction,
        "answered_by": call.answered_by,
        "date_created": _instant(call.created_at),
        "date_updated": _instant(call.ended_at or call.answered_at or call.started_at or call.created_at),
        "start_time": _instant(call.started_at),
        "end_time": _instant(call.ended_at),
        "duration": str(call.duration) if call.ended_at else None,
        "queue_time": _milliseconds(call.created_at, call.started_at),
        "api_version": API_VERSION,
        "annotation": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "parent_call_sid": call.parent_sid,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {part: f"{uri}/{part.title().replace('_', '')}.json" for part in _PARTS_OF_A_CALL},
    }


def text_resource(account_sid: str, text: Text) -> dict[str, object]:
    """A text message; its instants are real."""
    uri = f"{account_uri(account_sid)}/Messages/{text.sid}"
    return {
        "sid": text.sid,
        "account_sid": account_sid,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "direction": text.twilio_direction,
        "error_code": text.error_code,
        "error_message": None if text.error_code is None else "Unreachable destination handset",
        "date_created": _instant(text.created_at),
        "date_updated": _instant(text.sent_at or text.created_at),
        "date_sent": _instant(text.sent_at),
        "api_version": API_VERSION,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def recording_resource(account_sid: str, recording: Recording) -> dict[str, object]:
    """A recording; its instants are real."""
    uri = f"{account_uri(account_sid)}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": account_sid,
        "call_sid": recording.call,
        "conference_sid": None,
        "status": "completed",
        "source": "RecordVerb",
        "channels": 1,
        "duration": str(round(recording.seconds)),
        "start_time": _instant(recording.begun_at),
        "date_created": _instant(recording.begun_at),
        "date_updated": _instant(recording.kept_at),
        "api_version": API_VERSION,
        "error_code": None,
        "encryption_details": None,
        "price": None,
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "media_url": uri,
        "subresource_uris": {},
    }


def event_resource(request: Request) -> dict[str, object]:
    """A request to the service, as https://www.twilio.com/docs/voice/api/call-event-resource shows it."""
    parameters = {_snake(name): value for name, value in request.params.items()}
    return {
        "request": {"url": request.url, "method": request.method, "parameters": parameters},
        "response": {
            "date_created": _instant(request.sent_at),
            "request_duration": round(request.seconds * 1000),
            "response_code": UNANSWERED if request.status is None else request.status,
            "content_type": None,
            "response_body": None,
        },
    }


def page(
    path: str, filters: dict[str, str], number: int, size: int, found: Sequence[_T], show: Callable[[_T], object]
) -> dict[str, object]:
    """Page ``number`` (from 0) of what was found, under the list's own name, with the addresses of its neighbours."""
    start = number * size
    shown = found[start : start + size]
    name = path.rsplit("/", 1)[1].removesuffix(".json")

    def uri(other: int) -> str:
        return f"{path}?{urlencode({**filters, 'PageSize': size, 'Page': other})}"

    return {
        _LISTS.get(name, name.lower()): [show(one) for one in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if start + size < len(found) else None,
    }


def account_uri(account_sid: str) -> str:
    """Where everything of an account stands."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def _snake(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _instant(at: datetime | None) -> str | None:
    """RFC 2822, to the second, as Twilio writes it."""
    return None if at is None else format_datetime(at)


def _milliseconds(begin: datetime, end: datetime | None) -> str | None:
    return None if end is None else str(int((end - begin).total_seconds() * 1000))
