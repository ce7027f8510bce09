"""What the contract needs of an adapter's outside world: fates of requests, people at telephones, replies read back.

A bench says everything in the port's words, so that a test knows no provider. ``telephony`` is its adapter, and
``unreachable`` one whose provider is not there.
"""

from dataclasses import dataclass
from enum import Enum

from ivr.ports.events import Keys

OURS = "+8631186009001"
WAIT_SECONDS = 90
NO_KEY = Keys("")


class Fate(Enum):
    """What becomes of a request that changes something."""

    REFUSED_FOR_GOOD = "refused for good"
    OPTED_OUT = "opted out"
    REFUSED_FOR_NOW = "refused for now"
    ASKED_TO_WAIT = "asked to wait"
    OUR_FAULT = "our fault"
    LOST_BEFORE = "lost before it was carried out"
    LOST_AFTER = "lost after it was carried out"


@dataclass(frozen=True)
class Document:
    """A reply as the provider understands it: what is heard, in its order, and what comes then.

    ``heard`` holds words, addresses of sounds, and seconds of quiet.
    """

    heard: tuple
    asks: tuple | None = None
    """Where keys go, how many, after how many seconds, whether silence is reported, and which words are expected."""
    records: tuple | None = None
    connects: tuple | None = None
    bridges: bool = False
    goes_on: str | None = None

    @property
    def ends(self):
        """Nothing follows: the line goes dead."""
        return not (self.asks or self.records or self.connects or self.bridges or self.goes_on)
