"""What can be chosen in the form of a campaign: the flags, areas, lists and campaigns that a community has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience_names import named_areas
from campaigns.reports.report_words import flag_word
from console.view.house_fronts import natural
from contacts.models import AreaKind, Community, Flag
from contacts.people import resident_lists
from contacts.queries import campaign_audience
from core.i18n import Language

MOST_AREAS = 400
"""Of more buildings a rule is written."""
_SHOWN = (AreaKind.GRID, AreaKind.BUILDING)


@dataclass(frozen=True)
class Offer:
    """Something to tick or to choose: what is sent of it, and what it is called."""

    value: str
    name: str


@dataclass(frozen=True)
class Offers:
    """All that can be chosen; what was chosen already is there in any case."""

    flags: Sequence[Offer]
    grids: Sequence[Offer]
    buildings: Sequence[Offer]
    lists: Sequence[Offer]
    campaigns: Sequence[Offer]


def offers(
    session: Session, community: Community, language: Language, flags: Collection[str], area_ids: Collection[str]
) -> Offers:
    """What this community has; ``flags`` and ``area_ids`` are those that stand in the form."""
    areas = named_areas(session, community.id)
    shown = [(key, area) for key, area in areas.items() if area.kind in _SHOWN or str(key) in area_ids]
    ordered = sorted(shown, key=lambda each: (natural(each[1].building), natural(each[1].name)))
    places = [(area.kind, Offer(str(key), area.said(language))) for key, area in ordered[:MOST_AREAS]]
    return Offers(
        flags=_flags(campaign_audience.carried_flags(session, community.id) | set(flags), language),
        grids=[offer for kind, offer in places if kind == AreaKind.GRID],
        buildings=[offer for kind, offer in places if kind != AreaKind.GRID],
        lists=[Offer(str(each.id), each.name) for each in resident_lists.lists(session, community.id)],
        campaigns=[Offer(str(each.id), each.name) for each in queries.campaigns(session)],
    )


def _flags(known: Collection[str], language: Language) -> Sequence[Offer]:
    """The flags of the vocabulary in its order, and after them a community's own words."""
    own = sorted(each for each in known if each not in set(Flag))
    return [Offer(each, flag_word(each, language)) for each in (*Flag, *own)]
