"""A dialogue to be read: what is said at each step, and where everything that can be heard there leads."""

from collections.abc import Iterator

from ivr.dialogue.catalogue import MELODY, words
from ivr.dialogue.script import QUESTIONS, Choice, Dialogue, Prompt, Step


def outline(dialogue: Dialogue) -> Iterator[str]:
    """Line by line. ``↻`` is said instead when the step is repeated, ``!`` first after a wrong key.

    ``≠`` is said in place of the line above where that would not be so; below a key stand, each with what must be so,
    the other steps to which it may lead; and the first line names the steps at which a call may begin.
    """
    yield f"{dialogue.name} ({dialogue.language}), → {' | '.join(dict.fromkeys((dialogue.first, *dialogue.entrances)))}"
    for name, step in dialogue.every_step():
        yield f"{name}:"
        yield from (f"  {line}" for line in _lines(dialogue, step))


def _lines(dialogue: Dialogue, step: Step) -> Iterator[str]:
    said = (("↻ ", step.again), ("! ", step.sorry)) if isinstance(step, QUESTIONS) else ()
    for mark, prompts in (("", step.prompts), *said):
        for prompt in prompts:
            yield f"{mark}“{_said(dialogue, prompt)}”"
            yield from (f"{mark}≠ “{_said(dialogue, other)}”" for other in dialogue.otherwise(prompt))
    if not isinstance(step, QUESTIONS):
        yield from (f"→ {name}" for _, name in step.leads())
    for key, choice in (*step.answers(), *step.events(), *step.silences()):
        yield f"{key} → {choice.leads_to}{_fact(choice)}"
        yield from (f"{key}, {so} → {name}" for so, name in choice.instead.items())


def _said(dialogue: Dialogue, prompt: Prompt) -> str:
    return "♪" if prompt.key == MELODY.key else words(prompt, dialogue.language)


def _fact(choice: Choice) -> str:
    return f"  [{choice.fact}]" if choice.fact else ""
