"""What one resident is asked, and everything that may come of it: the steps of a check-in for one person.

The steps of the person with the index 1 end in ``-1``. Where a key leads may hang on what the owner of the call knows:
whether the office is open, and whether somebody looks after them already.
"""

from dataclasses import dataclass

from campaigns.models import Outcome
from escalation.models import Need
from ivr.dialogue.catalogue import MELODY
from ivr.dialogue.engine import Choice, Connect, Doubt, Meaning, Menu, Prompt, Reading, Record, Say, Step

KEYS = {"1": Outcome.OK, "2": Outcome.NEEDS_SUPPLIES, "3": Outcome.UNWELL, "0": Outcome.WANTS_PERSON}
WORRIES = "3021"
"""The keys, the most worrying first: of two in doubt the first counts."""
STOP_KEY = "9"
STOP, OWN_WORDS, DUTY, MACHINE = "stop", "own_words", "duty", Outcome.VOICEMAIL
"""What may be learnt besides an outcome and a ``Need``: no more calls; a recording; the duty telephone; a tape."""
NEEDS = {"1": Need.GROCERIES, "2": Need.MEDICINE, "3": Need.HOUSEHOLD}
SPOKEN = {Meaning.UNWELL: Outcome.UNWELL, Meaning.PERSON: Outcome.WANTS_PERSON}
OFFICE = "office"
"""Whom a resident is connected with who wants a person, or who is unwell and wishes so."""
SHORT_WAIT_SECONDS = 5
OFFICE_OPEN, OTHERS_KNOW, NOBODY_THERE = "office_open", "others_know", "nobody_there"
"""What must be so for a key to lead elsewhere: a duty telephone can be rung, somebody looks after it, or none can."""
INSTEAD = {
    Outcome.OK: {OTHERS_KNOW: "told"},
    Outcome.UNWELL: {OFFICE_OPEN: "offer"},
    Outcome.WANTS_PERSON: {OFFICE_OPEN: "connecting"},
    DUTY: {NOBODY_THERE: "not_taken"},
}


@dataclass(frozen=True)
class Asked:
    """Somebody to be asked: ``subject`` identifies them in the facts, ``called`` is how they are addressed.

    Whoever ``speaks`` cannot press keys, and the provider understands words.
    """

    subject: str
    called: str
    speaks: bool = False


@dataclass(frozen=True)
class Place:
    """Where in the dialogue a person is asked: their index, who they are, and the step that follows."""

    index: int
    person: Asked
    after: str

    def named(self, name: str) -> str:
        """The step of this name that is this person's."""
        return step_of(name, self.index)

    def choice(self, name: str, fact: str) -> Choice:
        """Leads to the person's step ``name``, and is a fact about them."""
        instead = {so: self.named(other) for so, other in INSTEAD.get(fact, {}).items()}
        return Choice(leads_to=self.named(name), fact=fact, subject=self.person.subject, instead=instead)

    @property
    def silence(self) -> Choice:
        """They have listened and said nothing."""
        leads_to = "silent" if self.after == "goodbye" else self.after
        return Choice(leads_to=leads_to, fact=Outcome.NO_KEY, subject=self.person.subject)


def step_of(name: str, index: int) -> str:
    """The step of this name that is the person's with this index."""
    return f"{name}-{index}"


def person_steps(place: Place, greeting: Prompt, emergency: str, *, leaves_message: bool) -> dict[str, Step]:
    """Every step of one person."""
    asks = menu(place, (greeting,))
    if leaves_message:
        asks = asks.model_copy(update={"machine": Choice(leads_to=place.named("machine"), fact=MACHINE)})
    return {
        place.named("ask"): asks,
        **confirmations(place, emergency),
        **_supplies(place),
        **_stopping(place),
        **office_steps(place),
        **(_sure(place) if place.person.speaks else {}),
    }


def menu(place: Place, before: tuple[Prompt, ...]) -> Menu:
    """The question how they are, after some words. Whoever cannot press keys may say it."""
    spoken = "_spoken" if place.person.speaks else ""
    return Menu(
        prompts=(*before, Prompt(key=f"check_in.menu{spoken}")),
        again=(Prompt(key=f"check_in.menu{spoken}_again"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys=answers(place) | {STOP_KEY: Choice(leads_to=place.named("stop"))},
        spoken=_words(place) | {Meaning.WELL: Choice(leads_to=place.named("sure"))} if place.person.speaks else {},
        doubt=DOUBT,
        silence=place.silence,
    )


def answers(place: Place) -> dict[str, Choice]:
    """What the keys of the menu say about a person."""
    return {key: place.choice(outcome, outcome) for key, outcome in KEYS.items()}


DOUBT = Doubt(
    ask=Prompt(key="check_in.two_keys"),
    readings=tuple(Reading(key=key, prompt=Prompt(key=f"check_in.if_{KEYS[key]}")) for key in WORRIES),
)
"""Two keys in a hurry: "you have pressed 1 and 3; if you are well, press 1; if you are unwell, press 3"."""


def confirmations(place: Place, emergency: str) -> dict[str, Step]:
    """Every answer is said once more; ``told`` is for whoever is well after all, when somebody has been told."""
    unwell = Prompt(key="check_in.unwell", words={"emergency": emergency})
    said = {Outcome.OK: Prompt(key="check_in.ok"), Outcome.UNWELL: unwell,
            Outcome.WANTS_PERSON: Prompt(key="check_in.wants_person"), "told": Prompt(key="check_in.told")}  # fmt: skip
    steps: dict[str, Step] = {
        place.named(name): Say(prompts=(prompt,), then=place.after) for name, prompt in said.items()
    }
    offer = Menu(
        prompts=(unwell, Prompt(key="check_in.duty_offer")),
        keys={"0": place.choice("duty", DUTY)},
        silence=Choice(leads_to=place.after),
        plays=1,
        wait_seconds=SHORT_WAIT_SECONDS,
    )
    return steps | {place.named("offer"): offer}


def _supplies(place: Place) -> dict[str, Step]:
    """What is needed; whoever says nothing more still needs something."""
    which = Menu(
        prompts=(Prompt(key="check_in.needs_supplies"), Prompt(key="check_in.which")),
        again=(Prompt(key="check_in.which_again"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys={key: place.choice(need, need) for key, need in NEEDS.items()}
        | {"0": Choice(leads_to=place.named(OWN_WORDS))},
        silence=Choice(leads_to=place.after),
        plays=2,
    )
    own_words = Record(
        prompts=(Prompt(key="check_in.own_words"),),
        then=place.choice("words_heard", OWN_WORDS),
        silence=Choice(leads_to=place.after),
    )
    said: dict[str, Step] = {place.named(need): Say(prompts=(Prompt(key=f"check_in.{need}"),), then=place.after)
            for need in (*NEEDS.values(), "words_heard")}  # fmt: skip
    return {place.named(Outcome.NEEDS_SUPPLIES): which, place.named(OWN_WORDS): own_words, **said}


def _stopping(place: Place) -> dict[str, Step]:
    """Only a second 9 stops the calls; without one the question is asked again."""
    asks = Menu(
        prompts=(Prompt(key="check_in.stop"),),
        keys=answers(place) | {STOP_KEY: place.choice("stopped", STOP)},
        silence=Choice(leads_to=place.named("back")),
        twice=True,
        plays=1,
        wait_seconds=SHORT_WAIT_SECONDS,
    )
    stopped = Say(prompts=(Prompt(key="check_in.stopped"),), then=place.after)
    return {place.named("stop"): asks, place.named("stopped"): stopped, place.named("back"): menu(place, ())}


def office_steps(place: Place) -> dict[str, Step]:
    """Where 0 leads while somebody at the office can be rung, and 0 once more after "unwell"."""
    not_taken = Choice(leads_to=place.named("not_taken"))
    again = (Prompt(key="check_in.connecting_again"), MELODY)
    connecting: dict[str, Step] = {
        place.named(name): Connect(
            prompts=(Prompt(key=prompt), MELODY),
            again=again,
            whom=OFFICE,
            connected=Choice(leads_to=place.after),
            not_connected=not_taken,
        )
        for name, prompt in (("connecting", "check_in.connecting"), ("duty", "check_in.duty_connecting"))
    }
    return connecting | {place.named("not_taken"): Say(prompts=(Prompt(key="check_in.not_taken"),), then=place.after)}


def _words(place: Place) -> dict[Meaning, Choice]:
    """What spoken words mean at once: whatever calls for a person. Needs are best said in their own words."""
    needs = Choice(leads_to=place.named(OWN_WORDS), fact=Outcome.NEEDS_SUPPLIES, subject=place.person.subject)
    return {meaning: place.choice(outcome, outcome) for meaning, outcome in SPOKEN.items()} | {Meaning.NEEDS: needs}


def _sure(place: Place) -> dict[str, Step]:
    """Nobody is well because of a word alone: it is said back, and a key or a second word confirms it."""
    well = place.choice(Outcome.OK, Outcome.OK)
    sure = Menu(
        prompts=(Prompt(key="check_in.sure_well"),),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys=answers(place),
        spoken={
            **_words(place),
            Meaning.YES: well,
            Meaning.WELL: well,
            Meaning.NO: Choice(leads_to=place.named("back")),
        },
        doubt=DOUBT,
        silence=place.silence,
        confirms=True,
    )
    return {place.named("sure"): sure}
