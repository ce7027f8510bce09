"""What residents are told of the help for them while they are on the telephone: only what is so.

A dialogue says "I am telling a helper now". Where no telephone can be rung, or not before the morning, the words in
``INSTEAD`` are said in their place: what they have said stands on the office's page, which is true whatever happens.
"Somebody will get in touch" (``LATER``) and what a practice says would happen (``PROSPECTS``) only asks for somebody
whose telephone can be rung, at whatever hour.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from escalation import fresh_cases
from escalation import queries as escalation
from escalation.models import Case, CaseKind
from escalation.paging.promises import Help, promise, would_have_anybody
from ivr.dialogue.alternatives import claims_of, said_instead, with_spares
from ivr.dialogue.engine import Dialogue, Prompt, Step, Turn

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
LATER = {
    "check_in.stopped": "check_in.stopped_noted",
    "trial.stopped": "trial.stopped_noted",
}
PROSPECTS = {
    "trial.three": "trial.three_noted",
    "trial.really_unwell": "trial.really_unwell_noted",
    "trial.really_person": "trial.really_person_noted",
}
EVERY: Mapping[str, str] = INSTEAD | LATER | PROSPECTS
QUOTED = Prompt(key="sample.would_say")
"""Said before what is not so in a sample call, in which nobody is told and nothing is kept."""
_ABOUT = {
    "trial.three": CaseKind.UNWELL,
    "trial.really_unwell": CaseKind.UNWELL,
    "trial.really_person": CaseKind.WANTS_PERSON,
}
_SO = frozenset({Help.RINGING, Help.TAKEN})


def prepared(dialogue: Dialogue) -> Dialogue:
    """The dialogue, with sound made beforehand for what may have to be said instead."""
    return with_spares(dialogue, EVERY)


def quoting(dialogue: Dialogue) -> Dialogue:
    """The dialogue of a sample call: before each promise it says that a real call would give it."""
    return dialogue.model_copy(update={"steps": {name: _quoting(step) for name, step in dialogue.steps.items()}})


def _quoting(step: Step) -> Step:
    said = {each: getattr(step, each) for each in ("prompts", "again") if hasattr(step, each)}
    return step.model_copy(update={each: _quoted(prompts) for each, prompts in said.items()})


def _quoted(prompts: Sequence[Prompt]) -> tuple[Prompt, ...]:
    return tuple(each for prompt in prompts for each in ((QUOTED, prompt) if prompt.key in EVERY else (prompt,)))


def truthful(session: Session, turn: Turn, resident_ids: Sequence[UUID]) -> Turn:
    """The turn in words that are so; ``resident_ids`` are whom it may be about, where its facts do not say."""
    if not claims_of(turn, EVERY):
        return turn
    about = list(dict.fromkeys([UUID(fact.subject) for fact in turn.facts if fact.subject] or resident_ids))
    untrue: dict[str, str] = {}
    if claims_of(turn, INSTEAD) and not _all_so(session, about):
        untrue |= INSTEAD
    if claims_of(turn, LATER) and not all(_will_be_asked_after(session, each) for each in about):
        untrue |= LATER
    for claim in claims_of(turn, PROSPECTS):
        if not all(would_have_anybody(session, _ABOUT[claim], each) for each in about):
            untrue[claim] = PROSPECTS[claim]
    return said_instead(turn, untrue) if untrue else turn


def is_so(session: Session, case: Case) -> bool:
    """Whether a telephone rings about the case, or is about to, or somebody has taken it."""
    return promise(session, case).help in _SO


def _all_so(session: Session, resident_ids: Sequence[UUID]) -> bool:
    cases = [fresh_cases.latest_about(session, each) for each in resident_ids]
    return all(is_so(session, case) for case in cases if case is not None)


def _will_be_asked_after(session: Session, resident_id: UUID) -> bool:
    """Whether the wish for no calls has a case about which a telephone rings, now or when it may."""
    wishes = [case for case in escalation.unclosed_cases(session, [resident_id])
              if case.kind == CaseKind.WANTS_NO_CALLS]  # fmt: skip
    return bool(wishes) and promise(session, wishes[-1]).help is not Help.NOBODY
