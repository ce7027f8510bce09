"""What a resident hears: one flat menu for each person due at the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue import Choice, Connect, Dialogue, Prompt, Step
from ivr.speaking import MELODY

KEYS = {"1": Outcome.OK, "2": Outcome.NEEDS_SUPPLIES, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}
ANSWERED_BEFORE = "no_longer"
MACHINE = Outcome.VOICEMAIL
DUTY = "duty"
"""Whom a resident who wants a person is connected with in office hours."""


@dataclass(frozen=True)
class Asked:
    """Somebody to be asked: ``subject`` identifies them in the facts, ``called`` is how they are addressed."""

    subject: str
    called: str


def check_in_dialogue(
    people: Sequence[Asked], community: str, language: Language, pace: int | None, emergency: str, *, rang_us: bool
) -> Dialogue:
    """The check-in of everybody in ``people``, each asked for by name; nobody's silence is an answer.

    When two at one telephone rang us, they are first asked which of them is speaking.
    """
    steps = _shared_steps(community)
    choose = rang_us and len(people) == 2  # a couple
    for index, person in enumerate(people):
        last = index == len(people) - 1 or choose
        after = "goodbye" if last else _ask(index + 1)
        steps |= _person_steps(index, person, community, emergency, after, greet=rang_us or index == 0, rang_us=rang_us)
    if choose:
        steps["who"] = _who(people)
    return Dialogue(
        name="check_in",
        language=language,
        pace=pace,
        first="who" if choose else _ask(0),
        steps=steps,
        entrances=(ANSWERED_BEFORE, "machine", "silent", "goodbye", *map(_connecting, range(len(people)))),
    )


def step_for(dialogue: Dialogue, subject: str) -> str:
    """The step that asks ``subject``; raises ``LookupError`` when the dialogue does not ask them."""
    for name, step in dialogue.steps.items():
        if step.silence.subject == subject:
            return name
    raise LookupError(f"the dialogue does not ask {subject}")


def connecting_step(dialogue: Dialogue, subject: str) -> str:
    """The step in which ``subject`` is connected with the office."""
    return _connecting(subjects(dialogue).index(subject))


def subjects(dialogue: Dialogue) -> Sequence[str]:
    """Everybody whom the dialogue asks, in order."""
    return [step.silence.subject for step in dialogue.steps.values() if step.silence.subject]


def _shared_steps(community: str) -> dict[str, Step]:
    goodbye = Prompt(key="check_in.goodbye")
    return {
        "goodbye": Step(prompts=(goodbye,)),
        "silent": Step(prompts=(Prompt(key="check_in.silent"), goodbye)),
        "machine": Step(prompts=(Prompt(key="check_in.machine", words={"community": community}),)),
        ANSWERED_BEFORE: Step(prompts=(Prompt(key="check_in.no_longer"), goodbye)),
    }


def _person_steps(
    index: int, person: Asked, community: str, emergency: str, after: str, *, greet: bool, rang_us: bool
) -> dict[str, Step]:
    menu = Prompt(key="check_in.menu")
    called = {"called": person.called}
    if greet:
        key = "check_in.greeting_back" if rang_us else "check_in.greeting"
        greeting = Prompt(key=key, words={**called, "community": community})
    else:
        greeting = Prompt(key="check_in.next_person", words=called)
    steps = _duty_steps(index, after) | {
        _ask(index): Step(
            prompts=(greeting, menu),
            again=(Prompt(key="check_in.menu_again"),),
            sorry=(Prompt(key="check_in.wrong_key"),),
            keys={
                key: Choice(leads_to=f"{outcome}-{index}", fact=outcome, subject=person.subject)
                for key, outcome in KEYS.items()
            },
            silence=Choice(
                leads_to="silent" if after == "goodbye" else after, fact=Outcome.NO_KEY, subject=person.subject
            ),
            machine=Choice(leads_to="machine", fact=MACHINE),
        )
    }
    for outcome in KEYS.values():
        words = {"emergency": emergency} if outcome is Outcome.UNWELL else {}
        steps[f"{outcome}-{index}"] = Step(prompts=(Prompt(key=f"check_in.{outcome}", words=words),), then=after)
    return steps


def _duty_steps(index: int, after: str) -> dict[str, Step]:
    """The owner enters the first of them when somebody at the office can be rung for whoever wants a person."""
    not_taken = f"not_taken-{index}"
    connecting = Step(
        prompts=(Prompt(key="check_in.connecting"), MELODY),
        again=(Prompt(key="check_in.connecting_again"), MELODY),
        connect=Connect(whom=DUTY, connected=Choice(leads_to=after), not_connected=Choice(leads_to=not_taken)),
    )
    return {_connecting(index): connecting, not_taken: Step(prompts=(Prompt(key="check_in.not_taken"),), then=after)}


def _who(people: Sequence[Asked]) -> Step:
    words = {"first": people[0].called, "second": people[1].called}
    return Step(
        prompts=(Prompt(key="check_in.who", words=words),),
        keys={str(index + 1): Choice(leads_to=_ask(index)) for index in range(len(people[:2]))},
        silence=Choice(leads_to="silent"),
    )


def _ask(index: int) -> str:
    return f"ask-{index}"


def _connecting(index: int) -> str:
    return f"connecting-{index}"
