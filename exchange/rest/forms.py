"""What the service asks for over REST, read strictly out of Twilio's form parameters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from exchange.subscribers import E164, Subscriber
from exchange.twiml.verbs import Method

BAD_PARAMETER = 20001
UNAUTHORISED = 20003
NOT_FOUND = 20404
TOO_MANY_REQUESTS = 20429
SERVER_ERROR = 20500
OVERLOADED = 20503
MISSING_TO = 21201
INVALID_URL = 21205
FOREIGN_CALLER = 21210
INVALID_TO = 21211
INVALID_FROM = 21212
MISSING_FROM = 21213
NOT_IN_PROGRESS = 21220
MISSING_BODY = 21602
MISSING_TEXT_FROM = 21603
MISSING_TEXT_TO = 21604
FOREIGN_SENDER = 21606
INVALID_REPORT_URL = 21609
LARGEST_PAGE = 1000
DEFAULT_PAGE = 50

_TEXT_PARAMETERS = frozenset({"To", "From", "Body", "StatusCallback"})
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
class PartyCodes:
    """With which codes a request is refused that names nobody to reach, no number of ours, or another's."""

    missing_to: int
    missing_from: int
    foreign: int


OF_A_CALL = PartyCodes(MISSING_TO, MISSING_FROM, FOREIGN_CALLER)
OF_A_TEXT = PartyCodes(MISSING_TEXT_TO, MISSING_TEXT_FROM, FOREIGN_SENDER)


@dataclass(frozen=True)
class Page:
    """Which page of a list, from 0, and how many on each."""

    number: int
    size: int


def text_body(form: Form) -> str:
    """The body of a new text. Raises ``RefusedError``."""
    only(form, _TEXT_PARAMETERS)
    if not form.get("Body"):
        raise RefusedError(MISSING_BODY, "Body is required")
    return form.get("Body")


def parties(form: Form, numbers: Collection[str], codes: PartyCodes) -> tuple[str, str]:
    """To and From; ``numbers`` are the account's own. Raises ``RefusedError``."""
    to, from_ = form.get("To"), form.get("From")
    if not to:
        raise RefusedError(codes.missing_to, "To is required")
    if not from_:
        raise RefusedError(codes.missing_from, "From is required")
    if not E164.fullmatch(from_):
        raise RefusedError(INVALID_FROM, f"From {from_!r} is not an E.164 number")
    if from_ not in numbers:
        raise RefusedError(codes.foreign, f"From {from_!r} is not a number of this account")
    if not E164.fullmatch(to):
        raise RefusedError(INVALID_TO, f"To {to!r} is not an E.164 number")
    return to, from_


def check_reachable(subscriber: Subscriber | None) -> None:
    """Raises ``RefusedError`` with the subscriber's own code if nothing reaches that number."""
    if subscriber is not None and subscriber.refuse is not None:
        raise RefusedError(subscriber.refuse, f"{subscriber.number} cannot be reached")


def listing(query: Form, filters: Collection[str]) -> tuple[dict[str, str], Page]:
    """Filters and page of a list request. Raises ``RefusedError``."""
    only(query, _PAGING_PARAMETERS | set(filters))
    size = whole(query, "PageSize", DEFAULT_PAGE, 1, LARGEST_PAGE)
    wanted = {name: query.get(name) for name in filters if name in query}
    return wanted, Page(whole(query, "Page", 0, 0, 1_000_000), size)


def only(form: Form, known: Collection[str]) -> None:
    """Raises ``RefusedError`` where a parameter is none of these: nothing that is asked is passed over."""
    unknown = sorted(form.names() - set(known))
    if unknown:
        raise RefusedError(BAD_PARAMETER, f"this exchange does not carry out {', '.join(unknown)}")


def whole(form: Form, name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds. Raises ``RefusedError``."""
    value = form.get(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise RefusedError(BAD_PARAMETER, f"{name} {value!r} is no whole number from {least} to {most}")
    return int(value)


def method(form: Form, name: str) -> Method:
    """How an address is to be asked; POST by default. Raises ``RefusedError``."""
    value = form.get(name, Method.POST)
    if value not in list(Method):
        raise RefusedError(BAD_PARAMETER, f"{name} {value!r} is neither GET nor POST")
    return Method(value)
