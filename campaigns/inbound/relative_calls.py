"""Relatives who ring in hear today's result in one sentence. Nothing they say is anybody's answer."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.dialogues import message_to_office
from campaigns.dialogues.relative import relative_dialogue
from campaigns.family.news import news_of
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Relative
from core import actors, settings
from core.actors import Actor
from core.i18n import Language
from core.running import events
from escalation.paging.promises import Help, Promise, promise
from ivr.dialogue.engine import Dialogue, Heard, Position, Prompt, Turn, advance, begin
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports.owners import CallOwner

RELATIVE = "relative"


class RelativeCalls(CallOwner):
    """Owns calls from relatives who may be told."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The result, and a message if they wish."""
        dialogue = calls.dialogue_of(call)
        if position is None:
            return begin(dialogue)
        turn = advance(dialogue, position, heard)
        if turn.facts:
            message_to_office.take(session, _speaker(session, call), call, turn, heard)
        return turn


def _speaker(session: Session, call: Call) -> Actor:
    """Whose telephone it is, if it is one relative's alone."""
    theirs = contacts.relatives_by_number(session, call.number)
    return actors.relative(theirs[0].id) if len(theirs) == 1 else actors.caller()


def news_for(session: Session, relatives: Sequence[Relative]) -> Dialogue:
    """Today's result of everybody whose relative is calling, one sentence each; ``relatives`` is not empty."""
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    language = Language(relatives[0].language)
    told = tuple(prompt for relative in relatives for prompt in _news(session, relative.resident_id, zone))
    for relative in relatives:
        events.append(session, actors.relative(relative.id), "relative.rang_in", relative.resident_id)
    return relative_dialogue(community.name, language, told, settings.current().emergency_number)


def _news(session: Session, resident_id: UUID, zone: ZoneInfo) -> tuple[Prompt, ...]:
    """How they are today and, where somebody has to help, how it stands with that."""
    news = news_of(session, resident_id, zone)
    words = {"called": contacts.resident(session, resident_id).called}
    if news.at is not None:
        words["time"] = news.at.astimezone(zone).strftime("%H:%M")
    known = Prompt(key=f"relative.{news.sentence}", words=words)
    if news.case is None or not news.is_helped:
        return (known,)
    return known, _help(promise(session, news.case), words["called"], zone)


def _help(now: Promise, called: str, zone: ZoneInfo) -> Prompt:
    words = {"called": called} if now.help is Help.NOBODY else {}
    if now.at is not None:
        words["later"] = now.at.astimezone(zone).strftime("%H:%M")
    return Prompt(key=f"relative.help_{now.help}", words=words)
