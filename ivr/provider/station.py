"""The station: what the telephone of this process is wired to. The entrance sets it up once."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever only writes down that somebody is to be rung needs neither voice nor provider
    from ivr.ports.provider import Telephony
    from ivr.prompts.speaker import Speaker
    from ivr.provider.line_standing import Standing

MOUTHS = min(4, os.cpu_count() or 1)
"""How many processes of this worker's speak at once while sounds are made for a round."""


@dataclass(frozen=True)
class Station:
    """The provider and how it stands, the voice, our public address, and this worker's name.

    The name is unique for each start of a process.
    """

    telephony: "Telephony"
    standing: "Standing"
    speaker: "Speaker"
    public_url: str
    worker: str

    def url(self, path: str) -> str:
        """A public address of ours."""
        return self.public_url.rstrip("/") + path


_station: Station | None = None


def set_up(station: Station) -> None:
    """From now on this process telephones through ``station``."""
    global _station
    _station = station


def carries_texts() -> bool:
    """Whether texts can be sent at all; where nobody has set the telephone up, whoever sends them will know."""
    return _station is None or _station.telephony.carries_texts


def station() -> Station:
    """The station of this process; raises ``RuntimeError`` before ``set_up``."""
    if _station is None:
        raise RuntimeError("the telephone is not set up yet")
    return _station
