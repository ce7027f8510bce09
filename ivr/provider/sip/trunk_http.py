"""Requests to the trunk, and what can go wrong as the port's errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ivr.ports.provider import (
    REQUEST_TIMEOUT_SECONDS,
    Observer,
    OurFaultError,
    RefusedForGoodError,
    RefusedForNowError,
    UncertainError,
)
from ivr.provider.retry_after import retry_after

CONNECTIONS = 64
CONNECT_TIMEOUT_SECONDS = 1
OURS_TO_MEND = frozenset({400, 401, 403, 405})
"""Another secret, a caller number that is none of the trunk's, a telephone company that does not know us."""
REDIRECTION = 300
NEVER = frozenset({404, 422})
NOT_NOW = frozenset({429, 503})


class TrunkHttp:
    """The trunk at ``url``. Every request is answered in ten seconds or has failed."""

    def __init__(self, url: str, secret: str, observer: Observer) -> None:
        self._url, self._observer = url.rstrip("/"), observer
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS))
        self._session.trust_env = False  # no proxy stands between two processes of one machine
        self._session.headers["Authorization"] = f"Bearer {secret}"

    def asked(self, method: str, path: str, **more: Any) -> Any:
        """What is answered in JSON; None where there is nothing to be said. Raises the port's errors."""
        answer = self._accepted(self._sent(method, path, **more))
        return _read(answer) if answer.content else None

    def found(self, method: str, path: str) -> Any:
        """The same of something that may not be there: then None."""
        answer = self._sent(method, path)
        return None if answer.status_code == requests.codes.not_found else _read(self._accepted(answer))

    def content(self, path: str) -> bytes | None:
        """A file; None where there is none."""
        answer = self._sent("GET", path)
        return None if answer.status_code == requests.codes.not_found else self._accepted(answer).content

    def _sent(self, method: str, path: str, **more: Any) -> requests.Response:
        timeout = (CONNECT_TIMEOUT_SECONDS, REQUEST_TIMEOUT_SECONDS - CONNECT_TIMEOUT_SECONDS)
        try:
            answer = self._session.request(method, self._url + path, timeout=timeout, allow_redirects=False, **more)
        except requests.RequestException as failure:
            self._observer.failed(type(failure).__name__)
            raise _failure(failure) from failure
        self._observer.answered(answer.headers.get("Date"))
        return answer

    def _accepted(self, answer: requests.Response) -> requests.Response:
        if answer.ok and answer.status_code < REDIRECTION:
            return answer
        raise _refusal(answer)


def _failure(failure: requests.RequestException) -> Exception:
    """Nothing was carried where no connection came about; one that broke off may have carried the request."""
    cause = failure.args[0] if failure.args else None
    was_never_sent = isinstance(failure, requests.ConnectTimeout) or (
        isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    )
    return (RefusedForNowError if was_never_sent else UncertainError)(f"the trunk: {failure}")


def _refusal(answer: requests.Response) -> Exception:
    status, reason = answer.status_code, f"the trunk: HTTP {answer.status_code}, {answer.text[:200]}"
    if status in OURS_TO_MEND:
        return OurFaultError(reason)
    if status in NEVER:
        return RefusedForGoodError(status)
    if status in NOT_NOW:
        return RefusedForNowError(reason, _wait(answer.headers))
    return UncertainError(reason)


def _wait(headers: Mapping[str, str]) -> float:
    return retry_after(headers.get("Retry-After", ""), datetime.now(UTC)) or 0.0


def _read(answer: requests.Response) -> Any:
    """An answer that nobody can read is as good as none."""
    try:
        return answer.json()
    except ValueError as failure:
        raise UncertainError(f"the trunk: {failure}") from failure
