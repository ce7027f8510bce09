"""What the staircase shows of a case: before somebody goes the building and the kind of problem, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from console.view.times import local, short_moment
from contacts import queries as contacts
from contacts.models import Community, Responder
from contacts.places import building_name, spelled_place, spoken_building
from contacts.profiles import ResidentProfile
from core import clock
from core.i18n import Language
from core.links import links
from escalation import queries
from escalation.calls.talking import talk_requests
from escalation.cases import cases
from escalation.deeds import staying_away
from escalation.deeds.by_link import Opened
from escalation.findings import Finding
from escalation.holding import MOVES, deadline
from escalation.models import HELD, Case, CaseState
from escalation.policy_lookup import policy_of


class Stage(StrEnum):
    """How the case stands for whoever looks. ``hidden``: it is theirs, and this browser has not shown yet that it is
    theirs, too."""

    ASKS = "asks"
    HIDDEN = "hidden"
    MINE = "mine"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Wrote:
    """A text about the case, and when it came."""

    at: str
    body: str


@dataclass(frozen=True)
class Details:
    """What somebody learns who goes.

    ``place`` are building, unit and room, spelled out; ``next`` is the state that comes next (``close``: none),
    ``moves`` others that they may come to, ``late_at`` until when they say how it goes; ``is_rung``: their own
    telephone rings, to connect them with the resident.
    """

    name: str
    called: str
    place: Sequence[str]
    way_in: str
    needs: Sequence[str]
    is_unverified: bool
    texts: Sequence[Wrote]
    recordings: Sequence[UUID]
    state: str
    next: str
    moves: Sequence[str]
    late_at: str
    can_talk: bool
    is_rung: bool
    findings: Sequence[str]


@dataclass(frozen=True)
class Staircase:
    """The page. ``building`` is empty for a case that is about nobody whom we know; ``taken_by`` and ``taken_at`` are
    of whoever has it, if it is somebody else; ``away_until`` is empty where nobody knows how long they are away."""

    stage: Stage
    kind: str
    urgency: int
    building: str
    opened: str
    since: datetime
    is_unverified: bool
    taken_by: str
    taken_at: str
    is_away: bool
    away_until: str
    details: Details | None


CLOSE = "close"
_NEXT = {CaseState.ACCEPTED: CaseState.ON_THE_WAY, CaseState.ON_THE_WAY: CaseState.ON_SITE}


def staircase(session: Session, found: Opened, browser: str, language: Language) -> Staircase:
    """The page for whoever has opened this link in a browser with this secret."""
    case = found.case
    zone = ZoneInfo(session.get_one(Community, case.community_id).timezone)
    resident = contacts.resident_profile(session, case.resident_id) if case.resident_id else None
    stage = stage_of(found, browser)
    other = session.get(Responder, case.accepted_by_id) if stage is Stage.TAKEN and case.accepted_by_id else None
    away = staying_away.absence(session, found.responder.community_id, found.responder.id)
    return Staircase(
        stage=stage,
        kind=case.kind,
        urgency=case.urgency,
        building=spoken_building(language, building_name(resident.building)) if resident and resident.building else "",
        opened=_moment(case.opened_at, zone, language),
        since=case.opened_at,
        is_unverified=case.caller is not None,
        taken_by=other.name if other else "",
        taken_at=_moment(case.accepted_at, zone, language) if other and case.accepted_at else "",
        is_away=away is not None,
        away_until=_moment(away.ends_at, zone, language) if away and away.ends_at else "",
        details=_details(session, case, resident, zone, language) if stage is Stage.MINE else None,
    )


def stage_of(found: Opened, browser: str) -> Stage:
    """How the case stands for them."""
    case = found.case
    if case.state == CaseState.CLOSED:
        return Stage.CLOSED
    if found.is_theirs:
        return Stage.MINE if links.is_bound_to(found.link, browser) else Stage.HIDDEN
    is_taken = case.state in HELD and case.handing_to_id != found.responder.id
    return Stage.TAKEN if is_taken else Stage.ASKS


def _details(
    session: Session, case: Case, resident: ResidentProfile | None, zone: ZoneInfo, language: Language
) -> Details:
    state = CaseState(case.state)
    comes_next = _NEXT.get(state, CLOSE) if resident else CLOSE
    tied = queries.texts_of_cases(session, [case.id]).get(case.id, ())
    several = [case, *queries.merged_into(session, case.id)]
    return Details(
        name=resident.name if resident else "",
        called=resident.called if resident else "",
        place=_place(resident, language) if resident else (),
        way_in=resident.access_notes if resident else "",
        needs=case.needs,
        is_unverified=case.caller is not None,
        texts=[Wrote(_moment(text.received_at, zone, language), text.body) for _, text in tied],
        recordings=[each.recording_id for each in several if each.recording_id],
        state=state,
        next=comes_next,
        moves=[each for each, before in MOVES.items() if state in before and each != comes_next] if resident else [],
        late_at=_moment(deadline(policy_of(session, case), cases.hold_of(case)), zone, language),
        can_talk=talk_requests.can_talk(session, case),
        is_rung=talk_requests.is_rung(session, case, case.accepted_by_id) if case.accepted_by_id else False,
        findings=list(Finding),
    )  # fmt: skip


def _place(resident: ResidentProfile, language: Language) -> Sequence[str]:
    """In pieces, so that a line breaks between them."""
    pieces = [(resident.building, "", ""), ("", resident.unit, ""), ("", "", resident.room)]
    return [said for piece in pieces if (said := spelled_place(language, *piece))]


def _moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """The time alone on the same day."""
    same = at.astimezone(zone).date() == clock.now().astimezone(zone).date()
    return local(at, zone) if same else short_moment(at, zone, language)
