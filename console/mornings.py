"""Everybody's morning: one line for each resident, one window for each home."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import CheckIn, Outcome, Reason
from campaigns.outcomes import QUIET, SAID
from console.fronts import Spot, natural
from console.sentences import Standing
from console.signs import Sign, sign_of, worry
from console.times import local
from contacts import queries as contacts
from contacts.models import Area, AreaKind, Community, Responder
from contacts.places import spoken_place
from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.models import Case, CaseState

_STOPPED = frozenset({Reason.ROUND_STOPPED, Reason.CAMPAIGN_STOPPED, Reason.CAMPAIGN_PAUSED})


@dataclass(frozen=True)
class CheckInLine:
    """One resident's morning; ``outcome`` is empty while it is open, ``care`` the state of the case that came of it.

    ``reason`` is why they are not rung any more although they should have been (a ``Reason``).
    """

    resident_id: UUID
    called: str
    name: str
    place: str
    spot: Spot
    number: str
    outcome: str
    reason: str
    sign: Sign
    attempts: int
    at: str
    care: str
    looked_after_by: str

    @property
    def standing(self) -> Standing:
        """What the sentence on top counts of them."""
        heard = self.outcome in SAID
        rung = self.attempts > 0 or self.sign in {Sign.CALLING, Sign.TALKING}
        looked_after = bool(self.outcome) and self.outcome not in QUIET and self.care == CaseState.CLOSED
        stopped = self.outcome == Outcome.EXCUSED and self.reason in _STOPPED
        return Standing(self.sign, rung, heard, looked_after, stopped)


@dataclass(frozen=True)
class Home:
    """One window: everybody of a household who is asked; ``sign`` is the most worrying of theirs."""

    lines: Sequence[CheckInLine]

    @property
    def foremost(self) -> CheckInLine:
        """Whoever's sign the window shows; of two alike, whoever nobody has looked after yet."""
        return min(self.lines, key=lambda line: (worry(line.sign), line.care == CaseState.CLOSED))

    @property
    def sign(self) -> Sign:
        """What the window shows."""
        return self.foremost.sign


class People:
    """The names of everybody whom the page speaks of."""

    def __init__(self, session: Session, community: Community, language: Language, residents: set[UUID]) -> None:
        self.profiles = contacts.resident_profiles(session, sorted(residents))
        areas = contacts.areas(session, community.id)
        self.responders: Mapping[UUID, Responder] = {
            responder.id: responder for responder in contacts.all_responders(session, community.id)
        }
        self.spots = {each.resident_id: _spot(each, areas) for each in self.profiles.values()}
        self.places = {
            resident_id: spoken_place(language, spot.building, spot.unit, spot.room)
            for resident_id, spot in self.spots.items()
        }


def mornings_of(
    everybody: Sequence[UUID],
    asked: Sequence[CheckIn],
    ringing: Mapping[UUID, bool],
    cases: Sequence[Case],
    people: People,
    zone: ZoneInfo,
) -> list[CheckInLine]:
    """A line for each of ``everybody``, house by house; without a check-in nobody has asked them yet."""
    check_ins = {each.resident_id: each for each in asked}
    by_check_in = {case.check_in_id: case for case in cases if case.check_in_id}
    lines = []
    for resident_id in everybody:
        check_in = check_ins.get(resident_id)
        case = by_check_in.get(check_in.id) if check_in else None
        picked_up = ringing.get(check_in.id) if check_in else None
        lines.append(_morning(people, resident_id, check_in, picked_up, case, zone))
    return sorted(lines, key=lambda line: (not line.spot.building, natural(line.place), line.name))


def _morning(
    people: People,
    resident_id: UUID,
    check_in: CheckIn | None,
    picked_up: bool | None,
    case: Case | None,
    zone: ZoneInfo,
) -> CheckInLine:
    profile = people.profiles[resident_id]
    at = (check_in.answered_at or check_in.decided_at) if check_in else None
    accepted_by = people.responders.get(case.accepted_by_id) if case and case.accepted_by_id else None
    return CheckInLine(
        resident_id=resident_id,
        called=profile.called,
        name=profile.name,
        place=people.places[resident_id],
        spot=people.spots[resident_id],
        number=next(iter(profile.numbers), ""),
        outcome=(check_in.outcome or "") if check_in else "",
        reason=(check_in.reason or "") if check_in else "",
        sign=sign_of(check_in.outcome, picked_up) if check_in else Sign.RESTING,
        attempts=check_in.attempts if check_in else 0,
        at=local(at, zone) if at else "",
        care=case.state if case else "",
        looked_after_by=accepted_by.name if accepted_by else "",
    )


def homes_of(lines: Iterable[CheckInLine]) -> list[Home]:
    """The homes of these lines."""

    def door(line: CheckInLine) -> tuple[str, str, str]:
        return line.spot.building, line.spot.unit, line.spot.room

    return [Home(list(people)) for _, people in groupby(sorted(lines, key=door), key=door)]


def _spot(profile: ResidentProfile, areas: Mapping[UUID, Area]) -> Spot:
    names = {areas[area_id].kind: areas[area_id].name for area_id in profile.area_ids}
    return Spot(names.get(AreaKind.BUILDING, ""), names.get(AreaKind.UNIT, ""), profile.room)
