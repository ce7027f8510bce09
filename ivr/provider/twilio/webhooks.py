"""Twilio's requests to us: whether it has signed them, and what they say.

The signature covers our *public* address as it was asked for, percent-escapes and query untouched, and the whole form:
https://www.twilio.com/docs/usage/security#validating-requests. Nothing else of a request is looked at before it fits.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from ivr.models import Ending
from ivr.ports.events import (
    CallReport,
    Failure,
    InboundCall,
    InboundText,
    IncompleteError,
    Input,
    Keys,
    LegReport,
    MachineReport,
    RecordingReport,
    TextReport,
    TurnReport,
    WebhookRequest,
    Words,
)
from ivr.provider.twilio.statuses import FINAL_STATUSES, greeting_is_over, is_machine, text_state

SIGNATURE = "X-Twilio-Signature"
MOST_FIELDS = 500
RECORDING_ID = re.compile("RE[0-9a-f]{32}")
CONFIDENCE = re.compile(r"[01](\.[0-9]+)?")
MOST_DIGITS = 6
"""No number of seconds has more."""
NO_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""How Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad."""
Fields = Mapping[str, str]


def opened(validator: RequestValidator, request: WebhookRequest) -> "TwilioWebhook | None":
    """The request, if its signature is right."""
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # neither UTF-8 nor a form
        return None
    if not validator.validate(request.url, ImmutableMultiDict(pairs), request.headers.get(SIGNATURE, "")):
        return None
    return TwilioWebhook({name: value.replace("\0", "") for name, value in pairs})


def report_of_no_call(auth_token: str, url: str) -> WebhookRequest:
    """A report as Twilio would send it to ``url``, of a call that there is not."""
    form = {"CallSid": "CA" + "0" * 32, "CallStatus": "ringing"}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        SIGNATURE: RequestValidator(auth_token).compute_signature(url, form),
    }
    return WebhookRequest(url, headers, urlencode(form).encode())


class TwilioWebhook:
    """A form of Twilio's: https://www.twilio.com/docs/voice/twiml#request-parameters and the pages beside it."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def turn(self) -> TurnReport:
        """The request for a TwiML document; ``ErrorUrl`` is there when another one could not be had."""
        fields = self._fields
        party = fields.get("From" if fields.get("Direction") == "inbound" else "To", "")
        failed = Failure(fields["ErrorUrl"], fields.get("ErrorCode", "")) if "ErrorUrl" in fields else None
        return TurnReport(self._field("CallSid"), party, input_of(fields), failed)

    def call_report(self) -> CallReport:
        """``StatusCallback``."""
        fields, ending = self._fields, FINAL_STATUSES.get(self._field("CallStatus"))
        return CallReport(self._field("CallSid"), ending, is_machine(fields.get("AnsweredBy", "")))

    def machine_report(self) -> MachineReport:
        """``AsyncAmdStatusCallback``."""
        who = self._field("AnsweredBy")
        return MachineReport(self._field("CallSid"), is_machine(who), greeting_is_over(who))

    def inbound_call(self) -> InboundCall:
        """Whoever withholds their number has a word, or a number that spells one, in its place."""
        number = self._fields.get("From", "").strip()
        is_told = any(map(str.isdigit, number)) and number not in NO_NUMBERS
        return InboundCall(self._field("CallSid"), number if is_told else None, self._field("To"))

    def inbound_text(self) -> InboundText:
        """The webhook of a number for messages."""
        return InboundText(self._field("MessageSid"), self._fields.get("From", ""), self._fields.get("Body", ""))

    def text_report(self) -> TextReport:
        """``StatusCallback`` of a message."""
        code = self._fields.get("ErrorCode")
        return TextReport(self._field("MessageSid"), text_state(self._field("MessageStatus"), code), code)

    def _field(self, name: str) -> str:
        if value := self._fields.get(name):
            return value
        raise IncompleteError(f"the form has no {name}")


def input_of(fields: Fields) -> Input:
    """What a form says that somebody did; whatever means nothing is no key."""
    if dialled := fields.get("DialCallStatus"):
        connected = dialled in {"completed", "answered"} and fields.get("DialBridged") != "false"
        return LegReport(fields.get("DialCallSid", ""), FINAL_STATUSES.get(dialled, Ending.COMPLETED), connected)
    digits = fields.get("Digits", "")
    if not digits and (said := fields.get("SpeechResult")):
        return Words(said, _certainty(fields.get("Confidence", "")))
    if fields.get("RecordingStatus", "completed") == "completed" and (recording := fields.get("RecordingSid")):
        return _recorded(recording, fields.get("RecordingDuration", ""))
    return Keys(digits or fields.get("FinishedOnKey", ""))


def _recorded(recording: str, seconds: str) -> Input:
    """What does not name a recording is none, and never a key, whatever else the form says."""
    return RecordingReport(recording, _seconds(seconds)) if RECORDING_ID.fullmatch(recording) else Keys("")


def _seconds(text: str) -> int:
    """Whole seconds; 0 where Twilio does not know, whatever it writes then."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def _certainty(text: str) -> float:
    return float(text) if CONFIDENCE.fullmatch(text) else 0.0
