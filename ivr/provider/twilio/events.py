"""Twilio's record of its own requests to us in a call: https://www.twilio.com/docs/voice/api/call-event-resource."""

from collections.abc import Mapping

from ivr.ports.provider import ProviderRequest
from ivr.provider.twilio.webhooks import input_of


def request_of(request: Mapping[str, object] | None, response: Mapping[str, object] | None) -> ProviderRequest:
    """One event. The names of the form's fields come as ``call_sid`` and were sent as ``CallSid``."""
    asked, answered = request or {}, response or {}
    parameters = asked.get("parameters")
    form = {_sent(str(name)): str(value) for name, value in parameters.items() if value is not None} if isinstance(
        parameters, Mapping) else {}  # fmt: skip
    return ProviderRequest(str(asked.get("url") or ""), input_of(form), _is_success(answered.get("response_code")))


def _sent(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _is_success(code: object) -> bool:
    text = str(code)
    return text.isdigit() and 200 <= int(text) < 300
