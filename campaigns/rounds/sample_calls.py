"""Sample calls: whoever plans a campaign hears it at their own telephone, as a resident who does not exist would; and
the greeting of somebody who does, before it is written down how they are called.

What is pressed leads where it would lead, and nothing comes of it: no check-in, no case, nobody is told.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.dialogues.spoken_promises import quoting
from campaigns.models import Campaign
from campaigns.rounds import attempts
from contacts import phones
from contacts import queries as contacts
from contacts.hours import hours_of
from contacts.models import Community, Resident, ResidentFlag
from contacts.name_readings import by_character
from contacts.people.particulars import Particulars, checked
from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.i18n import Language
from core.ids import new_id
from core.running import events
from core.timbre import Timbre
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Dialogue, Prompt, begin
from ivr.dispatch import calls
from ivr.listener import Overlay
from ivr.models import Call, Urgency
from ivr.prompts import own_voices

SAMPLE = "sample"
_SOUNDS = ("name", "called", "reading", "language", "pace", "timbre")
"""What of a resident decides how they are greeted."""
_CALLED = {Language.CHINESE: "王奶奶", Language.ENGLISH: "Mrs Wang"}


@dataclass(frozen=True)
class Greeting:
    """The prompt by which a call says whom it is for, in its dialogue, and how it sounds to whoever hears it."""

    prompt: Prompt
    dialogue: Dialogue
    overlay: Overlay


def ring(session: Session, actor: Actor, campaign: Campaign, written: str) -> Call:
    """Rings this telephone soon. Raises ``UserError`` for what is no number that may be rung, and ``ConflictError`` for
    a resident's, who may have asked for no calls, and outside permitted hours."""
    community, now = session.get_one(Community, campaign.community_id), clock.now()
    number = phones.parse(written, community.region, community.area_code)
    hours = hours_of(community)
    if contacts.residents_by_number(session, number):
        raise ConflictError(
            "{value} is the telephone of a resident.", way_out="Give your own; for a resident: zaoan trial", field="to",
            value=written,
        )  # fmt: skip
    if not hours.permit(now):
        raise ConflictError(
            "Nobody is rung now, at {value}.", way_out="Try again between {opens} and {closes}.", field="to",
            value=now.astimezone(hours.zone).strftime("%H:%M"), opens=hours.opens.strftime("%H:%M"),
            closes=hours.closes.strftime("%H:%M"),
        )  # fmt: skip
    heard = quoting(dialogue(session, campaign, Language(community.language)))
    call = calls.queue(session, number=number, owner=SAMPLE, dialogue=heard, urgency=Urgency.ROUTINE, due_at=now,
                       not_after=hours.closing(now), ring_seconds=campaign.ring_seconds)  # fmt: skip
    session.flush()
    events.append(session, actor, "campaign.sampled", campaign.id, name=campaign.name, call=str(call.id))
    return call


def dialogue(session: Session, campaign: Campaign, language: Language) -> Dialogue:
    """What a resident who does not exist, and speaks this language, would hear of the campaign as it is now."""
    nobody = Resident(id=new_id(), community_id=campaign.community_id, called=_CALLED[language], language=language,
                      pace=None, timbre=Timbre.USUAL, flags=[])  # fmt: skip
    return attempts.asking(session, campaign, [nobody])[1]


def greeting(session: Session, who: Resident, told: Particulars) -> Greeting:
    """How ``who`` would be greeted if this were written down of them; raises ``UserError`` as ``checked`` does."""
    typed = checked(told, who.name)
    sounds = {each: typed.get(each, getattr(who, each)) for each in _SOUNDS}
    flags = [ResidentFlag(resident_id=who.id, flag=each.flag) for each in who.flags]
    as_typed = Resident(id=who.id, community_id=who.community_id, flags=flags, **sounds)
    heard = attempts.dialogue_for(session, [as_typed], rang_us=False)
    overlay = own_voices.overlay(session, heard, attempts.listener_of([as_typed]))
    said = begin(heard).say
    prompt = next((each for each in said if as_typed.called in words(each, heard.language)), said[0])
    return Greeting(prompt, heard, overlay.model_copy(update={"readings": _readings(overlay, who, as_typed)}))


def _readings(overlay: Overlay, who: Resident, as_typed: Resident) -> dict[str, str]:
    """Those of everybody else, and this one's as it is typed."""
    own = (who.called, who.name) if who.reading else ()
    others = {text: read for text, read in overlay.readings.items() if text not in own}
    read = by_character(as_typed.name, as_typed.reading)
    return others | ({as_typed.called: read, as_typed.name: read} if read else {})
