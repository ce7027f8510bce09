"""What two sides have agreed to send each other (SDP, RFC 8866; RTP's payload types, RFC 3551)."""

import re
from collections.abc import Sequence

_AUDIO = re.compile(r"^m=audio [0-9]+(?:/[0-9]+)? \S+(?P<types>(?: [0-9]+)+)\s*$", re.MULTILINE)
_NAMED = re.compile(r"^a=rtpmap:(?P<type>[0-9]+) (?P<name>[^/\s]+)/", re.MULTILINE)
_EVENTS = re.compile(r"^a=rtpmap:(?P<type>[0-9]{1,3}) telephone-event/", re.MULTILINE | re.IGNORECASE)
_FIXED = {"0": "PCMU", "3": "GSM", "4": "G723", "8": "PCMA", "9": "G722", "18": "G729"}
_NO_SOUND = frozenset({"TELEPHONE-EVENT", "CN"})


def codec_of(body: str) -> str:
    """The first codec of an answer, as ``PCMA``; empty where it has none."""
    return next(iter(codecs_of(body)), "")


def codecs_of(body: str) -> Sequence[str]:
    """Every codec that a description names for its sound, the best first, as ``PCMA``."""
    audio = _AUDIO.search(body)
    named = {found["type"]: found["name"].upper() for found in _NAMED.finditer(body)}
    types = audio["types"].split() if audio else []
    names = (named.get(each) or _FIXED.get(each, "") for each in types)
    return tuple(dict.fromkeys(name for name in names if name and name not in _NO_SOUND))


def event_types_of(body: str) -> set[int]:
    """The payload types by which keys are sent (RFC 4733)."""
    return {int(found["type"]) for found in _EVENTS.finditer(body)}
