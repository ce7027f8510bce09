"""The history of a campaign: who has done what to it, when, and which version came of it, from the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.models import Campaign
from campaigns.reports import change_words
from contacts.models import Community
from core.actors import ActorKind
from core.i18n import Language, translate
from core.identity import queries as identity
from core.running import events
from core.running.events import Event

_TOLD = {
    "campaign.created": "has written it",
    "campaign.renamed": "has renamed it: {before} → {after}",
    "campaign.changed": "has changed {part}: {before} → {after}",
    "campaign.checked": "has checked it: nothing stands in the way",
    "campaign.active": "has let it start its rounds",
    "campaign.paused": "has paused it",
    "campaign.stopped": "has ended it",
    "campaign.sampled": "has heard it at a telephone of their own",
}


@dataclass(frozen=True)
class Deed:
    """One thing that somebody has done to a campaign; ``who`` and ``what`` in words, ``version`` where one is known."""

    event_id: int
    at: datetime
    who: str
    what: str
    version: int | None


def history(
    session: Session, campaign: Campaign, language: Language, limit: int, before: int | None = None
) -> Sequence[Deed]:
    """The last things done to a campaign, newest first; with ``before`` those earlier than that event."""
    happened = [each for each in events.of_campaign(session, campaign.id, limit, before) if each.kind in _TOLD]
    known = _names(session, happened)
    community = session.get_one(Community, campaign.community_id)
    return [
        Deed(each.id, each.at, _who(each, known, language), _what(session, community, each, language),
             each.facts.get("version"))
        for each in happened
    ]  # fmt: skip


def _names(session: Session, happened: Sequence[Event]) -> Mapping[UUID, str]:
    ids = list({each.actor_id for each in happened if each.actor_id})
    return identity.called(session, ids) | identity.tokens_called(session, ids) if ids else {}


def _who(event: Event, known: Mapping[UUID, str], language: Language) -> str:
    actor = event.actor
    named = known.get(actor.id, "") if actor.id else "" if actor.kind is ActorKind.SYSTEM else actor.name
    return named or translate(language, f"actor:{actor.kind}")


def _what(session: Session, community: Community, event: Event, language: Language) -> str:
    facts = event.facts
    if event.kind == "campaign.renamed":
        return translate(language, _TOLD[event.kind], before=facts["before"], after=facts["name"])
    if event.kind != "campaign.changed":
        return translate(language, _TOLD[event.kind])
    part = facts["what"]
    before, after = (
        change_words.value(session, community, part, facts[when], language) for when in ("before", "after")
    )
    return translate(language, _TOLD[event.kind], part=change_words.label(part, language), before=before, after=after)
