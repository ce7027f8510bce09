"""Why nobody could be reached, as the network says it: the words for an office, and where they are doubtful.

A code below 128 is a cause of ITU-T Q.850, up to 699 a SIP status (RFC 3261, chapter 21); beyond are a provider's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LAST_CODE: Final = 699
_NOT_IN_SERVICE: Final = "The network says that this number is not in service."
_BUSY: Final = "The network says that the telephone is engaged."
_DECLINED: Final = "The network says that the call was declined."
_NO_ANSWER: Final = "The network says that nobody answers."
_NOT_REACHED: Final = "The network says that the telephone cannot be reached now."
NOT_CARRIED: Final = "The gateway or the network could not carry the call."
_SAID: Final[Mapping[str, tuple[int, ...]]] = {
    _NOT_IN_SERVICE: (1, 22, 28, 404, 410, 484, 604),
    _BUSY: (17, 486, 600),
    _DECLINED: (21, 603, 607),
    _NO_ANSWER: (16, 18, 19, 31, 408, 487),
    _NOT_REACHED: (20, 480),
}
_DOUBTS: Final[Mapping[int, str]] = {
    16: "An ordinary end: before an answer a gateway gave the ringing up.",
    18: "The telephone did not reply, or the network did not.",
    20: "A mobile that is out of reach or switched off.",
    31: "Some gateways write this for every end.",
    34: "No line is free: at the gateway, or in the network behind it.",
    404: "A gateway says so, too, when it has no way to the number: look at the gateway where many numbers fail so.",
    408: "Nobody answered; or, where it never rang, the gateway is dead.",
    480: "Nobody answers, a mobile is switched off, or a telephone is not registered.",
    487: "The gateway has given up, because nobody answered.",
    503: "All lines are taken, or the gateway is ill.",
}


@dataclass(frozen=True)
class Why:
    """Keys of the catalogue: what the network says, and what else it may mean; empty where that is all."""

    said: str
    doubt: str = ""


def why(code: int) -> Why | None:
    """What a code of the network means; None for one of a provider's own."""
    if not 0 < code <= LAST_CODE:
        return None
    said = next((words for words, codes in _SAID.items() if code in codes), NOT_CARRIED)
    return Why(said, _DOUBTS.get(code, ""))


def is_not_in_service(code: int) -> bool:
    """Whether a code of the network says that nobody has this number."""
    return code in _SAID[_NOT_IN_SERVICE]
