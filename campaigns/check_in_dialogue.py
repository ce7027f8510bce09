"""What a resident hears: one flat menu for each person due at the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.messages import MESSAGE, message_steps
from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue import END, Choice, Connect, Dialogue, Prompt, Step
from ivr.speaking import MELODY

MOST_IN_A_MENU = 4
KEYS = {"1": Outcome.OK, "2": Outcome.NEEDS_SUPPLIES, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}
ANSWERED_BEFORE = "no_longer"
IN_A_CALL = "in_a_call"
MACHINE = Outcome.VOICEMAIL
MESSAGE_WAIT_SECONDS = 5
OFFICE = "office"
"""Whom a resident who wants a person is connected with in office hours."""


@dataclass(frozen=True)
class Asked:
    """Somebody to be asked: ``subject`` identifies them in the facts, ``called`` is how they are addressed."""

    subject: str
    called: str


def check_in_dialogue(
    people: Sequence[Asked],
    community: str,
    language: Language,
    pace: int | None,
    emergency: str,
    *,
    rang_us: bool,
    call_back: str = "",
) -> Dialogue:
    """The check-in of everybody in ``people``, each asked for by name; nobody's silence is an answer.

    A machine that answers us is told to ring ``call_back`` (as people write it), and may still turn out to be a person.
    When several at one telephone rang us, they are first asked which of them is speaking; where more live there than
    a menu holds, everybody else leaves a message for a person.
    """
    steps = _shared_steps(community)
    choose = rang_us and len(people) > 1
    crowd = choose and len(people) > MOST_IN_A_MENU
    people = people[:MOST_IN_A_MENU] if choose else people
    for index, person in enumerate(people):
        last = index == len(people) - 1 or choose
        after = "goodbye" if last else _ask(index + 1)
        steps |= _person_steps(index, person, community, emergency, after, greet=rang_us or index == 0, rang_us=rang_us)
        if not rang_us:
            steps[_machine(index)] = _message(steps[_ask(index)], community, call_back)
    if choose:
        steps["who"] = _who(people, community, crowd=crowd)
    if crowd:
        steps |= message_steps(emergency)
    return Dialogue(
        name="check_in",
        language=language,
        pace=pace,
        first="who" if choose else _ask(0),
        steps=steps,
        entrances=(ANSWERED_BEFORE, IN_A_CALL, "silent", "goodbye", *map(_connecting, range(len(people)))),
        leaves_message=not rang_us,
        consents=(Outcome.OK,),
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


def message_for(dialogue: Dialogue, subject: str) -> str:
    """The step that leaves a message for ``subject`` with a machine."""
    machine = dialogue.steps[step_for(dialogue, subject)].machine
    return (machine and machine.leads_to) or ANSWERED_BEFORE


def subjects(dialogue: Dialogue) -> Sequence[str]:
    """Everybody whom the dialogue asks, in order."""
    return [step.silence.subject for step in dialogue.steps.values() if step.silence.subject]


def _shared_steps(community: str) -> dict[str, Step]:
    goodbye = Prompt(key="check_in.goodbye")
    return {
        "goodbye": Step(prompts=(goodbye,), then=END),
        "silent": Step(prompts=(Prompt(key="check_in.silent"), goodbye), then=END),
        ANSWERED_BEFORE: Step(prompts=(Prompt(key="check_in.no_longer"), goodbye), then=END),
        IN_A_CALL: Step(prompts=(Prompt(key="check_in.in_a_call", words={"community": community}),), then=END),
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
    steps = _office_steps(index, after) | {
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
            machine=None if rang_us else Choice(leads_to=_machine(index), fact=MACHINE),
        )
    }
    for outcome in KEYS.values():
        words = {"emergency": emergency} if outcome is Outcome.UNWELL else {}
        steps[f"{outcome}-{index}"] = Step(prompts=(Prompt(key=f"check_in.{outcome}", words=words),), then=after)
    return steps


def _office_steps(index: int, after: str) -> dict[str, Step]:
    """The owner enters the first of them when somebody at the office can be rung for whoever wants a person."""
    not_taken = f"not_taken-{index}"
    connecting = Step(
        prompts=(Prompt(key="check_in.connecting"), MELODY),
        again=(Prompt(key="check_in.connecting_again"), MELODY),
        connect=Connect(whom=OFFICE, connected=Choice(leads_to=after), not_connected=Choice(leads_to=not_taken)),
    )
    return {_connecting(index): connecting, not_taken: Step(prompts=(Prompt(key="check_in.not_taken"),), then=after)}


def _who(people: Sequence[Asked], community: str, *, crowd: bool) -> Step:
    """Nobody's key is everybody's silence: it leads to a person."""
    hello = Prompt(key="check_in.who_hello", words={"community": community})
    menu = names_menu(people)
    keys = {str(index + 1): Choice(leads_to=_ask(index)) for index in range(len(people))}
    if crowd:
        menu = (*menu, Prompt(key="check_in.somebody_else"))
        keys |= {"0": Choice(leads_to=MESSAGE)}
    return Step(prompts=(hello, *menu), again=menu, keys=keys, silence=Choice(leads_to="silent", fact=Outcome.NO_KEY))


def names_menu(people: Sequence[Asked]) -> tuple[Prompt, ...]:
    """Who is speaking? Keys count from 1."""
    names = ({"called": person.called, "number": str(index)} for index, person in enumerate(people, 1))
    return tuple(Prompt(key="check_in.who", words=words) for words in names)


def _message(asks: Step, community: str, call_back: str) -> Step:
    """A message for whoever hears the tape. A person who was taken for a machine can press a key all the same."""
    words = {"community": community, "call_back": call_back}
    return Step(
        prompts=(Prompt(key="check_in.machine", words=words), Prompt(key="check_in.menu")),
        keys=asks.keys,
        silence=Choice(leads_to=END),
        plays=1,
        wait_seconds=MESSAGE_WAIT_SECONDS,
    )


def _ask(index: int) -> str:
    return f"ask-{index}"


def _connecting(index: int) -> str:
    return f"connecting-{index}"


def _machine(index: int) -> str:
    return f"machine-{index}"
