"""Which residents of a round are silent, and what they have in common with others."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.looking.clusters import Rung, exchange_of
from campaigns.models import Outcome
from campaigns.noticed import Common
from campaigns.queries import silences as queries
from campaigns.queries.silences import Due, Reached
from contacts.models import AreaKind
from contacts.queries import homes
from contacts.queries.homes import Place

SILENT = (Outcome.VOICEMAIL, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.UNREACHABLE)
"""Whom nobody has reached. Who has hung up, or has pressed no key, has a telephone that works."""
_ASKED_NOBODY = frozenset({Outcome.NOT_ASKED, Outcome.EXCUSED, Outcome.WITHDRAWN})


def observed(session: Session, due: Due) -> list[Rung]:
    """Everybody who has been rung in a round; five statements, however many they are.

    Who was not reached in the round before either says nothing new, and is left out: a house that stands empty, or an
    exchange that has been dead for days, is told once.
    """
    known = queries.unreached_before(session, due, SILENT)
    lines, places = queries.lines_used(session, due.round_id), homes.places(session, due.community_id)
    return [
        Rung(each.check_in_id, each.got in SILENT, _groups(each, lines, places))
        for each in queries.reached(session, due.round_id)
        if each.got not in _ASKED_NOBODY and each.resident_id not in known
    ]


def _groups(each: Reached, lines: Mapping[UUID, str], places: Mapping[UUID, Place]) -> dict[Common, str]:
    groups = {
        Common.BUILDING: building_at(each.area_id, places),
        Common.EXCHANGE: exchange_of(each.number),
        Common.LINE: lines.get(each.check_in_id, ""),
    }
    return {common: name for common, name in groups.items() if name} | {Common.ROUND: ""}


def building_at(area_id: UUID | None, places: Mapping[UUID, Place]) -> str:
    """The building around an area, as the tree spells it; empty where there is none."""
    while area_id is not None and (place := places.get(area_id)) is not None:
        if place.kind == AreaKind.BUILDING:
            return place.name
        area_id = place.parent_id
    return ""
