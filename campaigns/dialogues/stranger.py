"""What somebody hears whose telephone nobody has registered."""

from collections.abc import Sequence

from campaigns.dialogues.check_in import names_menu
from campaigns.dialogues.check_in_steps import DOUBT, KEYS, Asked
from campaigns.dialogues.message_to_office import MESSAGE, message_steps
from campaigns.dialogues.spoken_promises import prepared
from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue.engine import Choice, Dialogue, Digits, End, Menu, Prompt, Say, Step

MOST_DIGITS = 30
"""Room for a number with its country, and for beginning again."""
WHO = "who"


def stranger_dialogue(community: str, language: Language, emergency: str) -> Dialogue:
    """The number of the household's telephone, or a message."""
    message = Choice(leads_to=MESSAGE)
    hello = Prompt(key="unknown.hello", words={"community": community})
    household = Digits(
        prompts=(hello, Prompt(key="unknown.enter")),
        again=(Prompt(key="unknown.enter_again"),),
        sorry=(Prompt(key="unknown.not_found"),),
        keys={"#": message},
        most=MOST_DIGITS,
        wrong=message,
        silence=message,
    )
    steps = {"household": household, **message_steps(emergency)}
    return Dialogue(name="stranger", language=language, first="household", steps=steps)


def unverified_dialogue(people: Sequence[Asked], language: Language, pace: int | None, emergency: str) -> Dialogue:
    """Who of the household is speaking, and how they are; ``people`` are at most as many as a menu holds."""
    menu = (*names_menu(people), Prompt(key="unknown.nobody"))
    message = Choice(leads_to=MESSAGE)
    keys = {str(index): Choice(leads_to=f"ask-{index}") for index in range(1, len(people) + 1)}
    steps = {WHO: Menu(prompts=menu, keys=keys | {"0": message}, silence=message), **message_steps(emergency)}
    for index, person in enumerate(people, 1):
        steps |= _person_steps(index, person, emergency)
    steps["goodbye"] = End(prompts=(Prompt(key="check_in.goodbye"),))
    return prepared(
        Dialogue(name="unverified", language=language, pace=pace, first=WHO, steps=steps, consents=(Outcome.OK,))
    )


def _person_steps(index: int, person: Asked, emergency: str) -> dict[str, Step]:
    called = {"called": person.called}
    ask = Menu(
        prompts=(Prompt(key="unknown.greeting", words=called), Prompt(key="check_in.menu")),
        again=(Prompt(key="check_in.menu_again"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys={key: Choice(leads_to=f"{said}-{index}", fact=said, subject=person.subject) for key, said in KEYS.items()},
        doubt=DOUBT,
        silence=Choice(leads_to=f"silent-{index}", fact=Outcome.NO_KEY, subject=person.subject),
    )
    told = {
        Outcome.OK: Prompt(key="unknown.ok", words=called),
        Outcome.UNWELL: Prompt(key="check_in.unwell", words={"emergency": emergency}),
    }
    confirmed = {
        f"{said}-{index}": Say(prompts=(told.get(said, Prompt(key=f"check_in.{said}")),), then="goodbye")
        for said in KEYS.values()
    }
    silent = Say(prompts=(Prompt(key="unknown.silent", words=called),), then="goodbye")
    return {f"ask-{index}": ask, f"silent-{index}": silent, **confirmed}
