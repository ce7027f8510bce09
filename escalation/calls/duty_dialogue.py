"""What a responder hears who rings in.

Caller numbers can be forged. Until a PIN has proved who is calling, only the community, the building and the kind of
problem are spoken, nothing can be closed, and key 1 makes us ring the registered telephone, where key 1 accepts. With
the PIN, names, flats and ways in are spoken of what they have accepted, and accepting (one, or all that wait), closing
and talking with the resident are keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contacts.pins import MOST_DIGITS
from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.calls.duty_connect_steps import GONE, KEY, connecting, gone, talking_menu, talking_steps
from escalation.models import ABOUT_MANY, CaseKind
from escalation.paging.page_dialogue import ACCEPTED_ALL, ALL, problem_words, where
from ivr.dialogue.engine import Choice, Dialogue, Digits, End, Menu, Prompt, Say, Step

ACCEPT, CLOSE, RING_BACK, REFUSED = "accept", "close", "ring_back", "pin_refused"
TYPED_AT_MOST = 3 * MOST_DIGITS
"""Room for beginning again."""
HELLO = "hello"


@dataclass(frozen=True)
class Duty:
    """A case as it concerns this responder: ``is_theirs`` when they have accepted it, no ``profile`` for a message.

    ``people`` is how many residents the case is about, where it is about several.
    """

    case_id: str
    kind: CaseKind
    is_theirs: bool
    profile: ResidentProfile | None
    needs: Sequence[str] = ()
    people: int = 0

    @property
    def unnamed(self) -> str:
        """The prompts of a case that is about no resident in particular end in this."""
        return self.kind.value if self.kind in ABOUT_MANY else "message"

    @property
    def counted(self) -> dict[str, str]:
        """How many it is about, where the prompts say so."""
        return {"people": str(self.people)} if self.kind in ABOUT_MANY else {}


def pin_dialogue(community: str, language: Language, duties: Sequence[Duty], *, has_more: bool = False) -> Dialogue:
    """Asks for the PIN; whoever types nothing goes on without it, and three wrong ones end the call."""
    pin = Digits(
        prompts=(Prompt(key="duty.pin", words={"community": community}),),
        again=(Prompt(key="duty.pin_again"),),
        sorry=(Prompt(key="duty.pin_wrong"),),
        most=TYPED_AT_MOST,
        wrong=Choice(leads_to="refused", fact=REFUSED),
        silence=Choice(leads_to=HELLO),
    )
    refused = End(prompts=(Prompt(key="duty.refused"),))
    without = outline_dialogue(community, language, duties, has_more=has_more)
    return without.model_copy(update={"first": "pin", "steps": {**without.steps, "pin": pin, "refused": refused}})


def outline_dialogue(community: str, language: Language, duties: Sequence[Duty], *, has_more: bool = False) -> Dialogue:
    """Community, building and kind of problem: for whoever may not be the responder; ``has_more``: that is not all."""
    steps: dict[str, Step] = {}
    for index, duty in enumerate(duties):
        after = _after(index, duties)
        steps[_duty(index)] = _own_outline(duty, after) if duty.is_theirs else _outline(index, duty, language, after)
        if not duty.is_theirs:
            steps[gone(index)] = Say(prompts=(Prompt(key="duty.gone"),), then=after)
    steps["ring_back"] = End(prompts=(Prompt(key="duty.ring_back"),))
    if all(duty.is_theirs for duty in duties):
        del steps["ring_back"]
    return _dialogue(community, language, duties, steps, has_more=has_more)


def trusted_dialogue(
    community: str, language: Language, duties: Sequence[Duty], *, has_more: bool = False, taken: Prompt | None = None
) -> Dialogue:
    """Everything: for a responder who has typed their PIN; ``taken``, what their key has just accepted, for hello."""
    steps: dict[str, Step] = {}
    for index, duty in enumerate(duties):
        after = _after(index, duties)
        left = sum(not each.is_theirs for each in duties[index:])
        steps |= _own(index, duty, language, after) if duty.is_theirs else _offered(index, duty, language, after, left)
        steps[gone(index)] = Say(prompts=(Prompt(key="duty.gone"),), then=after)
    return _dialogue(community, language, duties, steps, has_more=has_more, taken=taken)


def offered_from(dialogue: Dialogue, index: int) -> Sequence[str]:
    """The ids of the cases that are offered from this one on: what key 9 accepts."""
    steps = (dialogue.steps[name] for name in map(_duty, range(index, len(dialogue.steps))) if name in dialogue.steps)
    every = (choice for step in steps for key, choice in step.answers() if key == ALL)
    return [choice.subject or "" for choice in every]


def _dialogue(
    community: str,
    language: Language,
    duties: Sequence[Duty],
    steps: Mapping[str, Step],
    *,
    has_more: bool,
    taken: Prompt | None = None,
) -> Dialogue:
    hello = taken or Prompt(key="duty.hello", words={"community": community})
    end = Prompt(key="duty.more" if has_more else "duty.no_more" if duties else "duty.none")
    first = Say(prompts=(hello,), then=_after(-1, duties))
    last = End(prompts=(end, Prompt(key="page.goodbye")))
    return Dialogue(
        name="duty",
        language=language,
        first=HELLO,
        consents=(ACCEPT, ACCEPTED_ALL, CLOSE, RING_BACK),
        steps={HELLO: first, **steps, "end": last},
    )


def _outline(index: int, duty: Duty, language: Language, after: str) -> Step:
    return Menu(
        prompts=(_about("outline", duty, language),),
        keys={
            "1": Choice(leads_to="ring_back", fact=RING_BACK, subject=duty.case_id, instead={GONE: gone(index)}),
            "2": Choice(leads_to=after),
            "3": Choice(leads_to=_duty(index)),
        },
        silence=Choice(leads_to="end"),
    )


def _own_outline(duty: Duty, after: str) -> Step:
    if duty.profile is None:
        return Say(prompts=(Prompt(key=f"duty.yours_outline_{duty.unnamed}"),), then=after)
    building = {"building": duty.profile.building}
    return Say(prompts=(Prompt(key="duty.yours_outline", words=building),), then=after)


def _offered(index: int, duty: Duty, language: Language, after: str, left: int) -> dict[str, Step]:
    """Key 1 accepts, 9 all that are ``left``; only then come the name, the flat and the way in."""
    everything = (Prompt(key="duty.all", words={"count": str(left)}),) if left > 1 else ()
    moved_on = {GONE: gone(index)}
    offer = Menu(
        prompts=(_about("offer", duty, language), *everything),
        keys={
            "1": Choice(leads_to=f"accepted-{index}", fact=ACCEPT, subject=duty.case_id, instead=moved_on),
            "2": Choice(leads_to=after),
            "3": Choice(leads_to=_duty(index)),
            ALL: Choice(leads_to=f"accepted-{index}", fact=ACCEPTED_ALL, subject=duty.case_id, instead=moved_on),
        },
        silence=Choice(leads_to="end"),
    )
    name = f"details-{index}"
    again, talking = {"3": Choice(leads_to=name)}, dict[str, Step]()
    if duty.profile is not None:
        again |= {KEY: connecting(index, duty.case_id)}
        menu = talking_menu(index, duty.case_id, name, after)
        talking = {f"talk-{index}": menu, **talking_steps(index, f"talk-{index}")}
    details = Menu(prompts=(_details(duty, language),), keys=again, silence=Choice(leads_to=after), plays=1)
    accepted = Say(prompts=(Prompt(key="page.accepted"),), then=name)
    return {_duty(index): offer, f"accepted-{index}": accepted, name: details, **talking}


def _own(index: int, duty: Duty, language: Language, after: str) -> dict[str, Step]:
    """Closing is asked for twice: nobody looks at a closed case again."""
    yours = Menu(
        prompts=_yours(duty, language),
        keys={
            "1": Choice(leads_to=f"sure-{index}"),
            "2": Choice(leads_to=after),
            "3": Choice(leads_to=_duty(index)),
            **({KEY: connecting(index, duty.case_id)} if duty.profile else {}),
        },
        silence=Choice(leads_to="end"),
    )
    left_open = Choice(leads_to=f"left-open-{index}")
    sure = Menu(
        prompts=(Prompt(key="duty.sure"),),
        keys={
            "1": Choice(leads_to=f"closed-{index}", fact=CLOSE, subject=duty.case_id, instead={GONE: gone(index)}),
            "2": left_open,
        },
        silence=left_open,
        twice=True,
    )
    return {
        _duty(index): yours,
        f"sure-{index}": sure,
        f"closed-{index}": Say(prompts=(Prompt(key="duty.closed"),), then=after),
        f"left-open-{index}": Say(prompts=(Prompt(key="duty.left_open"),), then=after),
        **(talking_steps(index, _duty(index)) if duty.profile else {}),
    }


def _about(prompt: str, duty: Duty, language: Language) -> Prompt:
    if duty.profile is None:
        return Prompt(key=f"duty.{prompt}_{duty.unnamed}", words=duty.counted)
    problem = problem_words(duty.kind, duty.needs, language)
    return Prompt(key=f"duty.{prompt}", words={"building": duty.profile.building, "problem": problem})


def _yours(duty: Duty, language: Language) -> tuple[Prompt, ...]:
    if duty.profile is None:
        return (Prompt(key=f"duty.yours_{duty.unnamed}", words=duty.counted),)
    problem = problem_words(duty.kind, duty.needs, language)
    told = Prompt(key="duty.yours", words=where(duty.profile, language) | {"problem": problem})
    return told, Prompt(key="duty.yours_menu")


def _details(duty: Duty, language: Language) -> Prompt:
    if duty.profile is None:
        return Prompt(key=f"page.details_{duty.unnamed}")
    return Prompt(key="page.details", words=where(duty.profile, language))


def _duty(index: int) -> str:
    return f"duty-{index}"


def _after(index: int, duties: Sequence[Duty]) -> str:
    return _duty(index + 1) if index + 1 < len(duties) else "end"
