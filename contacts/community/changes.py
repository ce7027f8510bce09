"""What the office may change about its community: each value is checked alone, then the hours together."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from contacts.community.community import root_area
from contacts.models import Community
from core.actors import Actor
from core.errors import UserError
from core.i18n import Language
from core.running import events

LONGEST_NAME = 40
EARLIEST, LATEST = time(5, 0), time(23, 0)
"""Nobody is rung while the neighbourhood sleeps, whatever is typed."""
SHORTEST_HOURS = timedelta(hours=1)
WEEK = "1234567"


def change_community(session: Session, actor: Actor, community: Community, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Changes what differs (fields of ``Community``, as typed); returns each changed field's earlier value.

    Numbers that are stored already stay as they are, whatever the region and area code become. Raises ``UserError``.
    """
    values = {field: _READ[field](text.strip(), field) for field, text in wanted.items()}
    before = {field: getattr(community, field) for field, value in values.items() if getattr(community, field) != value}
    for field in before:
        setattr(community, field, values[field])
    if before.keys() & {"call_from", "call_until"}:
        _check_hours(community.call_from, community.call_until, "call-from")
    if before.keys() & {"office_from", "office_until"}:
        _check_hours(community.office_from, community.office_until, "office-from")
    if "name" in before:
        root_area(session, community).name = community.name
    if before:
        facts = {field: {"from": str(old), "to": str(values[field])} for field, old in before.items()}
        events.append(session, actor, "community.changed", community.id, changes=facts)
    return before


def _name(text: str, field: str) -> str:
    if not text or len(text) > LONGEST_NAME:
        raise _refused("The community's name has 1 to {most} characters.", "Write it as the voice is to say it.",
                       field, text, most=LONGEST_NAME)  # fmt: skip
    return text


def _zone(text: str, field: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise _refused("There is no time zone {value}.", "Write one like Asia/Shanghai.", field, text) from unknown
    return text


def _language(text: str, field: str) -> str:
    if text not in set(Language):
        known = ", ".join(Language)
        raise _refused("The language {value} is not spoken here.", "Choose one of {known}.", field, text, known=known)
    return text


def _region(text: str, field: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # only here: showing the community needs no telephone numbers

    if text.upper() not in SUPPORTED_REGIONS:
        raise _refused("There is no country {value}.", "Write its two letters, for example CN.", field, text)
    return text.upper()


def _area_code(text: str, field: str) -> str:
    if text and not (text.isascii() and text.isdigit() and 1 <= len(text) <= 5):
        raise _refused("“{value}” is not an area code.", "Write its digits, for example 0311.", field, text)
    return text


def _time(text: str, field: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day in the community's zone
    except ValueError as wrong:
        raise _refused("{value} is not a time.", "Write it as HH:MM, for example 08:00.", field, text) from wrong


def _days(text: str, field: str) -> str:
    """``12345`` or ``1-5``: 1 is Monday; empty when nobody is ever at the office."""
    first, dash, last = text.partition("-")
    if dash and first in WEEK and last in WEEK and first and last and first <= last:
        return WEEK[WEEK.index(first) : WEEK.index(last) + 1]
    days = "".join(sorted(set(text) - set(", ")))
    if not set(days) <= set(WEEK):
        raise _refused(
            "“{value}” are no days of the week.", "Write them as digits, 1 is Monday: 12345 or 1-5.", field, text
        )
    return days


def _check_hours(begin: time, end: time, field: str) -> None:
    lasting = timedelta(hours=end.hour - begin.hour, minutes=end.minute - begin.minute)
    if begin < EARLIEST or end > LATEST or lasting < SHORTEST_HOURS:
        raise _refused(
            "The hours {value} make no sense.",
            "They begin at {earliest} at the earliest, end at {latest} at the latest, and last an hour or more.",
            field,
            f"{begin:%H:%M}–{end:%H:%M}",
            earliest=f"{EARLIEST:%H:%M}",
            latest=f"{LATEST:%H:%M}",
        )


def _refused(said: str, way_out: str, field: str, value: str, **gaps: object) -> UserError:
    return UserError(said, way_out=way_out, field=field.replace("_", "-"), value=value, **gaps)


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "name": _name,
    "timezone": _zone,
    "language": _language,
    "region": _region,
    "area_code": _area_code,
    "call_from": _time,
    "call_until": _time,
    "office_from": _time,
    "office_until": _time,
    "office_days": _days,
}
FIELDS = tuple(_READ)
"""What may be changed."""
