"""The history of a campaign: who has done what to it, when, and which version came of it, from the event log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import Campaign
from campaigns.reports import change_words
from campaigns.reports.doers import names_of, who
from contacts.models import Community
from core.i18n import Language, translate
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
    known = names_of(session, happened)
    community = session.get_one(Community, campaign.community_id)
    return [
        Deed(each.id, each.at, who(each, known, language), _what(session, community, each, language),
             each.facts.get("version"))
        for each in happened
    ]  # fmt: skip


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
