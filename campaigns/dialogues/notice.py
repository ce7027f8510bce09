"""What a resident hears of a notice: the message, and one flat menu for each person due at the telephone.

Somebody who is unwell presses 3 whatever is asked, so 3, 0 and 9 mean here what they mean in a check-in.
"""

from collections.abc import Sequence

from campaigns.dialogues.check_in import ANSWERED_BEFORE, IN_A_CALL, MESSAGE_WAIT_SECONDS
from campaigns.dialogues.check_in_steps import (
    MACHINE,
    SHORT_WAIT_SECONDS,
    STOP,
    STOP_KEY,
    Asked,
    Place,
    confirmations,
    office_steps,
    step_of,
)
from campaigns.dialogues.spoken_promises import prepared
from campaigns.models import Outcome
from core.i18n import Language
from ivr.dialogue.engine import END, Choice, Dialogue, Doubt, End, Menu, Prompt, Reading, Say, Step

AGAIN_KEY = "2"
SAID = {"1": Outcome.OK, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}
DOUBT = Doubt(
    ask=Prompt(key="check_in.two_keys"),
    readings=(
        Reading(key="3", prompt=Prompt(key="check_in.if_unwell")),
        Reading(key="0", prompt=Prompt(key="check_in.if_wants_person")),
        Reading(key="1", prompt=Prompt(key="notice.if_heard")),
    ),
)
"""Two keys in a hurry, as in a check-in; "once more" excludes nothing."""


def notice_dialogue(
    people: Sequence[Asked], message: str, community: str, language: Language, pace: int | None, emergency: str
) -> Dialogue:
    """The notice for everybody in ``people``, each asked for by name: only their own 1 says that they have heard it.

    The message is told once; whoever wants it again presses 2, as often as they like.
    """
    told = Prompt(key="notice.message", words={"message": message})
    steps = _shared_steps(community)
    for index, person in enumerate(people):
        place = Place(index, person, "goodbye" if index == len(people) - 1 else step_of("ask", index + 1))
        steps |= _person_steps(place, _greeting(place, community), told, community, emergency)
    return prepared(
        Dialogue(
            name="notice",
            language=language,
            pace=pace,
            first=step_of("ask", 0),
            steps=steps,
            entrances=(
                *(ANSWERED_BEFORE, IN_A_CALL, "silent", "goodbye"),
                *(name for name in steps if name.startswith(("ask-", "machine-"))),
            ),
            leaves_message=True,
            consents=(Outcome.OK, STOP),
        )
    )


def _shared_steps(community: str) -> dict[str, Step]:
    goodbye = Prompt(key="check_in.goodbye")
    in_a_call = Prompt(key="check_in.in_a_call", words={"community": community})
    return {
        "goodbye": End(prompts=(goodbye,)),
        "silent": End(prompts=(Prompt(key="notice.silent"), goodbye)),
        ANSWERED_BEFORE: End(prompts=(Prompt(key="check_in.no_longer"), goodbye)),
        IN_A_CALL: End(prompts=(in_a_call,)),
    }


def _greeting(place: Place, community: str) -> Prompt:
    called = {"called": place.person.called}
    if place.index == 0:
        return Prompt(key="notice.greeting", words={**called, "community": community})
    return Prompt(key="notice.next_person", words=called)


def _person_steps(place: Place, greeting: Prompt, told: Prompt, community: str, emergency: str) -> dict[str, Step]:
    asks = _question(place, (greeting, told))
    heard, looked_after = Prompt(key="notice.ok"), Prompt(key="notice.told")
    return {
        place.named("ask"): asks.model_copy(update={"machine": Choice(leads_to=place.named("machine"), fact=MACHINE)}),
        place.named("hear"): _question(place, (told,)),
        place.named("machine"): _left_with_machine(asks, told, community),
        **confirmations(place, emergency),
        place.named(Outcome.OK): Say(prompts=(heard,), then=place.after),
        place.named("told"): Say(prompts=(looked_after,), then=place.after),
        **_stopping(place),
        **office_steps(place),
    }


def _question(place: Place, said: tuple[Prompt, ...]) -> Menu:
    others = {AGAIN_KEY: Choice(leads_to=place.named("hear")), STOP_KEY: Choice(leads_to=place.named("stop"))}
    return Menu(
        prompts=(*said, Prompt(key="notice.menu")),
        again=(Prompt(key="notice.menu_again"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys=_answers(place) | others,
        doubt=DOUBT,
        silence=place.silence,
    )


def _answers(place: Place) -> dict[str, Choice]:
    return {key: place.choice(outcome, outcome) for key, outcome in SAID.items()}


def _stopping(place: Place) -> dict[str, Step]:
    """Only a second 9 stops the calls; without one the notice is told on."""
    asks = Menu(
        prompts=(Prompt(key="check_in.stop"),),
        keys=_answers(place) | {STOP_KEY: place.choice("stopped", STOP)},
        silence=Choice(leads_to=place.named("hear")),
        twice=True,
        plays=1,
        wait_seconds=SHORT_WAIT_SECONDS,
    )
    stopped = Say(prompts=(Prompt(key="check_in.stopped"),), then=place.after)
    return {place.named("stop"): asks, place.named("stopped"): stopped}


def _left_with_machine(asks: Menu, told: Prompt, community: str) -> Step:
    """The message for whoever hears the tape. A person who was taken for a machine can press a key all the same."""
    return Menu(
        prompts=(Prompt(key="notice.machine", words={"community": community}), told, Prompt(key="notice.menu")),
        keys=asks.keys,
        doubt=DOUBT,
        silence=Choice(leads_to=END),
        plays=1,
        wait_seconds=MESSAGE_WAIT_SECONDS,
    )
