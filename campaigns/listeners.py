"""For whom a prompt is recorded or played: the people's floor and the campaigns' tell the telephone's who is meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.changes import campaign_lookup
from contacts.community.community import the_community
from contacts.models import Resident
from contacts.people.person_lookup import find_resident
from core import settings
from core.errors import UserError
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue.catalogue import example
from ivr.dialogue.engine import Dialogue, End, Prompt
from ivr.listener import Listener, Overlay
from ivr.prompts.own_voices import Scope, overlay


@dataclass(frozen=True)
class OnePrompt:
    """A prompt as these people hear it: in which dialogue, and what sounds otherwise for them."""

    prompt: Prompt
    dialogue: Dialogue
    overlay: Overlay


def scope_of(session: Session, *, resident: str, campaign: str) -> Scope:
    """Everybody, or whoever is named. Raises ``UserError`` for a name that is unknown or several people's."""
    if resident and campaign:
        raise UserError(
            "A recording is meant for one resident or for one campaign.",
            way_out="Give either --resident or --campaign.",
            field="campaign",
            value=campaign,
        )
    if resident:
        return Scope(resident_id=find_resident(session, resident).id)
    return Scope(campaign_id=campaign_lookup.find(session, campaign).id) if campaign else Scope()


def filled_for(session: Session, scope: Scope) -> Mapping[str, str]:
    """The gaps whose words are always the same for these people."""
    filled = {"community": the_community(session).name, "emergency": settings.current().emergency_number}
    if scope.resident_id is not None:
        filled["called"] = session.get_one(Resident, scope.resident_id).called
    return filled


def language_of(session: Session, scope: Scope) -> Language:
    """In which these people are spoken to."""
    resident = _resident(session, scope)
    return Language(resident.language if resident else the_community(session).language)


def one_prompt(session: Session, key: str, language: Language, scope: Scope) -> OnePrompt:
    """A prompt with what is known of these people in its gaps, and examples in the others.

    Raises ``KeyError`` for an unknown prompt.
    """
    resident = _resident(session, scope)
    shown = example(key, language)
    known = {gap: words for gap, words in filled_for(session, scope).items() if gap in shown.words}
    prompt = Prompt(key=key, words={**shown.words, **known})
    pace = resident.pace if resident else None
    dialogue = Dialogue(name="one", language=language, pace=pace, first="only", steps={"only": End(prompts=(prompt,))})
    timbre = resident.timbre if resident else Timbre.USUAL
    listener = Listener((resident.id,) if resident else (), scope.campaign_id, timbre)
    return OnePrompt(prompt, dialogue, overlay(session, dialogue, listener))


def _resident(session: Session, scope: Scope) -> Resident | None:
    return session.get_one(Resident, scope.resident_id) if scope.resident_id is not None else None
