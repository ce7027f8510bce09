"""Which calls can be listened to before anybody is rung: an example of each, a resident's own, those of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.rounds import attempts, sample_calls
from console.listen.samples import SAMPLES
from contacts.models import Resident
from contacts.people.person_lookup import find_resident
from core.errors import NotFoundError
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue.engine import Dialogue
from ivr.listener import EVERYBODY, Listener, Overlay
from ivr.prompts import own_voices

OF_CAMPAIGN = "campaign:"
FIRST = "check_in"


@dataclass(frozen=True)
class Wanted:
    """What is to be listened to: ``name`` of a call, the language that is ``spoken``, and the ``resident`` it is for.

    ``resident`` is what a person writes, a name or a telephone; their language and pace outrank ``spoken``. Without a
    ``voice`` it is the one that was chosen for them.
    """

    name: str
    spoken: Language
    resident: str = ""
    voice: Timbre | None = None


@dataclass(frozen=True)
class Conversation:
    """A call as it would be: what is said, and how it sounds to whoever is rung, the ``resident`` if it is one."""

    dialogue: Dialogue
    overlay: Overlay
    resident: Resident | None = None


def conversation(session: Session, wanted: Wanted) -> Conversation:
    """The call that is wanted, in the voice that is. Raises ``UserError`` for a name that there is not."""
    found = _found(session, wanted)
    return replace(found, overlay=found.overlay.model_copy(update={"timbre": wanted.voice})) if wanted.voice else found


def _found(session: Session, wanted: Wanted) -> Conversation:
    if wanted.name.startswith(OF_CAMPAIGN):
        return _of_campaign(session, wanted)
    if wanted.resident:
        return _own(session, wanted.resident)
    if wanted.name not in SAMPLES:
        raise _no_call(wanted.name)
    dialogue = SAMPLES[wanted.name](wanted.spoken)
    return Conversation(dialogue, own_voices.overlay(session, dialogue, EVERYBODY))


def campaigns_to_hear(session: Session) -> Sequence[tuple[str, str]]:
    """The campaigns of this community, each by the name of its call and its own."""
    return [(name_of(each.id), each.name) for each in queries.campaigns(session)]


def name_of(campaign_id: UUID) -> str:
    """The name of the call of a campaign."""
    return f"{OF_CAMPAIGN}{campaign_id}"


def _own(session: Session, written: str) -> Conversation:
    resident = find_resident(session, written)
    dialogue = attempts.dialogue_for(session, [resident], rang_us=False)
    return Conversation(dialogue, own_voices.overlay(session, dialogue, attempts.listener_of([resident])), resident)


def _of_campaign(session: Session, wanted: Wanted) -> Conversation:
    """The call of a campaign as this resident would hear it, or as somebody who does not exist."""
    campaign = next((each for each in queries.campaigns(session) if name_of(each.id) == wanted.name), None)
    if campaign is None:
        raise _no_call(wanted.name)
    resident = find_resident(session, wanted.resident) if wanted.resident else None
    if resident is not None:
        _, dialogue = attempts.asking(session, campaign, [resident])
        listener = attempts.listener_of([resident], campaign.id)
    else:
        dialogue = sample_calls.dialogue(session, campaign, wanted.spoken)
        listener = Listener(campaign_id=campaign.id)
    return Conversation(dialogue, own_voices.overlay(session, dialogue, listener), resident)


def _no_call(name: str) -> NotFoundError:
    return NotFoundError("There is no call {value}.", way_out="Choose one of the list.", field="call", value=name)
