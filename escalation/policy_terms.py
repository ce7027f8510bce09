"""The terms of escalation policies as they are written down: checked when they are loaded, and laid over each other.

Terms are of a kind of case or of ``every`` kind. What is said of a kind holds before what is said of every kind; of two
that speak of the same, a campaign's hold before its community's, and these before the shipped ones.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from functools import reduce
from typing import Any, NoReturn

from contacts.models import Role
from core.errors import UserError
from core.i18n import InWords, in_words
from escalation.models import CaseKind
from escalation.policies import EVERY, KINDS, Policy, Table

Terms = Mapping[str, object]
Laid = Mapping[str, Terms]
"""Terms by kind of case, or for ``every`` kind."""
UNLIMITED = "unlimited"
LONGEST_MINUTES = 7 * 24 * 60
NO_TEXT = "no_text"
MOST_AHEAD = 4
"""Minutes: a page that has had no end after five no longer keeps the next helper from being asked (``ladder``)."""
MOST_HOURS = 7 * 24
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")
MUST_RING = frozenset({CaseKind.UNWELL})
"""Whoever has said that they are unwell is never left standing on a page, nor until the morning."""


def tables(*laid: Laid) -> Table:
    """The policy of each kind where these are laid one over the other, the most general first.

    Raises ``UserError`` for terms that nobody knows, that are missing, or that cannot be.
    """
    for each in laid:
        for name in each:
            if name not in {*KINDS, EVERY}:
                raise UserError(
                    "There is no kind of case {value} that an escalation policy could be for.",
                    way_out="Name one of: {names}.", field="kind", value=name, names=", ".join((EVERY, *KINDS)),
                )  # fmt: skip
    general = _over(each.get(EVERY, {}) for each in laid)
    return {kind: policy_of(kind, general | _over(each.get(kind, {}) for each in laid)) for kind in KINDS}


def policy_of(kind: str, terms: Terms) -> Policy:
    """The policy that these terms make; raises ``UserError`` naming the kind, the term and what it may be."""
    if unknown := sorted(terms.keys() - _TERMS.keys()):
        raise UserError(
            "The escalation policy “{kind}” has a term {field} that nobody knows.",
            way_out="The terms are: {names}.", field=unknown[0], value=terms[unknown[0]], kind=kind_in_words(kind),
            names=", ".join(_TERMS),
        )  # fmt: skip
    read: dict[str, Any] = {}
    for term, (name, reads, may_be) in _TERMS.items():
        try:
            read[name] = reads(terms.get(term))
        except (ValueError, TypeError):
            _refuse(kind, term, terms.get(term), may_be)
    if read["pause"] > read["longest_pause"]:
        _refuse(kind, "longest_pause_minutes", terms["longest_pause_minutes"], "Give no less than pause_minutes.")
    if kind in MUST_RING and not read["steps"]:
        _refuse(kind, "steps", terms["steps"], "Somebody has to be rung about this: name at least one role.")
    if kind in MUST_RING and not read["at_any_hour"]:
        _refuse(kind, "at_any_hour", terms["at_any_hour"], "Somebody has to be rung about this at any hour.")
    if kind in MUST_RING and read["text_ahead"]:
        _refuse(kind, "text_ahead_minutes", terms["text_ahead_minutes"], "No telephone waits for a text about this: 0.")
    return Policy(**read)


def kind_in_words(kind: str) -> InWords:
    """What a policy is for, in the reader's language."""
    return in_words(f"when:{kind}")


def _refuse(kind: str, term: str, value: object, may_be: str) -> NoReturn:
    written = "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    raise UserError("In the escalation policy “{kind}”, {field} cannot be {value}.", way_out=may_be, field=term,
                    value=written, kind=kind_in_words(kind))  # fmt: skip


def _over(laid: Iterable[Terms]) -> dict[str, object]:
    return reduce(lambda below, above: below | dict(above), laid, dict[str, object]())


def _number(value: object, least: int = 1, most: int = 1000) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(value)
    return value


def _urgency(value: object) -> int:
    return _number(value, 0, 9)


def _minutes(value: object) -> timedelta:
    return timedelta(minutes=_number(value, 0, LONGEST_MINUTES))


def _some_minutes(value: object) -> timedelta:
    return timedelta(minutes=_number(value, 1, LONGEST_MINUTES))


def _calls_per_hour(value: object) -> int | None:
    return None if value == UNLIMITED else _number(value)


def _text_ahead(value: object) -> timedelta | None:
    return None if value == NO_TEXT else timedelta(minutes=_number(value, 0, MOST_AHEAD))


def _hours(value: object) -> timedelta:
    return timedelta(hours=_number(value, 1, MOST_HOURS))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _time(value: object) -> time:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError(value)
    return time.fromisoformat(value)


def _steps(value: object) -> tuple[tuple[Role, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(step, list) and step for step in value):
        raise TypeError(value)
    steps = tuple(tuple(Role(role) for role in step) for step in value)
    named = [role for step in steps for role in step]
    if len(named) != len(set(named)):
        raise ValueError(value)
    return steps


_COUNT = "Give a whole number from 1 on."
_SPAN = "Give a whole number of minutes."
_DAYTIME = "Give a time of day, such as 22:00."
_TERMS: Mapping[str, tuple[str, Callable[[object], object], str]] = {
    "urgency": ("urgency", _urgency, "Give a whole number from 0 (the most urgent) to 9."),
    "steps": ("steps", _steps, "Give a list of steps, each a list of roles, and each role once."),
    "at_once": ("at_once", _number, _COUNT),
    "move_within_minutes": ("move_within", _some_minutes, _SPAN),
    "arrive_within_minutes": ("arrive_within", _some_minutes, _SPAN),
    "close_within_minutes": ("close_within", _some_minutes, _SPAN),
    "return_after_minutes": ("return_after", _some_minutes, _SPAN),
    "rounds": ("rounds", _number, _COUNT),
    "pause_minutes": ("pause", _some_minutes, _SPAN),
    "longest_pause_minutes": ("longest_pause", _some_minutes, _SPAN),
    "calls_per_hour": ("calls_per_hour", _calls_per_hour, "Give a whole number from 1 on, or \"unlimited\"."),
    "apart_minutes": ("apart", _minutes, _SPAN),
    "at_any_hour": ("at_any_hour", _flag, "Give true or false."),
    "quiet_from": ("quiet_from", _time, _DAYTIME),
    "quiet_until": ("quiet_until", _time, _DAYTIME),
    "quiet_after_last_call_minutes": ("quiet_after_last_call", _minutes, _SPAN),
    "text_ahead_minutes": ("text_ahead", _text_ahead, "Give a whole number of minutes up to 4, or \"no_text\"."),
    "link_hours": ("link_lasts", _hours, "Give a whole number of hours from 1 to 168."),
}  # fmt: skip
"""What each term is called in a ``Policy``, how it is read, and what it may be."""
