"""One case as its page tells it: what it is, who has it, what comes next, what else can be done, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from console.view.times import short_moment
from console.view.unreached import UnreachedLine, unreached_of
from contacts import queries as contacts
from contacts.models import Community
from contacts.places import spelled_place
from contacts.queries import ResponderNear
from core.i18n import Language
from escalation import queries
from escalation.calls.talking import talk_requests
from escalation.cases import cases, time_line
from escalation.deeds.offers import Offer, good_numbers, offers
from escalation.holding import MOVES, deadline
from escalation.models import HELD, Case, CaseState
from escalation.paging import looks, telephone_ownership
from escalation.policy_lookup import policy_of

CLOSE = "close"
NEXT: Mapping[str, str] = {
    CaseState.OPEN: "accept",
    CaseState.ACCEPTED: CaseState.ON_THE_WAY,
    CaseState.ON_THE_WAY: CaseState.ON_SITE,
    CaseState.ON_SITE: CLOSE,
    CaseState.ON_PHONE: CLOSE,
    CaseState.CLOSED: "",
}
"""By state, what comes next: a deed, or the state that whoever has the case comes to."""
MOST_HELPERS = 60
"""The nearest of them; more can be chosen by nobody."""


@dataclass(frozen=True)
class MomentLine:
    """One thing that happened, in words; ``at`` is ISO, ``shown`` community time."""

    at: str
    shown: str
    actor: str
    who: str
    what: str
    note: str
    of_other: bool


@dataclass(frozen=True)
class WrittenLine:
    """A text about the case; ``by`` is a name or a number."""

    by: str
    at: str
    body: str


@dataclass(frozen=True)
class CasePage:
    """The whole page. ``called`` and ``place`` are empty where nobody knows whom it is about; ``late_at`` is when
    whoever has it is late; ``moves`` are the states that they may come to besides ``next``; ``can_connect``: they can
    be connected with the resident, ``is_connecting``: their telephone rings for that."""

    case_id: UUID
    kind: str
    urgency: int
    state: str
    called: str
    people: int
    place: str
    numbers: Sequence[str]
    access_notes: str
    caller: str
    needs: Sequence[str]
    recordings: Sequence[UUID]
    written: Sequence[WrittenLine]
    unreached: Sequence[UnreachedLine]
    note: str
    finding: str
    since: datetime
    opened: str
    closed: str
    accepted_by: str
    accepted: str
    late_at: str
    handing_to: str
    merged_into: UUID | None
    next: str
    moves: Sequence[str]
    helpers: Sequence[ResponderNear]
    others: Sequence[tuple[UUID, str, str]]
    can_connect: bool
    is_connecting: bool
    offers: Sequence[Offer]
    good_numbers: Sequence[str]
    moments: Sequence[MomentLine]


def case_page(session: Session, case_id: UUID, language: Language) -> CasePage:
    """The case as it stands now; raises ``NotFoundError``."""
    case = cases.find(session, case_id)
    zone = ZoneInfo(session.get_one(Community, case.community_id).timezone)
    resident = contacts.resident_profile(session, case.resident_id) if case.resident_id else None
    in_hand = [each for each in (case.accepted_by_id, case.handing_to_id) if each]
    names = {each.id: each.name for each in contacts.responders(session, in_hand).values()}
    merged = queries.merged_into(session, case.id)
    comes_next = CLOSE if resident is None and case.state in HELD else NEXT[case.state]

    def moment(at: datetime | None) -> str:
        return short_moment(at, zone, language) if at else ""

    return CasePage(
        case_id=case.id,
        kind=case.kind,
        urgency=case.urgency,
        state=case.state,
        called=resident.called if resident else "",
        people=case.people or 0,
        place=spelled_place(language, resident.building, resident.unit, resident.room) if resident else "",
        numbers=resident.numbers if resident else (),
        access_notes=resident.access_notes if resident else "",
        caller=case.caller or "",
        needs=case.needs,
        recordings=[each.recording_id for each in (case, *merged) if each.recording_id],
        written=_written(session, case, zone, language),
        unreached=unreached_of(session, [case, *merged], zone).get(case.id, ()),
        note=case.note,
        finding=case.finding or "",
        since=case.opened_at,
        opened=moment(case.opened_at),
        closed=moment(case.closed_at),
        accepted_by=names.get(case.accepted_by_id, "") if case.accepted_by_id else "",
        accepted=moment(case.accepted_at),
        late_at=moment(_late_at(session, case)),
        handing_to=names.get(case.handing_to_id, "") if case.handing_to_id else "",
        merged_into=case.merged_into_id,
        next=comes_next,
        moves=_moves(case, comes_next),
        helpers=_helpers(session, case),
        others=_others(session, case, zone, language),
        can_connect=case.state in HELD and talk_requests.can_talk(session, case),
        is_connecting=case.accepted_by_id is not None and talk_requests.is_rung(session, case, case.accepted_by_id),
        offers=offers(session, case),
        good_numbers=good_numbers(session, case),
        moments=[
            MomentLine(each.at.isoformat(), moment(each.at), each.actor.kind.value, each.who(language),
                       each.what(language), each.note, each.of_other)
            for each in time_line.of_case(session, case.id)
        ],
    )  # fmt: skip


def _moves(case: Case, comes_next: str) -> list[str]:
    """To nobody whom we know one goes nowhere."""
    if case.resident_id is None:
        return []
    return [each for each, before in MOVES.items() if case.state in before and each != comes_next]


def _late_at(session: Session, case: Case) -> datetime | None:
    return deadline(policy_of(session, case), cases.hold_of(case)) if case.state in HELD else None


def _written(session: Session, case: Case, zone: ZoneInfo, language: Language) -> list[WrittenLine]:
    tied = queries.texts_of_cases(session, [case.id]).get(case.id, ())
    return [WrittenLine(tie.name or text.number, short_moment(text.received_at, zone, language), text.body)
            for tie, text in tied]  # fmt: skip


def _helpers(session: Session, case: Case) -> Sequence[ResponderNear]:
    """Who can take the case, the nearest first; nobody whose telephone is the resident's own or that of their home."""
    if case.state == CaseState.CLOSED:
        return ()
    near = contacts.responders_near(session, case.community_id, looks.areas_of(session, case))
    telephones = telephone_ownership.telephones(session, case)
    free = [
        each
        for each in telephone_ownership.passed_over(near, telephones)
        if not telephone_ownership.is_near(each.numbers, telephones) and each.responder_id != case.accepted_by_id
    ]
    return sorted(free, key=lambda each: each.distance)[:MOST_HELPERS]  # fmt: skip


def _others(session: Session, case: Case, zone: ZoneInfo, language: Language) -> list[tuple[UUID, str, str]]:
    """What else is open about the resident: its id, kind, and since when."""
    if case.resident_id is None or case.state == CaseState.CLOSED:
        return []
    return [(each.id, each.kind, short_moment(each.opened_at, zone, language))
            for each in queries.unclosed_cases(session, [case.resident_id]) if each.id != case.id]  # fmt: skip
