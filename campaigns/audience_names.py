"""The names in rules, looked up in the database."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audiences.names import NamedArea, NamedRound, Names
from campaigns.audiences.rules import InRound, LivesIn, OnList, Rule, parts
from campaigns.models import Round
from contacts import places
from contacts.columns import vocabulary
from contacts.models import AreaKind, Community
from contacts.people import resident_lists
from contacts.queries import campaign_audience, homes
from core.errors import NotFoundError
from core.short_ids import Named, resolve, short

_ROUND = Named(
    Round.id, "There is no round and no campaign {value}.", "`zaoan round list` and `zaoan campaign list` name them."
)


class Lookup:
    """What words in a rule mean in one community (see ``campaigns.audiences.names.Lookup``)."""

    def __init__(self, session: Session, community_id: UUID) -> None:
        self._session, self._community_id = session, community_id
        self._areas: dict[UUID, NamedArea] | None = None

    def flags(self, written: Sequence[str]) -> Sequence[str]:
        """The flags that somebody means; raises ``UserError`` for a word that nobody knows or carries."""
        carried = campaign_audience.carried_flags(self._session, self._community_id)
        usual = campaign_audience.usual_flags(self._session, self._community_id)
        return vocabulary.chosen_flags(written, carried, usual)

    def area(self, written: str) -> UUID:
        """A building, a unit or a grid in any spelling; raises ``NotFoundError``."""
        if self._areas is None:
            self._areas = named_areas(self._session, self._community_id)
        head, _, unit = written.partition("/")
        building = places.building_name(head)
        wanted = (
            {(AreaKind.UNIT, building, places.unit_name(unit))} if unit
            else {(AreaKind.BUILDING, "", building), (AreaKind.GRID, "", head.strip())}
        )  # fmt: skip
        for area_id, area in self._areas.items():
            if (area.kind, area.building, area.name) in wanted:
                return area_id
        known = sorted({area.written for area in self._areas.values() if area.kind != AreaKind.UNIT})[:20]
        raise NotFoundError("Nobody lives in {value}.", way_out="There are: {known}.", field="audience", value=written,
                            known=", ".join(known) or "-")  # fmt: skip

    def list_id(self, written: str) -> UUID:
        """A list of the community's own; raises ``NotFoundError``."""
        return resident_lists.find(self._session, self._community_id, written).id

    def round_or_campaign(self, written: str) -> tuple[UUID | None, UUID | None]:
        """A campaign of that name, otherwise a round; raises ``NotFoundError``, or ``ConflictError`` for several."""
        if campaign := queries.campaign_named(self._session, written):
            return None, campaign.id
        return resolve(self._session, _ROUND, written), None


def names_in(session: Session, community: Community, rule: Rule) -> Names:
    """The names of everything to which a rule refers; a statement for each kind of thing that it names."""
    inside = list(parts(rule))
    round_ids = {each.round_id for each in inside if isinstance(each, InRound) and each.round_id}
    has_campaign = any(isinstance(each, InRound) and each.campaign_id for each in inside)
    return Names(
        areas=named_areas(session, community.id) if any(isinstance(each, LivesIn) for each in inside) else {},
        lists={each.id: each.name for each in resident_lists.lists(session, community.id)}
        if any(isinstance(each, OnList) for each in inside) else {},
        campaigns={each.id: each.name for each in queries.campaigns(session)} if has_campaign else {},
        rounds={each: _named_round(session, each, ZoneInfo(community.timezone)) for each in round_ids},
    )  # fmt: skip


def named_areas(session: Session, community_id: UUID) -> dict[UUID, NamedArea]:
    """Every area of a community with its name, in one statement."""
    tree = homes.places(session, community_id)
    around = {area_id: tree[place.parent_id].name if place.parent_id in tree else "" for area_id, place in tree.items()}
    return {
        area_id: NamedArea(place.kind, place.name, around[area_id] if place.kind == AreaKind.UNIT else "")
        for area_id, place in tree.items()
    }


def _named_round(session: Session, round_id: UUID, zone: ZoneInfo) -> NamedRound:
    found = session.get_one(Round, round_id)
    return NamedRound(short(round_id), found.campaign.name, f"{found.started_at.astimezone(zone):%Y-%m-%d %H:%M}")
