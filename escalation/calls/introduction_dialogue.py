"""What a resident hears before they are connected with a responder."""

from contacts.models import Responder
from contacts.queries import ResidentProfile
from core.i18n import Language
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Bridge, Dialogue, Prompt


def introduction_dialogue(profile: ResidentProfile, responder: Responder) -> Dialogue:
    """What a resident hears before they are connected with a responder."""
    language = Language(profile.language)
    said = {
        "called": profile.called,
        "community": profile.community_name,
        "responder": responder.name,
        "role": words(Prompt(key=f"role.{responder.role}"), language),
    }
    hello = Bridge(prompts=(Prompt(key="introduction.hello", words=said),))
    return Dialogue(name="introduction", language=language, first="hello", steps={"hello": hello})
