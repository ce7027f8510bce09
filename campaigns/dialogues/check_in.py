"""What a resident hears: one flat menu for each person due at the telephone."""

from collections.abc import Sequence

from campaigns.dialogues.check_in_steps import (
    KEYS,
    MACHINE,
    OFFICE,
    STOP,
    Asked,
    Place,
    menu,
    person_steps,
    step_of,
)
from campaigns.dialogues.message_to_office import MESSAGE, message_steps
from campaigns.dialogues.spoken_promises import prepared
from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue.engine import END, PAIR, Choice, Dialogue, End, Menu, Prompt, Step

__all__ = [
    "ANSWERED_BEFORE",
    "IN_A_CALL",
    "KEYS",
    "MACHINE",
    "MOST_IN_A_MENU",
    "OFFICE",
    "Asked",
    "check_in_dialogue",
    "connecting_step",
    "message_for",
    "names_menu",
    "own_step",
    "step_for",
    "subject_at",
    "subjects",
]
MOST_IN_A_MENU = 4
ANSWERED_BEFORE = "no_longer"
IN_A_CALL = "in_a_call"
MESSAGE_WAIT_SECONDS = 5


def check_in_dialogue(
    people: Sequence[Asked],
    community: str,
    language: Language,
    pace: int | None,
    emergency: str,
    call_back: str = "",
    *,
    rang_us: bool,
) -> Dialogue:
    """The check-in of everybody in ``people``, each asked for by name; nobody's silence is an answer.

    A machine that answers us is told to ring ``call_back`` (as people write it), and may still turn out to be a person.
    When several at one telephone rang us, they are first asked which of them is speaking; where more live there than
    a menu holds, everybody else leaves a message for a person.
    """
    steps = _shared_steps(community, call_back)
    choose = rang_us and len(people) > 1
    crowd = choose and len(people) > MOST_IN_A_MENU
    people = people[:MOST_IN_A_MENU] if choose else people
    for index, person in enumerate(people):
        last = index == len(people) - 1 or choose
        place = Place(index, person, "goodbye" if last else _ask(index + 1))
        greeting = _greeting(person, community, greet=rang_us or index == 0, rang_us=rang_us)
        steps |= person_steps(place, greeting, emergency, leaves_message=not rang_us)
        if not rang_us:
            steps[_machine(index)] = _message(menu(place, ()), community, call_back)
    if choose:
        steps["who"] = _who(people, community, crowd=crowd)
    if crowd:
        steps |= message_steps(emergency)
    return prepared(
        Dialogue(
            name="check_in",
            language=language,
            pace=pace,
            first="who" if choose else _ask(0),
            steps=steps,
            entrances=(
                *(ANSWERED_BEFORE, IN_A_CALL, "silent", "goodbye"),
                *(name for name in steps if name.startswith(("ask-", "machine-"))),
            ),
            leaves_message=not rang_us,
            consents=(Outcome.OK, STOP),
        )
    )


def step_for(dialogue: Dialogue, subject: str) -> str:
    """The step that asks ``subject``; raises ``LookupError`` when the dialogue does not ask them."""
    return own_step(dialogue, subject, "ask")


def own_step(dialogue: Dialogue, subject: str, name: str) -> str:
    """The step of this name that is ``subject``'s; raises ``LookupError`` when the dialogue does not ask them."""
    asked = subjects(dialogue)
    if subject not in asked:
        raise LookupError(f"the dialogue does not ask {subject}")
    return step_of(name, asked.index(subject))


def connecting_step(dialogue: Dialogue, subject: str) -> str:
    """The step in which ``subject`` is connected with the office."""
    return own_step(dialogue, subject, "connecting")


def message_for(dialogue: Dialogue, subject: str) -> str:
    """The step that leaves a message for ``subject`` with a machine."""
    asks = dialogue.steps[step_for(dialogue, subject)]
    machine = asks.machine if isinstance(asks, Menu) else None
    return (machine and machine.leads_to) or ANSWERED_BEFORE


def subjects(dialogue: Dialogue) -> Sequence[str]:
    """Everybody whom the dialogue asks, in order."""
    menus = (step for step in dialogue.steps.values() if isinstance(step, Menu))
    return list(dict.fromkeys(menu.silence.subject for menu in menus if menu.silence.subject))


def subject_at(dialogue: Dialogue, step: str) -> str | None:
    """Whose step it is; None for one that is everybody's."""
    index = step.partition(PAIR)[0].rpartition("-")[2]
    return subjects(dialogue)[int(index)] if index.isdigit() else None


def _shared_steps(community: str, call_back: str) -> dict[str, Step]:
    ring_back = (Prompt(key="check_in.ring_back", words={"call_back": call_back}),) if call_back else ()
    goodbye = (*ring_back, Prompt(key="check_in.goodbye"))
    in_a_call = Prompt(key="check_in.in_a_call", words={"community": community})
    return {
        "goodbye": End(prompts=goodbye),
        "silent": End(prompts=(Prompt(key="check_in.silent"), *goodbye)),
        ANSWERED_BEFORE: End(prompts=(Prompt(key="check_in.no_longer"), *goodbye)),
        IN_A_CALL: End(prompts=(in_a_call,)),
    }


def _greeting(person: Asked, community: str, *, greet: bool, rang_us: bool) -> Prompt:
    called = {"called": person.called}
    if not greet:
        return Prompt(key="check_in.next_person", words=called)
    key = "check_in.greeting_back" if rang_us else "check_in.greeting"
    return Prompt(key=key, words={**called, "community": community})


def _who(people: Sequence[Asked], community: str, *, crowd: bool) -> Step:
    """Nobody's key is everybody's silence: it leads to a person."""
    hello = Prompt(key="check_in.who_hello", words={"community": community})
    menu = names_menu(people)
    keys = {str(index + 1): Choice(leads_to=_ask(index)) for index in range(len(people))}
    if crowd:
        menu = (*menu, Prompt(key="check_in.somebody_else"))
        keys |= {"0": Choice(leads_to=MESSAGE)}
    return Menu(prompts=(hello, *menu), again=menu, keys=keys, silence=Choice(leads_to="silent", fact=Outcome.NO_KEY))


def names_menu(people: Sequence[Asked]) -> tuple[Prompt, ...]:
    """Who is speaking? Keys count from 1."""
    names = ({"called": person.called, "number": str(index)} for index, person in enumerate(people, 1))
    return tuple(Prompt(key="check_in.who", words=words) for words in names)


def _message(asks: Menu, community: str, call_back: str) -> Step:
    """A message for whoever hears the tape. A person who was taken for a machine can press a key all the same."""
    words = {"community": community, "call_back": call_back}
    return Menu(
        prompts=(Prompt(key="check_in.machine", words=words), Prompt(key="check_in.menu")),
        keys=asks.keys,
        doubt=asks.doubt,
        silence=Choice(leads_to=END),
        plays=1,
        wait_seconds=MESSAGE_WAIT_SECONDS,
    )


def _ask(index: int) -> str:
    return step_of("ask", index)


def _machine(index: int) -> str:
    return step_of("machine", index)
