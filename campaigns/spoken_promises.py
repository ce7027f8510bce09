"""What residents are told of the help for them while they are on the telephone: only what is so.

A dialogue says "I am telling a helper now". Where no telephone can be rung, or not before the morning, the words in
``INSTEAD`` are said in their place: what they have said stands on the office's page, which is true whatever happens.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from escalation import queries as escalation
from escalation.models import Case
from escalation.promises import Help, promise
from ivr.dialogue import Dialogue, Prompt, Turn

INSTEAD = {
    "check_in.unwell": "check_in.unwell_noted",
    "check_in.needs_supplies": "check_in.needs_supplies_noted",
    "check_in.wants_person": "check_in.wants_person_noted",
    "check_in.not_taken": "check_in.not_taken_noted",
    "check_in.silent": "check_in.silent_noted",
    "check_in.told": "check_in.told_noted",
    "unknown.silent": "unknown.silent_noted",
    "notice.told": "notice.told_noted",
}
_SO = frozenset({Help.RINGING, Help.TAKEN})


def prepared(dialogue: Dialogue) -> Dialogue:
    """The dialogue, with sound made beforehand for what may have to be said instead."""
    spare = tuple(_instead(prompt) for prompt in dialogue.prompts() if prompt.key in INSTEAD and not prompt.slower)
    return dialogue.model_copy(update={"spare": spare})


def truthful(session: Session, turn: Turn, resident_ids: Sequence[UUID]) -> Turn:
    """The turn in words that are so; ``resident_ids`` are whom it may be about, where its facts do not say."""
    if not any(prompt.key in INSTEAD for prompt in turn.say):
        return turn
    named = [UUID(fact.subject) for fact in turn.facts if fact.subject]
    cases = [escalation.latest_case_about(session, each) for each in dict.fromkeys(named or resident_ids)]
    if all(is_so(session, case) for case in cases if case is not None):
        return turn
    return replace(turn, say=tuple(_instead(prompt) if prompt.key in INSTEAD else prompt for prompt in turn.say))


def is_so(session: Session, case: Case) -> bool:
    """Whether a telephone rings about the case, or is about to, or somebody has taken it."""
    return promise(session, case).help in _SO


def _instead(prompt: Prompt) -> Prompt:
    return prompt.model_copy(update={"key": INSTEAD[prompt.key]})
