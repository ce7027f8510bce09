"""What a responder hears: the kind of problem before a key proves a person, the flat and the way in after."""

from collections.abc import Mapping, Sequence

from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.models import CaseKind
from ivr.catalogue import sentence, words
from ivr.dialogue import END, Choice, Connect, Dialogue, Prompt, Step

ACCEPTED = "accepted"
DECLINED = "declined"
TAKEN = "taken"
OWN = "own"
ENGAGED = "engaged"
RESIDENT = "resident"
"""Whom key 4 connects."""
OFFER, OFFER_UNVERIFIED = "page.offer", "page.offer_unverified"


_AGAIN = {"3": Choice(leads_to="details")}
_TALKING = {
    "connecting": Step(
        prompts=(Prompt(key="page.connecting"),),
        connect=Connect(
            whom=RESIDENT, connected=Choice(leads_to="menu"), not_connected=Choice(leads_to="not_connected")
        ),
    ),
    "not_connected": Step(prompts=(Prompt(key="page.not_connected"),), then="menu"),
    ENGAGED: Step(prompts=(Prompt(key="page.engaged"),), then="menu"),
    "menu": Step(
        prompts=(Prompt(key="page.menu"),),
        keys=_AGAIN | {"4": Choice(leads_to="connecting")},
        silence=Choice(leads_to="goodbye"),
        plays=2,
    ),
}
"""What key 4 leads to, where there is a resident to talk with."""


def page_dialogue(
    profile: ResidentProfile, kind: CaseKind, language: str, offer_key: str = OFFER, needs: Sequence[str] = ()
) -> Dialogue:
    """What is asked about a resident; with ``OFFER_UNVERIFIED`` about what a caller has said who may be anybody."""
    spoken = Language(language)
    problem = problem_words(kind, needs, spoken)
    offer = {"community": profile.community_name, "building": profile.building, "problem": problem}
    details = Prompt(key="page.details", words=where(profile, spoken))
    return _asking(spoken, Prompt(key=offer_key, words=offer), details, _TALKING)


def where(profile: ResidentProfile, language: Language) -> dict[str, str]:
    """Whom to look after, and how to get there."""
    return {"name": profile.name, "place": profile.place, "access": sentence(profile.access_notes, language)}


def problem_words(kind: CaseKind, needs: Sequence[str], language: Language) -> str:
    """What is wrong, as the voice says it; what is needed is said instead of "some things"."""
    keys = [f"problem.needs_{need}" for need in needs] if kind is CaseKind.NEEDS_SUPPLIES else []
    said = [words(Prompt(key=key), language) for key in keys or [f"problem.{kind}"]]
    return words(Prompt(key="problem.and"), language).join(said)


def message_page_dialogue(community: str, language: str) -> Dialogue:
    """What is asked about a message that somebody unknown has left."""
    offer = Prompt(key="page.offer_message", words={"community": community})
    return _asking(Language(language), offer, Prompt(key="page.details_message"), {})


def not_asked_page_dialogue(community: str, people: int, language: str) -> Dialogue:
    """What is asked about the residents of a round whom nobody has rung."""
    offer = Prompt(key="page.offer_not_asked", words={"community": community, "people": str(people)})
    return _asking(Language(language), offer, Prompt(key="page.details_not_asked"), {})


def _asking(spoken: Language, offer: Prompt, details: Prompt, talking: Mapping[str, Step]) -> Dialogue:
    """Key 1 accepts, 2 declines, 3 says it again, 4 connects with the resident; silence is no acceptance."""
    goodbye = Prompt(key="page.goodbye")
    return Dialogue(
        name="page",
        language=spoken,
        first="offer",
        entrances=(TAKEN, OWN, ENGAGED) if talking else (TAKEN, OWN),
        consents=(ACCEPTED,),
        steps={
            "offer": Step(
                prompts=(offer,),
                keys={
                    "1": Choice(leads_to="accepted", fact=ACCEPTED),
                    "2": Choice(leads_to="declined", fact=DECLINED),
                    "3": Choice(leads_to="offer"),
                },
                silence=Choice(leads_to="silent"),
                machine=Choice(leads_to="silent"),
            ),
            "accepted": Step(prompts=(Prompt(key="page.accepted"),), then="details"),
            "details": Step(
                prompts=(details,),
                keys=_AGAIN | ({"4": Choice(leads_to="connecting")} if talking else {}),
                silence=Choice(leads_to="goodbye"),
                plays=1,
            ),
            **talking,
            "declined": Step(prompts=(Prompt(key="page.declined"), goodbye), then=END),
            "silent": Step(prompts=(Prompt(key="page.silent"), goodbye), then=END),
            TAKEN: Step(prompts=(Prompt(key="page.taken"), goodbye), then=END),
            OWN: Step(prompts=(Prompt(key="page.own"), goodbye), then=END),
            "goodbye": Step(prompts=(goodbye,), then=END),
        },
    )
