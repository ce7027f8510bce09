"""Messages to the office: whoever is not sent away with a key speaks after a beep, and the office listens to it."""

from sqlalchemy.orm import Session

from contacts.community.community import the_community
from core.actors import Actor
from escalation.cases import cases
from ivr.dialogue.engine import Choice, End, Heard, Prompt, Record, Step, Turn
from ivr.models import Call
from ivr.webhooks import recordings

MESSAGE = "message"
LEFT = "message_left"
WITHHELD = "withheld"


def message_steps(emergency: str) -> dict[str, Step]:
    """The caller is told that it is recorded before the beep."""
    return {
        MESSAGE: Record(
            prompts=(Prompt(key="message.please", words={"emergency": emergency}),),
            then=Choice(leads_to="received", fact=LEFT),
            silence=Choice(leads_to="nothing"),
        ),
        "received": End(prompts=(Prompt(key="message.received"),)),
        "nothing": End(prompts=(Prompt(key="message.nothing"),)),
    }


def take(session: Session, actor: Actor, call: Call, turn: Turn, heard: Heard) -> bool:
    """Opens the office's case about what was just recorded; False when nothing was."""
    if all(fact.name != LEFT for fact in turn.facts):
        return False
    recording = recordings.keep(session, call, heard)
    cases.open_message(session, actor, the_community(session).id, recording.id, caller_of(call))
    return True


def caller_of(call: Call) -> str:
    """Whose telephone a call comes from, as far as anybody can tell."""
    return call.number if call.number.startswith("+") else WITHHELD
