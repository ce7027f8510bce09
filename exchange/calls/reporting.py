"""What the service is told about a call, in Twilio's parameters."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from exchange.calls.calls import AnsweredBy, Call, Progress
from exchange.webhooks.callbacks import Callbacks, Kind

API_VERSION = "2010-04-01"


@dataclass(frozen=True)
class Account:
    """The service as the exchange's customer: credentials, its numbers, and where what comes in is reported."""

    sid: str
    auth_token: str
    numbers: tuple[str, ...]
    voice_url: str
    text_url: str
    status_url: str


class Reporter:
    """Tells the service how its calls go, without waiting for an answer."""

    def __init__(self, account: Account, callbacks: Callbacks) -> None:
        self._account = account
        self._callbacks = callbacks

    def params(self, call: Call) -> dict[str, str]:
        """What every voice request carries."""
        params = _answered_by(call) | {
            "CallSid": call.sid,
            "AccountSid": self._account.sid,
            "From": call.from_,
            "To": call.to,
            "CallStatus": call.status,
            "Direction": call.twilio_direction,
            "ApiVersion": API_VERSION,
        }
        return params if call.parent_sid is None else params | {"ParentCallSid": call.parent_sid}

    def progress(self, call: Call, progress: Progress) -> None:
        """Reports progress to the call's StatusCallback, if that was asked for; reports are numbered from 0."""
        if call.orders.status is None or progress not in call.orders.reports:
            return
        params = self.params(call) | {
            "SequenceNumber": str(call.reported),
            "Timestamp": format_datetime(datetime.now(UTC)),
            "CallbackSource": "call-progress-events",
        }
        if progress is Progress.INITIATED:
            params["CallStatus"] = Progress.INITIATED
        if progress is Progress.COMPLETED:
            params |= {"CallDuration": str(call.duration), "Duration": str(-(-call.duration // 60))}
        call.reported += 1
        self._callbacks.send(Kind.STATUS, call.orders.status, params, call.subject)

    def detected(self, call: Call, by: AnsweredBy, seconds: float) -> None:
        """Reports who picked up, found after ``seconds`` of listening, where that was asked for."""
        if call.orders.detection is None or call.orders.detection.report is None:
            return
        params = {
            "CallSid": call.sid,
            "AccountSid": self._account.sid,
            "AnsweredBy": by,
            "MachineDetectionDuration": str(int(seconds * 1000)),
        }
        self._callbacks.send(Kind.AMD, call.orders.detection.report, params, call.subject)


def _answered_by(call: Call) -> dict[str, str]:
    """What every request about a call tells that waited for this."""
    waited = call.orders.detection is not None and not call.orders.detection.is_async
    return {"AnsweredBy": call.answered_by} if waited and call.answered_by is not None else {}
