"""What the service asks of a call over REST, in Twilio's parameters: a new one's orders, and changes to a live one.

https://www.twilio.com/docs/voice/api/call-resource describes them.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from exchange.calls.calls import CallStatus, Detection, Orders, Progress
from exchange.rest.forms import BAD_PARAMETER, INVALID_REPORT_URL, INVALID_URL, Form, RefusedError, method, only, whole
from exchange.webhooks.callbacks import Webhook

LONGEST_RING_SECONDS = 600
LONGEST_CALL_SECONDS = 4 * 3600
LONGEST_DOCUMENT = 4000
_WORDS = frozenset({"Url", "Method", "Twiml", "FallbackUrl", "FallbackMethod"})
_REPORTS = frozenset({"StatusCallback", "StatusCallbackMethod"})
_DETECTION = frozenset({"MachineDetection", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"})
_LISTENING = {
    "MachineDetectionTimeout": (3, 59),
    "MachineDetectionSpeechThreshold": (1000, 6000),
    "MachineDetectionSpeechEndThreshold": (500, 5000),
    "MachineDetectionSilenceTimeout": (2000, 10000),
}
"""The bounds of each; the thresholds tune an ear that this exchange, which knows who picks up, does not need."""
_NEW = _WORDS | _REPORTS | _DETECTION | set(_LISTENING) | {"To", "From", "Timeout", "TimeLimit", "StatusCallbackEvent"}
_CHANGES = _WORDS | _REPORTS | {"Status"}
_ENDINGS = (CallStatus.COMPLETED, CallStatus.CANCELED)
_UNTIL_THE_MESSAGE = {"Enable": False, "DetectMessageEnd": True}


@dataclass(frozen=True)
class Change:
    """What shall become of a live call: another ``voice`` to follow, or its ``ending``; else only ``orders`` change."""

    orders: Orders
    voice: Webhook | None
    ending: CallStatus | None


def orders(form: Form) -> Orders:
    """What is asked of a new call. Raises ``RefusedError``."""
    only(form, _NEW)
    voice = _voice(form)
    if voice is None:
        raise RefusedError(INVALID_URL, "Url is required, or Twiml")
    return Orders(
        voice=voice,
        ring_seconds=whole(form, "Timeout", 60, 1, LONGEST_RING_SECONDS),
        fallback=_webhook(form, "FallbackUrl", "FallbackMethod", INVALID_URL),
        status=_webhook(form, "StatusCallback", "StatusCallbackMethod", INVALID_REPORT_URL),
        reports=_reports(form),
        detection=_detection(form),
        longest_seconds=whole(form, "TimeLimit", LONGEST_CALL_SECONDS, 1, LONGEST_CALL_SECONDS),
    )


def change(form: Form, before: Orders) -> Change:
    """What is asked of a live call with the orders ``before``. Raises ``RefusedError``."""
    only(form, _CHANGES)
    if not form.names():
        raise RefusedError(BAD_PARAMETER, "nothing is to be changed")
    voice = _voice(form)
    if voice is not None and "Status" in form:
        raise RefusedError(BAD_PARAMETER, "Status ends a call, Url or Twiml goes on with it: not both")
    after = replace(
        before,
        fallback=_webhook(form, "FallbackUrl", "FallbackMethod", INVALID_URL) or before.fallback,
        status=_webhook(form, "StatusCallback", "StatusCallbackMethod", INVALID_REPORT_URL) or before.status,
    )
    return Change(after, voice, _ending(form) if "Status" in form else None)


def _ending(form: Form) -> CallStatus:
    value = form.get("Status")
    if value not in _ENDINGS:
        raise RefusedError(BAD_PARAMETER, f"Status {value!r} is neither completed nor canceled")
    return CallStatus(value)


def _voice(form: Form) -> Webhook | None:
    if "Twiml" not in form:
        return _webhook(form, "Url", "Method", INVALID_URL)
    document = form.get("Twiml")
    if "Url" in form or not 0 < len(document) <= LONGEST_DOCUMENT:
        raise RefusedError(BAD_PARAMETER, f"Twiml has up to {LONGEST_DOCUMENT} characters and stands in place of Url")
    return Webhook("", document=document)


def _webhook(form: Form, url: str, asked_with: str, invalid: int) -> Webhook | None:
    if url not in form:
        return None
    address = urlsplit(form.get(url))
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise RefusedError(invalid, f"{url} {form.get(url)!r} is not a valid URL")
    return Webhook(form.get(url), method(form, asked_with))


def _reports(form: Form) -> frozenset[Progress]:
    wanted = form.all("StatusCallbackEvent") or [Progress.COMPLETED]
    for name in wanted:
        if name not in list(Progress):
            raise RefusedError(BAD_PARAMETER, f"StatusCallbackEvent {name!r} is none of {', '.join(Progress)}")
    return frozenset(Progress(name) for name in wanted)


def _detection(form: Form) -> Detection | None:
    bounds = {name: whole(form, name, least, least, most) for name, (least, most) in _LISTENING.items() if name in form}
    wanted, is_async = form.get("MachineDetection", "Enable"), form.get("AsyncAmd", "false")
    if wanted not in _UNTIL_THE_MESSAGE:
        raise RefusedError(BAD_PARAMETER, f"MachineDetection {wanted!r} is neither Enable nor DetectMessageEnd")
    if is_async not in {"true", "false"}:
        raise RefusedError(BAD_PARAMETER, f"AsyncAmd {is_async!r} is neither true nor false")
    report = _webhook(form, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", INVALID_REPORT_URL)
    if "MachineDetection" not in form:
        return None
    return Detection(
        until_the_message=_UNTIL_THE_MESSAGE[wanted],
        is_async=is_async == "true",
        report=report if is_async == "true" else None,
        within_seconds=bounds.get("MachineDetectionTimeout", Detection.within_seconds),
    )
