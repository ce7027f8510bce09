"""Sample calls: the campaigns floor's side of the telephone's seam. They store nothing of what is pressed.

What a key would do is not done; the dialogue only quotes what a real call would say (``spoken_promises.quoting``).
"""

from sqlalchemy.orm import Session

from campaigns.dialogues.check_in import step_for, subjects
from core import clock
from ivr.dialogue.engine import Connect, Heard, Position, Sound, Turn, advance, enter
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports.owners import CallOwner


class SampleCalls(CallOwner):
    """Owns the calls in which whoever plans a campaign hears it."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Until the permitted hours of the day on which it was asked for are over."""
        return clock.now() <= call.not_after

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Goes where the key leads; nobody is connected with anybody."""
        dialogue = calls.dialogue_of(call)
        if position is None:
            return enter(dialogue, step_for(dialogue, subjects(dialogue)[0]))
        if heard.sound is Sound.LOST or isinstance(dialogue.step(position.step), Connect):
            return Turn((), None)
        return advance(dialogue, position, heard)
