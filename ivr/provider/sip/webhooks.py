"""The trunk's requests to us: whether it has sealed them, and what they say.

The seal is an HMAC-SHA256 over our public address as it was asked for and the body, with the secret that both know.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

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
)
from ivr.provider.sip.outcomes import ending_of

SEAL: Final = "Trunk-Seal"
NO_CALL: Final = "00000000-0000-0000-0000-000000000000"
Fields = Mapping[str, Any]


def opened(secret: str, request: WebhookRequest) -> "SipWebhook | None":
    """The request, if its seal is right."""
    given = (request.headers.get(SEAL) or "").encode()
    if not hmac.compare_digest(given, seal(secret, request.url, request.body).encode()):
        return None
    try:
        told = json.loads(request.body)
    except ValueError:
        return None
    return SipWebhook(_without_nul(told)) if isinstance(told, dict) else None


def seal(secret: str, url: str, body: bytes) -> str:
    """What proves that the trunk has asked ``url``."""
    return hmac.new(secret.encode(), url.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def report_of_no_call(secret: str, url: str) -> WebhookRequest:
    """A report as the trunk would send it to ``url``, of a call that there is not."""
    body = json.dumps({"call": NO_CALL, "outcome": None}).encode()
    return WebhookRequest(url, {SEAL: seal(secret, url, body), "Content-Type": "application/json"}, body)


class SipWebhook:
    """A JSON object of the trunk's."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def turn(self) -> TurnReport:
        """What was pressed, recorded, or came of connecting somebody."""
        fields = self._fields
        failed = Failure(fields["failed"], fields.get("why", "")) if "failed" in fields else None
        return TurnReport(self._field("call"), fields.get("party", ""), input_of(fields), failed)

    def call_report(self) -> CallReport:
        """How the call stands."""
        call = self._field("call")
        if "outcome" not in self._fields:
            raise IncompleteError("the report has no outcome")
        told = self._fields
        return CallReport(
            call, ending_of(told["outcome"]), bool(told.get("by_machine")), told.get("code"), announcement_of(told)
        )

    def machine_report(self) -> MachineReport:
        """Who has answered, by what was heard."""
        call = self._field("call")
        if "machine" not in self._fields:
            raise IncompleteError("the report has no machine")
        return MachineReport(call, bool(self._fields["machine"]), bool(self._fields.get("listening")))

    def inbound_call(self) -> InboundCall:
        """Whoever withholds their number has none here."""
        return InboundCall(self._field("call"), self._fields.get("caller") or None, self._field("number"))

    def inbound_text(self) -> InboundText:
        """There are none."""
        raise IncompleteError("the trunk carries no texts")

    def text_report(self) -> TextReport:
        """There are none."""
        raise IncompleteError("the trunk carries no texts")

    def _field(self, name: str) -> str:
        if (value := self._fields.get(name)) and isinstance(value, str):
            return value
        raise IncompleteError(f"the report has no {name}")


def announcement_of(told: Fields) -> RecordingReport | None:
    """What the network said instead of an answer."""
    heard = told.get("announcement")
    return RecordingReport(heard["recording"], int(heard["seconds"])) if heard else None


def input_of(told: Fields) -> Input:
    """What somebody did at the telephone."""
    if "leg" in told:
        return LegReport(told["leg"], ending_of(told.get("leg_outcome")) or Ending.COMPLETED, bool(told.get("talked")))
    if recording := told.get("recording"):
        return RecordingReport(recording, int(told.get("seconds", 0)))
    return Keys(told.get("keys", ""))


def _without_nul(told: Fields) -> Fields:
    return {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in told.items()}
