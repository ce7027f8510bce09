"""What a resident hears who has said that they are unwell, and to whom nobody has come yet."""

from sqlalchemy.orm import Session

from contacts import queries as contacts
from core import settings
from core.i18n import Language
from escalation.calls import duty_telephones
from escalation.models import Case
from ivr.dialogue.alternatives import with_spares
from ivr.dialogue.catalogue import MELODY
from ivr.dialogue.engine import Choice, Connect, Dialogue, End, Menu, Prompt, Step

DUTY = "duty"
"""Whom key 0 connects."""
UNDERSTOOD, STILL_UNWELL, WANTS_DUTY = "understood", "still_unwell", "wants_duty"
TAKEN, NOBODY = "taken", "nobody"
SOMEBODY_COMES = {TAKEN: TAKEN}
"""Where whatever was pressed leads instead when somebody has taken the case meanwhile."""
_ENDS = ("understood", "still", "nobody", "silent")
NOTED = {f"truth.{each}": f"truth.{each}_noted" for each in ("truth", *_ENDS)}
"""What "I go on asking" becomes where there is nobody whose telephone can be rung."""
MEANWHILE = {f"truth.{each}": f"truth.{each}_taken" for each in _ENDS}
"""What it becomes where somebody has taken the case while it was being told."""


def truth_for(session: Session, case: Case) -> Dialogue:
    """The truth for the resident of a case; the duty telephone is offered only where there is one."""
    if case.resident_id is None:
        raise LookupError(f"case {case.id} is about nobody we know")
    profile, pace = (
        contacts.resident_profile(session, case.resident_id),
        contacts.resident(session, case.resident_id).pace,
    )
    language, emergency = Language(profile.language), settings.current().emergency_number
    return truth_dialogue(
        profile.called,
        profile.community_name,
        language,
        pace,
        emergency,
        offers_duty=duty_telephones.is_offered(session),
    )


def truth_dialogue(
    called: str, community: str, language: Language, pace: int | None, emergency: str, *, offers_duty: bool
) -> Dialogue:
    """Nothing is asked that would be an answer to a check-in. Where an emergency number is named, our side then ends.

    Our side cannot know that somebody is better: whatever is pressed, the ladder goes on asking.
    """
    who = {"called": called, "community": community}
    urgent = {"emergency": emergency}
    truth = Prompt(key="truth.truth", words=urgent)
    menu = Prompt(key="truth.menu" if offers_duty else "truth.menu_alone")
    asks = Menu(
        prompts=(Prompt(key="truth.hello", words=who), truth, menu),
        again=(Prompt(key="truth.slowly"), truth, menu),
        sorry=(Prompt(key="check_in.wrong_key"),),
        keys={
            "1": Choice(leads_to=UNDERSTOOD, fact=UNDERSTOOD, instead=SOMEBODY_COMES),
            "3": Choice(leads_to="still", fact=STILL_UNWELL, instead=SOMEBODY_COMES),
            **({"0": Choice(leads_to="connecting", fact=WANTS_DUTY, instead={NOBODY: NOBODY})} if offers_duty else {}),
        },
        silence=Choice(leads_to="silent", instead=SOMEBODY_COMES),
    )
    dialogue = Dialogue(
        name="truth",
        language=language,
        pace=pace,
        first="truth",
        entrances=(TAKEN,),
        steps={
            "truth": asks,
            UNDERSTOOD: End(prompts=(Prompt(key="truth.understood"), Prompt(key="check_in.goodbye"))),
            "still": End(prompts=(Prompt(key="truth.still", words=urgent),)),
            "silent": End(prompts=(Prompt(key="truth.silent", words=urgent),)),
            TAKEN: End(prompts=(Prompt(key="truth.taken", words=who), Prompt(key="check_in.goodbye"))),
            **(_connecting_steps(emergency) if offers_duty else {}),
        },
    )
    return with_spares(with_spares(dialogue, NOTED), MEANWHILE)


def _connecting_steps(emergency: str) -> dict[str, Step]:
    return {
        "connecting": Connect(
            prompts=(Prompt(key="truth.connecting"), MELODY),
            again=(Prompt(key="check_in.connecting_again"), MELODY),
            whom=DUTY,
            connected=Choice(leads_to="goodbye"),
            not_connected=Choice(leads_to=NOBODY),
        ),
        NOBODY: End(prompts=(Prompt(key="truth.nobody", words={"emergency": emergency}),)),
        "goodbye": End(prompts=(Prompt(key="check_in.goodbye"),)),
    }
