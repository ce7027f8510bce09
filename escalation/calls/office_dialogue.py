"""What somebody at a duty telephone hears who is rung for a resident who waits."""

from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.models import CaseKind
from escalation.paging.page_dialogue import ACCEPTED, ALONE, NOT_ACCEPTED, OWN, TAKEN, TAKEN_MEANWHILE
from ivr.dialogue.alternatives import with_spares
from ivr.dialogue.engine import Bridge, Choice, Dialogue, End, Menu, Prompt


def office_dialogue(profile: ResidentProfile, language: str, kind: CaseKind = CaseKind.WANTS_PERSON) -> Dialogue:
    """Who it is, and where they live, is said only after the key that proves a person."""
    offer = {"community": profile.community_name, "building": profile.building}
    offer_key = "office.offer_unwell" if kind is CaseKind.UNWELL else "office.offer"
    accepted = {"name": profile.name, "place": profile.place}
    dialogue = Dialogue(
        name="office",
        language=Language(language),
        first="offer",
        entrances=(TAKEN,),
        consents=(ACCEPTED,),
        steps={
            "offer": Menu(
                prompts=(Prompt(key=offer_key, words=offer),),
                keys={"1": Choice(leads_to="accepted", fact=ACCEPTED, instead=NOT_ACCEPTED)},
                silence=Choice(leads_to="silent"),
                plays=2,
                wait_seconds=5,
            ),
            "accepted": Bridge(prompts=(Prompt(key="office.accepted", words=accepted),)),
            "silent": End(prompts=(Prompt(key="office.silent"),)),
            TAKEN: End(prompts=(Prompt(key="page.taken"),)),
            OWN: End(prompts=(Prompt(key="page.own"),)),
        },
    )
    return with_spares(with_spares(dialogue, ALONE), TAKEN_MEANWHILE)
