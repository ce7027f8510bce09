"""How often a token may ask: a bucket of requests that fills again evenly, in each process for itself."""

from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from uuid import UUID

from core.errors import UserError

MOST_KNOWN = 10_000


class TooManyRequestsError(UserError):
    """The token has asked too often (HTTP 429); after ``seconds`` the next request is let in."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("This token has sent too many requests.", way_out="Wait {seconds} s.", seconds=seconds)
        self.seconds = seconds


@dataclass
class _Bucket:
    left: float
    at: float


class RateLimits:
    """The buckets of all tokens: each holds a minute's requests, and fills with so many a minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._guard = Lock()
        self._buckets: dict[UUID | None, _Bucket] = {}

    def take(self, token_id: UUID | None) -> None:
        """One request more; raises ``TooManyRequestsError``."""
        with self._guard:
            bucket = self._filled(token_id)
            if bucket.left < 1:
                raise TooManyRequestsError(max(1, ceil((1 - bucket.left) * 60 / self._per_minute)))
            bucket.left -= 1

    def told(self, token_id: UUID | None) -> dict[str, int]:
        """What an answer tells of it, by the names of its headers."""
        with self._guard:
            left = int(self._filled(token_id).left)
        return {"ratelimit-limit": self._per_minute, "ratelimit-remaining": left}

    def _filled(self, token_id: UUID | None) -> _Bucket:
        now = monotonic()
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.clear()
        bucket = self._buckets.setdefault(token_id, _Bucket(self._per_minute, now))
        bucket.left = min(self._per_minute, bucket.left + (now - bucket.at) * self._per_minute / 60)
        bucket.at = now
        return bucket
