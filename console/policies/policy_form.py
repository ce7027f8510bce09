"""The form of a policy: its terms as they stand in it, and as they are read from it."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData

from contacts.models import Role
from escalation.policies import DUTY, EVERY
from escalation.policy_editing.written import WrittenPolicy
from escalation.policy_terms import NO_TEXT, UNLIMITED, Terms

STEPS = tuple(str(number) for number in range(1, len(Role) + 1))
AHEAD = (NO_TEXT, "0", "1", "2", "3", "4")
NUMBERS = (
    "at_once", "rounds", "pause_minutes", "longest_pause_minutes", "calls_per_hour", "apart_minutes",
    "move_within_minutes", "arrive_within_minutes", "close_within_minutes", "return_after_minutes",
    "quiet_after_last_call_minutes", "link_hours",
)  # fmt: skip
TIMES = ("quiet_from", "quiet_until")
OF_EVERY = (
    "rounds", "pause_minutes", "longest_pause_minutes", "calls_per_hour", "apart_minutes", "return_after_minutes",
    "quiet_from", "quiet_until", "quiet_after_last_call_minutes", "text_ahead_minutes", "link_hours",
)  # fmt: skip
"""What makes sense to say of every kind at once."""
NOT_OF_DUTY = frozenset({
    "move_within_minutes", "arrive_within_minutes", "close_within_minutes", "return_after_minutes", "rounds",
    "pause_minutes", "longest_pause_minutes", "calls_per_hour", "apart_minutes", "at_any_hour", "text_ahead_minutes",
    "link_hours", *TIMES, "quiet_after_last_call_minutes",
})  # fmt: skip
"""What nobody reads of the duty telephones, which are rung while a resident waits on the line."""
_ALL = ("steps", *NUMBERS, *TIMES, "at_any_hour", "text_ahead_minutes")


def terms_shown(kind: str) -> Sequence[str]:
    """The terms that the form of a kind has."""
    if kind == EVERY:
        return OF_EVERY
    return [each for each in _ALL if kind != DUTY or each not in NOT_OF_DUTY]


def values_of(terms: Terms) -> Mapping[str, str]:
    """What stands in the form: by the name of its field; ``step.ROLE`` is the step on which a role is asked."""
    found = {name: "" if terms.get(name) == UNLIMITED else str(terms.get(name, "")) for name in NUMBERS}
    found |= {name: _minute(terms.get(name)) for name in TIMES}
    steps = terms.get("steps")
    asked = {role: str(at) for at, step in enumerate(steps if isinstance(steps, list) else (), 1) for role in step}
    return {
        **found,
        **{f"step.{role}": asked.get(role, "") for role in Role},
        "at_any_hour": "yes" if terms.get("at_any_hour") else "no",
        "text_ahead_minutes": str(terms.get("text_ahead_minutes", "")),
    }


def typed(form: FormData, kind: str) -> Mapping[str, str]:
    """What somebody has typed, as it stood in the form."""
    names = [each for each in terms_shown(kind) if each != "steps"]
    names += [f"step.{role}" for role in Role] if "steps" in terms_shown(kind) else []
    return {name: str(form.get(name, ""))[:40].strip() for name in names}


def terms_of(told: Mapping[str, str], known: WrittenPolicy) -> Terms:
    """The terms that the form says, over those of this scope that it does not show. What cannot be read stays as it
    was typed, for whoever checks it."""
    read = {name: _read(name, told[name]) for name in terms_shown(known.kind) if name != "steps"}
    read |= {
        name: known.terms[name] for name in TIMES if read.get(name) and read[name] == _minute(known.terms.get(name))
    }
    if "steps" in terms_shown(known.kind):
        read["steps"] = _as_before(_steps(told), known.terms.get("steps"))
    return dict(known.own) | read


def _as_before(steps: list[list[str]], before: object) -> object:
    """Who stands on the same step stands in no order: where nothing else differs it is as it was."""
    known = before if isinstance(before, list) else []
    return known if [set(each) for each in steps] == [set(each) for each in known] else steps


def _minute(at: object) -> str:
    """A time of day as a form shows it; one between two minutes stays what it is as long as nobody types another."""
    return str(at or "")[:5]


def _read(name: str, value: str) -> object:
    if name == "at_any_hour":
        return value == "yes"
    if name == "calls_per_hour" and not value:
        return UNLIMITED
    return int(value) if name not in TIMES and value.isascii() and value.isdigit() and len(value) < 8 else value


def _steps(told: Mapping[str, str]) -> list[list[str]]:
    """Steps without anybody are left out, so that a gap between two numbers means nothing."""
    on = [[role.value for role in Role if told.get(f"step.{role}") == step] for step in STEPS]
    return [roles for roles in on if roles]
