"""Where a dialogue leads: no dead end, no circle in which nobody is asked or nobody ever answers, no step unreached."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ivr.dialogue.problems import Problem
from ivr.dialogue.script import END, QUESTIONS, Dialogue, Menu, Say, Step


def problems(dialogue: Dialogue) -> Iterator[Problem]:
    """Everything that is wrong with the ways through the dialogue."""
    yield from _starts(dialogue)
    for name, step in dialogue.steps.items():
        yield from _leads(dialogue, name, step)
    yield from _unreachable(dialogue)
    for name in _circles(dialogue.steps, _unasked):
        yield Problem("The call would go round in a circle from here without ever asking anything.", name)
    for name in set(_circles(dialogue.steps, _unanswered)) - set(_circles(dialogue.steps, _unasked)):
        yield Problem("Whoever never answers would go round in a circle from here, and the call would never end.", name)


def _starts(dialogue: Dialogue) -> Iterator[Problem]:
    for name in dict.fromkeys((dialogue.first, *dialogue.entrances)):
        if name not in dialogue.steps:
            yield Problem("The dialogue begins at “{target}”, a step that it does not have.", target=name)
        elif _confirms(dialogue.steps[name]):
            yield Problem("It confirms a word, so only a spoken word may lead here.", name)


def _leads(dialogue: Dialogue, name: str, step: Step) -> Iterator[Problem]:
    """Each choice leads to a step or ends the call on purpose; so does whatever is only said."""
    for key, target in step.leads():
        if target is None:
            yield Problem("It leads nowhere: say where, or that the call ends.", name, key)
        elif target != END and target not in dialogue.steps:
            yield Problem("It leads to “{target}”, which the dialogue does not have.", name, key, target=target)
        elif target in dialogue.steps and _confirms(dialogue.steps[target]) and not _is_word(step, key, target, name):
            yield Problem("Only a spoken word may lead to “{target}”, which confirms one.", name, key, target=target)


def _confirms(step: Step) -> bool:
    return isinstance(step, Menu) and step.confirms


def _is_word(step: Step, key: str | None, target: str, name: str) -> bool:
    """Whether it is a spoken word that leads there, or the question itself that is asked again."""
    return target == name or (isinstance(step, Menu) and key in step.spoken)


def _unreachable(dialogue: Dialogue) -> Iterator[Problem]:
    reached, to_visit = set[str](), [dialogue.first, *dialogue.entrances]
    while to_visit:
        name = to_visit.pop()
        if name in dialogue.steps and name not in reached:
            reached.add(name)
            to_visit += _targets(dialogue.steps[name].leads())
    for name in dialogue.steps:
        if name not in reached:
            yield Problem("Nothing leads to this step.", name)


def _targets(leads: Iterable[tuple[str | None, str | None]]) -> list[str]:
    return [target for _, target in leads if target is not None and target != END]


def _unasked(step: Step) -> list[str]:
    """Where the call goes on by itself, at once."""
    return [step.then] if isinstance(step, Say) else []


def _unanswered(step: Step) -> list[str]:
    """Where the call goes on when nothing is ever pressed, typed or said."""
    if not isinstance(step, QUESTIONS):
        return _unasked(step)
    return _targets((what, choice.leads_to) for what, choice in step.silences())


def _circles(steps: Mapping[str, Step], onward: Callable[[Step], list[str]]) -> list[str]:
    """The steps that lead back to themselves."""
    ahead = {name: [target for target in onward(step) if target in steps] for name, step in steps.items()}
    return [name for name in steps if name in _ahead_of(name, ahead)]


def _ahead_of(name: str, ahead: Mapping[str, list[str]]) -> set[str]:
    found, to_visit = set[str](), list(ahead[name])
    while to_visit:
        target = to_visit.pop()
        if target not in found:
            found.add(target)
            to_visit += ahead[target]
    return found
