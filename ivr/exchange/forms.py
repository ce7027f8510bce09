"""What the service asks for over REST, read strictly out of Twilio's form parameters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ivr.exchange.callbacks import Webhook
from ivr.exchange.calls import CallStatus, Orders, Progress
from ivr.exchange.subscribers import E164, Subscriber
from ivr.exchange.verbs import Method

BAD_PARAMETER = 20001
UNAUTHORISED = 20003
NOT_FOUND = 20404
TOO_MANY_REQUESTS = 20429
SERVER_ERROR = 20500
OVERLOADED = 20503
MISSING_TO = 21201
MISSING_URL = 21205
FOREIGN_CALLER = 21210
INVALID_TO = 21211
CALL_HAS_ENDED = 21220
MISSING_BODY = 21602
FOREIGN_SENDER = 21606
LONGEST_RING_SECONDS = 600
LARGEST_PAGE = 1000
DEFAULT_PAGE = 50

_CALL_PARAMETERS = frozenset(
    {
        "To",
        "From",
        "Url",
        "Method",
        "Timeout",
        "StatusCallback",
        "StatusCallbackEvent",
        "StatusCallbackMethod",
        "MachineDetection",
        "AsyncAmd",
        "AsyncAmdStatusCallback",
        "AsyncAmdStatusCallbackMethod",
        "FallbackUrl",
        "FallbackMethod",
    }
)
_TEXT_PARAMETERS = frozenset({"To", "From", "Body", "StatusCallback"})
_ENDINGS = (CallStatus.COMPLETED, CallStatus.CANCELED)
_PAGING_PARAMETERS = frozenset({"PageSize", "Page", "PageToken"})


class RefusedError(Exception):
    """A request is refused: HTTP ``status``, Twilio's ``code``, and what else the answer's head says."""

    def __init__(self, code: int, message: str, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers


class Form:
    """A form or a query, ``application/x-www-form-urlencoded``; a name may stand in it more than once."""

    def __init__(self, encoded: str) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(encoded, keep_blank_values=True):
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str, default: str = "") -> str:
        """The first value of a name."""
        return self._values[name][0] if name in self._values else default

    def all(self, name: str) -> Sequence[str]:
        """All values of a name."""
        return self._values.get(name, [])

    def names(self) -> set[str]:
        """Every name in it."""
        return set(self._values)


@dataclass(frozen=True)
class Page:
    """Which page of a list, from 0, and how many on each."""

    number: int
    size: int


def orders(form: Form) -> Orders:
    """What is asked of a new call. Raises ``RefusedError``."""
    _only(form, _CALL_PARAMETERS)
    if "Url" not in form:
        raise RefusedError(MISSING_URL, "Url is required")
    return Orders(
        voice=Webhook(form.get("Url"), _method(form, "Method")),
        ring_seconds=_whole(form, "Timeout", 60, 1, LONGEST_RING_SECONDS),
        fallback=_webhook(form, "FallbackUrl", "FallbackMethod"),
        status=_webhook(form, "StatusCallback", "StatusCallbackMethod"),
        reports=_reports(form),
        machine=_machine(form),
    )


def text_body(form: Form) -> str:
    """The body of a new text. Raises ``RefusedError``."""
    _only(form, _TEXT_PARAMETERS)
    if not form.get("Body"):
        raise RefusedError(MISSING_BODY, "Body is required")
    return form.get("Body")


def parties(form: Form, numbers: Collection[str], foreign: int) -> tuple[str, str]:
    """To and From. Raises ``RefusedError``, with the code ``foreign`` where From is none of the account's numbers."""
    to, from_ = form.get("To"), form.get("From")
    if not to:
        raise RefusedError(MISSING_TO, "To is required")
    if from_ not in numbers:
        raise RefusedError(foreign, f"From {from_!r} is not a number of this account")
    if not E164.fullmatch(to):
        raise RefusedError(INVALID_TO, f"To {to!r} is not an E.164 number")
    return to, from_


def check_reachable(subscriber: Subscriber | None) -> None:
    """Raises ``RefusedError`` with the subscriber's own code if nothing reaches that number."""
    if subscriber is not None and subscriber.refuse is not None:
        raise RefusedError(subscriber.refuse, f"{subscriber.number} cannot be reached")


def ending(form: Form) -> CallStatus:
    """How a call shall be ended: ``completed`` or ``canceled``. Raises ``RefusedError``."""
    _only(form, {"Status"})
    value = form.get("Status")
    if value not in _ENDINGS:
        raise RefusedError(BAD_PARAMETER, f"Status {value!r} is neither completed nor canceled")
    return CallStatus(value)


def listing(query: Form, filters: Collection[str]) -> tuple[dict[str, str], Page]:
    """Filters and page of a list request. Raises ``RefusedError``."""
    _only(query, _PAGING_PARAMETERS | set(filters))
    size = _whole(query, "PageSize", DEFAULT_PAGE, 1, LARGEST_PAGE)
    wanted = {name: query.get(name) for name in filters if name in query}
    return wanted, Page(_whole(query, "Page", 0, 0, 1_000_000), size)


def _only(form: Form, known: Collection[str]) -> None:
    unknown = sorted(form.names() - set(known))
    if unknown:
        raise RefusedError(BAD_PARAMETER, f"this exchange does not carry out {', '.join(unknown)}")


def _whole(form: Form, name: str, default: int, least: int, most: int) -> int:
    value = form.get(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise RefusedError(BAD_PARAMETER, f"{name} {value!r} is no whole number from {least} to {most}")
    return int(value)


def _method(form: Form, name: str) -> Method:
    value = form.get(name, Method.POST)
    if value not in list(Method):
        raise RefusedError(BAD_PARAMETER, f"{name} {value!r} is neither GET nor POST")
    return Method(value)


def _webhook(form: Form, url: str, method: str) -> Webhook | None:
    return Webhook(form.get(url), _method(form, method)) if url in form else None


def _reports(form: Form) -> frozenset[Progress]:
    wanted = form.all("StatusCallbackEvent") or [Progress.COMPLETED]
    for name in wanted:
        if name not in list(Progress):
            raise RefusedError(BAD_PARAMETER, f"StatusCallbackEvent {name!r} is none of {', '.join(Progress)}")
    return frozenset(Progress(name) for name in wanted)


def _machine(form: Form) -> Webhook | None:
    """Detection of machines is asynchronous here: it never delays what is said."""
    if "MachineDetection" not in form:
        return None
    webhook = _webhook(form, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod")
    if form.get("MachineDetection") != "Enable" or form.get("AsyncAmd") != "true" or webhook is None:
        raise RefusedError(
            BAD_PARAMETER,
            "MachineDetection is carried out as Enable with AsyncAmd=true and AsyncAmdStatusCallback only",
        )
    return webhook
