"""What a resident hears in a trial call: each key is explained and practised, and nothing practised is an alarm.

The voice says so. Yet somebody may really need help, so whatever was not asked for is never passed over: an unasked 3
or 0 is asked for once more, and pressed again, or followed by nothing, it is meant; only 1 says "I was only trying".
"""

from campaigns.dialogues.spoken_promises import prepared
from core.i18n import Language
from ivr.dialogue.engine import END, Choice, Dialogue, End, Menu, Prompt, Say, Step

ONE, THREE, OVER = "one", "three", "end"
PRACTISED_1, PRACTISED_3 = "practised_1", "practised_3"
UNWELL, WANTS_PERSON, WANTS_NO_CALLS = "unwell", "wants_person", "wants_no_calls"
PRACTISED = {PRACTISED_1: "1", PRACTISED_3: "3"}
PLAYS = 2


def trial_dialogue(called: str, community: str, language: Language, pace: int | None, emergency: str) -> Dialogue:
    """The practice of one resident, and of nobody else who lives there."""
    who = {"called": called, "community": community}
    steps = {
        ONE: _practice(ONE, "1", PRACTISED_1, (Prompt(key="trial.hello", words=who), Prompt(key="trial.one"))),
        THREE: _practice(THREE, "3", PRACTISED_3, (Prompt(key="trial.three"),)),
        "one_done": Say(prompts=(Prompt(key="trial.one_done"),), then=THREE),
        "one_missed": Say(prompts=(Prompt(key="trial.no_key"),), then=THREE),
        "three_done": Say(prompts=(Prompt(key="trial.three_done"),), then="keys"),
        "three_missed": Say(prompts=(Prompt(key="trial.no_key"),), then="keys"),
        "keys": Say(prompts=(Prompt(key="trial.keys"),), then=OVER),
        OVER: _end(),
        "machine": End(prompts=(Prompt(key="trial.machine", words={"community": community}),)),
        **_answers(emergency),
    }
    for origin in (ONE, THREE, OVER):
        steps |= _confirmations(origin)
    del steps[f"unwell-{THREE}"], steps[f"person-{OVER}"]  # there the key is what was asked for
    return prepared(
        Dialogue(name="trial", language=language, pace=pace, first=ONE, steps=steps,
                 consents=(*PRACTISED, WANTS_NO_CALLS))
    )  # fmt: skip


def _practice(name: str, key: str, fact: str, prompts: tuple[Prompt, ...]) -> Step:
    unasked = {"3": f"unwell-{name}", "0": f"person-{name}", "9": f"stop-{name}"}
    return Menu(
        prompts=prompts,
        again=(Prompt(key=f"trial.{name}_again"),),
        sorry=(Prompt(key="trial.other_key"),),
        keys={each: Choice(leads_to=step) for each, step in unasked.items()}
        | {key: Choice(leads_to=f"{name}_done", fact=fact)},
        silence=Choice(leads_to=f"{name}_missed"),
        machine=Choice(leads_to="machine"),
        twice=True,  # "I was only trying" is the key 1, too
        plays=PLAYS,
    )


def _end() -> Step:
    """The practice is over: 0 is meant now, and a 3 that may still be practice is asked for once more."""
    return Menu(
        prompts=(Prompt(key="trial.end"),),
        again=(Prompt(key="trial.end_again"),),
        sorry=(Prompt(key="trial.other_key"),),
        keys={
            "1": Choice(leads_to="goodbye"),
            "3": Choice(leads_to=f"unwell-{OVER}"),
            "0": Choice(leads_to=WANTS_PERSON, fact=WANTS_PERSON),
            "9": Choice(leads_to=f"stop-{OVER}"),
        },
        silence=Choice(leads_to="goodbye"),
        plays=PLAYS,
    )


def _confirmations(origin: str) -> dict[str, Step]:
    """Did they mean it? Silence, or hanging up, is a yes where somebody may need help, and a no to "no calls"."""
    back = Choice(leads_to=origin)
    unwell = Choice(leads_to=UNWELL, fact=UNWELL)
    person = Choice(leads_to=WANTS_PERSON, fact=WANTS_PERSON)
    stop = Choice(leads_to="stopped", fact=WANTS_NO_CALLS)
    return {
        f"unwell-{origin}": _really("trial.really_unwell", {"1": back, "3": unwell, "0": person}, unwell),
        f"person-{origin}": _really("trial.really_person", {"1": back, "0": person, "3": unwell}, person),
        f"stop-{origin}": _really("trial.really_stop", {"1": back, "9": stop}, back).model_copy(update={"twice": True}),
    }


def _really(prompt: str, keys: dict[str, Choice], silence: Choice) -> Step:
    return Menu(
        prompts=(Prompt(key=prompt),),
        sorry=(Prompt(key="trial.other_key"),),
        keys=keys,
        silence=silence,
        hang_up=silence.model_copy(update={"leads_to": END}) if silence.fact else None,
        twice=True,
        plays=PLAYS,
    )


def _answers(emergency: str) -> dict[str, Step]:
    goodbye = Prompt(key="check_in.goodbye")
    return {
        UNWELL: End(prompts=(Prompt(key="check_in.unwell", words={"emergency": emergency}),)),
        WANTS_PERSON: End(prompts=(Prompt(key="check_in.wants_person"), goodbye)),
        "stopped": End(prompts=(Prompt(key="trial.stopped"), goodbye)),
        "goodbye": End(prompts=(goodbye,)),
    }
