"""Calendars as text (RFC 5545). Every event stands by itself, and at instants of UTC.

So no program has to know our time zone, or to expand a rule with exceptions: of those that are in use several lose
swapped and added shifts, or take the zone of another file (findings/).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = 75
"""Octets, without the break (section 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True)
class Entry:
    """One event: ``id`` is the same whenever it is written again; ``is_free`` does not make the time busy."""

    id: str
    begins: datetime
    ends: datetime
    title: str
    place: str
    is_free: bool = False


def written(name: str, entries: Iterable[Entry], at: datetime) -> str:
    """A calendar of that name as it stands at an instant, with CRLF at the end of each line."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(name, entries, at))


def _lines(name: str, entries: Iterable[Entry], at: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zaoan//Duty roster//EN", "CALSCALE:GREGORIAN",
                "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
                "X-PUBLISHED-TTL:PT4H")  # fmt: skip
    for each in entries:
        yield from ("BEGIN:VEVENT", f"UID:{each.id}@zaoan", f"DTSTAMP:{_instant(at)}",
                    f"DTSTART:{_instant(each.begins)}", f"DTEND:{_instant(each.ends)}",
                    f"SUMMARY:{_text(each.title)}")  # fmt: skip
        if each.place:
            yield f"LOCATION:{_text(each.place)}"
        yield from (f"TRANSP:{'TRANSPARENT' if each.is_free else 'OPAQUE'}", "END:VEVENT")
    yield "END:VCALENDAR"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Control characters are in no text (section 3.3.11)."""
    return "".join(each for each in value.translate(_ESCAPES) if each == "\t" or (each >= " " and each != "\x7f"))


def _folded(line: str) -> str:
    """Folded by octets, and never within a character."""
    parts: list[str] = []
    part, length = "", 0
    for each in line:
        size = len(each.encode())
        if length + size > _LINE:
            parts, part, length = [*parts, part], " ", 1
        part, length = part + each, length + size
    return "\r\n".join([*parts, part])
