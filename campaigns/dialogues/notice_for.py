"""Notices: a message to everybody chosen, in a round of its own.

It is planned, rung and retried like a check-in and has the same outcomes, of which ``ok`` means "has heard it". It
never answers a check-in, and a check-in never answers it. Whoever has not said that they heard it has a case all the
same, but a gentle one (``notice_not_heard``): it stands on the office's page, and nobody's telephone rings about it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaigns.dialogues.check_in_steps import Asked
from campaigns.dialogues.notice import notice_dialogue
from campaigns.models import Campaign
from contacts.models import Community, Resident
from core import settings
from core.errors import UserError
from core.i18n import Language
from ivr.dialogue.engine import Dialogue

NOTICE = "notice"
LONGEST_MESSAGE = 500
"""Characters: three minutes of Mandarin, which nobody listens to twice."""


def notice_for(session: Session, campaign: Campaign, residents: Sequence[Resident], message: str) -> Dialogue:
    """What these residents hear together, in the language of the first and at the slowest pace among them."""
    return notice_dialogue(
        [Asked(str(resident.id), resident.called) for resident in residents],
        message,
        session.get_one(Community, campaign.community_id).name,
        Language(residents[0].language),
        min((resident.pace for resident in residents if resident.pace), default=None),
        settings.current().emergency_number,
    )


def message_of(text: str) -> str:
    """The message as it is kept: white space in it means nothing; raises ``UserError`` for one that cannot be told."""
    message = " ".join(text.split())
    if not any(each.isalnum() for each in message):
        raise UserError(
            "A notice needs a message.", way_out="Give one with --message or --message-file.", field="message",
            value=text,
        )  # fmt: skip
    if len(message) > LONGEST_MESSAGE:
        raise UserError(
            "The message has {length} characters.",
            way_out="Nobody remembers more than {most}: say it more shortly, or as several notices.",
            field="message",
            value=message[:20],
            length=len(message),
            most=LONGEST_MESSAGE,
        )
    return message
