"""Filters of lists: by a name's value, and by an instant that is on, at or before, or at or after what is given."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from exchange.rest.forms import BAD_PARAMETER, RefusedError

_BEFORE, _AFTER = "<", ">"


def instant_filters(*names: str) -> tuple[str, ...]:
    """The parameters that filter by these instants: ``StartTime``, ``StartTime<`` and ``StartTime>``."""
    return tuple(name + sign for name in names for sign in ("", _BEFORE, _AFTER))


def fits(wanted: Mapping[str, str], has: Mapping[str, str | datetime | None]) -> bool:
    """Whether something that ``has`` these values fits all that is wanted. Raises ``RefusedError``."""
    return all(_fits(name, value, has[name.rstrip(_BEFORE + _AFTER)]) for name, value in wanted.items())


def _fits(name: str, wanted: str, has: str | datetime | None) -> bool:
    if isinstance(has, str):
        return has == wanted
    instant, day = _instant(name, wanted)
    if has is None:
        return False
    if name.endswith(_BEFORE):
        return has <= instant
    if name.endswith(_AFTER):
        return has >= instant
    return has.astimezone(UTC).date() == day


def _instant(name: str, value: str) -> tuple[datetime, date]:
    """A date is its midnight, UTC; only whole seconds count, as in what is listed."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise RefusedError(BAD_PARAMETER, f"{name} {value!r} is neither a date nor a time (ISO 8601)") from error
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at, at.astimezone(UTC).date()
