"""Escalation policies in words: one sentence for each, and the preview as a time line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contacts.queries import ResponderNear
from core.i18n import Language, listed, translate
from escalation.policies import Policy
from escalation.policy_editing.previews import Preview
from escalation.policy_editing.rehearsed_ladder import Means, Moment


@dataclass(frozen=True)
class Line:
    """One moment of a preview: ``after`` what time, how (``text`` or ``call``), and what happens."""

    after: str
    means: str
    said: str


def whom(policy: Policy, language: Language) -> str:
    """Whom a policy rings, in one sentence."""
    if not policy.rings:
        return translate(
            language, "Nobody is rung: it stands on the page of the office until somebody there closes it."
        )
    first, *then = [_step(step, language) for step in policy.steps]
    how = "First {roles}, one after the other" if policy.at_once == 1 else "First {roles}, {count} at once"
    said = translate(language, how, roles=first, count=policy.at_once)
    for each in then:
        said += translate(language, "; then {roles}", roles=each)
    return said + translate(language, ". Then the office again and again.")


def when(policy: Policy, language: Language) -> str:
    """At which hours, and whether a text goes before the call."""
    if not policy.rings:
        return ""
    hours = "At any hour." if policy.at_any_hour else "Not from {begins} until {ends}."
    gaps = {"begins": f"{policy.quiet_from:%H:%M}", "ends": f"{policy.quiet_until:%H:%M}"}
    said = (translate(language, hours, **gaps), _text(policy, language))
    return ("" if language is Language.CHINESE else " ").join(said)


def lines(shown: Preview, language: Language) -> Sequence[Line]:
    """What would happen, one line for each moment."""
    return [Line(_span(each.after, language), each.means, _said(each, shown.responders, language))
            for each in shown.played.moments]  # fmt: skip


def _step(roles: Sequence[str], language: Language) -> str:
    return listed(language, [translate(language, f"role:{role}") for role in roles])


def _text(policy: Policy, language: Language) -> str:
    if policy.text_ahead is None:
        return translate(language, "No text.")
    minutes = int(policy.text_ahead.total_seconds() // 60)
    return translate(language, "A text {minutes} min before the call." if minutes else "A text with the call.",
                     minutes=minutes)  # fmt: skip


def _span(after: timedelta, language: Language) -> str:
    seconds = int(after.total_seconds())
    if not seconds:
        return translate(language, "at once")
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}" if seconds >= 3600 else (
        f"{seconds // 60}:{seconds % 60:02}")  # fmt: skip


def _said(moment: Moment, known: Mapping[UUID, ResponderNear], language: Language) -> str:
    people = [_named(known[each], language) for each in moment.responders]
    said = "{people} {count:is|are} written to" if moment.means is Means.TEXT else "{people}: the telephone rings"
    again = ""
    if moment.means is Means.CALL and moment.asked_before:
        again = translate(language, " (time {count})", count=moment.asked_before + 1)
    return translate(language, said, people=people, count=len(people)) + again


def _named(who: ResponderNear, language: Language) -> str:
    return translate(language, "{name} ({role})", name=who.name, role=translate(language, f"role:{who.role}"))
