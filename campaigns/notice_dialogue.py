"""What a resident hears of a notice: the message, and one flat menu for each person due at the telephone.

Somebody who is unwell presses 3 whatever is asked, so 3 and 0 mean here what they mean in a check-in.
"""

from collections.abc import Sequence

from campaigns.check_in_dialogue import (
    ANSWERED_BEFORE,
    IN_A_CALL,
    MACHINE,
    MESSAGE_WAIT_SECONDS,
    OFFICE,
    Asked,
)
from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue import Choice, Connect, Dialogue, Prompt, Step
from ivr.speaking import MELODY

HEARD, AGAIN = "1", "2"
SAID = {HEARD: Outcome.OK, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}


def notice_dialogue(
    people: Sequence[Asked], message: str, community: str, language: Language, pace: int | None, emergency: str
) -> Dialogue:
    """The notice for everybody in ``people``, each asked for by name: only their own 1 says that they have heard it.

    The message is told once; whoever wants it again presses 2, as often as they like.
    """
    told = Prompt(key="notice.message", words={"message": message})
    asking, others = {}, _shared_steps(community)
    for index, person in enumerate(people):
        after = "goodbye" if index == len(people) - 1 else _ask(index + 1)
        greeting = _greeting(index, person, community)
        asking[_ask(index)] = _question(index, person, (greeting, told), after)
        others[f"hear-{index}"] = _question(index, person, (told,), after)
        others |= _answers(index, emergency, after)
        others[f"machine-{index}"] = _left_with_machine(asking[_ask(index)], told, community)
    return Dialogue(
        name="notice",
        language=language,
        pace=pace,
        first=_ask(0),
        steps=asking | others,  # whoever looks for the step that asks somebody finds the one that greets them
        entrances=(ANSWERED_BEFORE, IN_A_CALL, "silent", "goodbye", *(f"connecting-{i}" for i in range(len(people)))),
        leaves_message=True,
    )


def _shared_steps(community: str) -> dict[str, Step]:
    goodbye = Prompt(key="check_in.goodbye")
    return {
        "goodbye": Step(prompts=(goodbye,)),
        "silent": Step(prompts=(Prompt(key="notice.silent"), goodbye)),
        ANSWERED_BEFORE: Step(prompts=(Prompt(key="check_in.no_longer"), goodbye)),
        IN_A_CALL: Step(prompts=(Prompt(key="check_in.in_a_call", words={"community": community}),)),
    }


def _greeting(index: int, person: Asked, community: str) -> Prompt:
    called = {"called": person.called}
    if index == 0:
        return Prompt(key="notice.greeting", words={**called, "community": community})
    return Prompt(key="notice.next_person", words=called)


def _question(index: int, person: Asked, said: tuple[Prompt, ...], after: str) -> Step:
    keys = {
        key: Choice(leads_to=f"{outcome}-{index}", fact=outcome, subject=person.subject)
        for key, outcome in SAID.items()
    }
    return Step(
        prompts=(*said, Prompt(key="notice.menu")),
        again=(Prompt(key="notice.menu_again"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys=keys | {AGAIN: Choice(leads_to=f"hear-{index}")},
        silence=Choice(leads_to="silent" if after == "goodbye" else after, fact=Outcome.NO_KEY, subject=person.subject),
        machine=Choice(leads_to=f"machine-{index}", fact=MACHINE),
    )


def _answers(index: int, emergency: str, after: str) -> dict[str, Step]:
    """What each key leads to; the owner enters the connecting step where the office can be rung."""
    not_taken = f"not_taken-{index}"
    return {
        f"{Outcome.OK}-{index}": Step(prompts=(Prompt(key="notice.ok"),), then=after),
        f"{Outcome.UNWELL}-{index}": Step(
            prompts=(Prompt(key="check_in.unwell", words={"emergency": emergency}),), then=after
        ),
        f"{Outcome.WANTS_PERSON}-{index}": Step(prompts=(Prompt(key="check_in.wants_person"),), then=after),
        f"connecting-{index}": Step(
            prompts=(Prompt(key="check_in.connecting"), MELODY),
            again=(Prompt(key="check_in.connecting_again"), MELODY),
            connect=Connect(whom=OFFICE, connected=Choice(leads_to=after), not_connected=Choice(leads_to=not_taken)),
        ),
        not_taken: Step(prompts=(Prompt(key="check_in.not_taken"),), then=after),
    }


def _left_with_machine(asks: Step, told: Prompt, community: str) -> Step:
    """The message for whoever hears the tape. A person who was taken for a machine can press a key all the same."""
    return Step(
        prompts=(Prompt(key="notice.machine", words={"community": community}), told, Prompt(key="notice.menu")),
        keys=asks.keys,
        plays=1,
        wait_seconds=MESSAGE_WAIT_SECONDS,
    )


def _ask(index: int) -> str:
    return f"ask-{index}"
