"""Sample calls: whoever plans a campaign hears it at their own telephone, as a resident who does not exist would.

What is pressed leads where it would lead, and nothing comes of it: no check-in, no case, nobody is told.
"""

from sqlalchemy.orm import Session

from campaigns.dialogues.spoken_promises import quoting
from campaigns.models import Campaign
from campaigns.rounds import attempts
from contacts import phones
from contacts import queries as contacts
from contacts.hours import hours_of
from contacts.models import Community, Resident
from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.i18n import Language
from core.ids import new_id
from core.running import events
from core.timbre import Timbre
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls
from ivr.models import Call, Urgency

SAMPLE = "sample"
_CALLED = {Language.CHINESE: "王奶奶", Language.ENGLISH: "Mrs Wang"}


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
