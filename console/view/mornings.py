"""Everybody's morning: one line for each resident, one window for each home."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.models import Outcome, Reason
from campaigns.outcomes import QUIET, SAID
from campaigns.queries.todays import CheckInState
from console.view.headline import Standing
from console.view.house_fronts import Front, Spot, fronts
from console.view.roster import Helper, Person, Roster
from console.view.signs import Sign, sign_of, sign_without_round, worry
from console.view.times import local
from core.storage.database import Kept, instant
from escalation.models import Case, CaseState

_STOPPED = frozenset({Reason.ROUND_STOPPED, Reason.CAMPAIGN_STOPPED, Reason.CAMPAIGN_PAUSED})


class CheckInLine(NamedTuple):
    """One resident's morning; ``outcome`` is empty while it is open, ``care`` the state of the case that came of it.

    ``reason`` is why they are not rung any more although they should have been (a ``Reason``), and of whoever is in no
    round why no campaign rings them (see ``campaigns.audience.left_out``).
    """

    person: Person
    outcome: str
    reason: str
    sign: Sign
    attempts: int
    ended: Kept
    zone: ZoneInfo
    case_id: UUID | None
    care: str
    looked_after_by: str

    @property
    def resident_id(self) -> UUID:
        """Who they are."""
        return self.person.resident_id

    @property
    def called(self) -> str:
        """How the voice addresses them."""
        return self.person.called

    @property
    def name(self) -> str:
        """Their full name."""
        return self.person.name

    @property
    def spot(self) -> Spot:
        """Where they live."""
        return self.person.spot

    @property
    def number(self) -> str:
        """The telephone that is tried first, empty where there is none."""
        return self.person.numbers[0] if self.person.numbers else ""

    @property
    def at(self) -> str:
        """When they answered, or the outcome was decided; empty before."""
        at = instant(self.ended)
        return local(at, self.zone) if at else ""

    @property
    def needs_somebody(self) -> bool:
        """Whether something came of it that is neither quiet nor closed."""
        return bool(self.outcome) and self.outcome not in QUIET and self.care != CaseState.CLOSED

    @property
    def standing(self) -> Standing:
        """What the sentence on top counts of them."""
        return _standing(self.sign, self.outcome, self.reason, self.attempts > 0, self.care)


@lru_cache(maxsize=1000)
def _standing(sign: Sign, outcome: str, reason: str, attempted: bool, care: str) -> Standing:
    return Standing(
        sign=sign,
        rung=attempted or sign in {Sign.CALLING, Sign.TALKING},
        heard=outcome in SAID,
        looked_after=bool(outcome) and outcome not in QUIET and care == CaseState.CLOSED,
        stopped=outcome == Outcome.EXCUSED and reason in _STOPPED,
    )


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


def mornings_of(
    everybody: Sequence[UUID],
    asked: Sequence[CheckInState],
    ringing: Mapping[UUID, bool],
    cases: Sequence[Case],
    roster: Roster,
    zone: ZoneInfo,
    left_out: Mapping[UUID, str] = MappingProxyType({}),
    merged: Sequence[Case] = (),
) -> list[CheckInLine]:
    """A line for everybody who is ``asked``, house by house; before anybody is, for ``everybody``.

    ``merged`` are cases for which one of the others goes on. ``left_out`` says why no campaign rings somebody today.
    """
    states = [(each.resident_id, each) for each in asked] if asked else [(each, None) for each in everybody]
    care = {case.check_in_id: case for case in cases if case.check_in_id} | _joined(cases, merged)
    astir = ringing.keys() | care.keys()
    people = roster.people
    found = [(people[resident_id], check_in) for resident_id, check_in in states]
    found.sort(key=_along_the_street)
    return [
        _morning(person, check_in, ringing, care, roster.helpers, zone)
        if check_in is not None and check_in.id in astir
        else _still(person, check_in, zone, left_out)
        for person, check_in in found
    ]


def _joined(cases: Sequence[Case], merged: Sequence[Case]) -> dict[UUID, Case]:
    """By check-in whose case was merged, the one that goes on."""
    goes_on = {case.id: case for case in cases} if merged else {}
    return {case.check_in_id: goes_on[case.merged_into_id] for case in merged
            if case.check_in_id and case.merged_into_id in goes_on}  # fmt: skip


def _along_the_street(found: tuple[Person, CheckInState | None]) -> int:
    return found[0].rank


def _still(person: Person, check_in: CheckInState | None, zone: ZoneInfo, left_out: Mapping[UUID, str]) -> CheckInLine:
    """Of whoever is not on the telephone and of whose check-in no case came: nearly everybody."""
    if check_in is None:
        reason = left_out.get(person.resident_id, "")
        return CheckInLine(person, "", reason, sign_without_round(reason), 0, None, zone, None, "", "")
    _, _, outcome, why, attempts, ended = check_in
    return CheckInLine(person, outcome or "", why or "", sign_of(outcome, None), attempts, ended, zone, None, "", "")


def _morning(
    person: Person,
    check_in: CheckInState,
    ringing: Mapping[UUID, bool],
    care: Mapping[UUID, Case],
    helpers: Mapping[UUID, Helper],
    zone: ZoneInfo,
) -> CheckInLine:
    sign, case = sign_of(check_in.outcome, ringing.get(check_in.id)), care.get(check_in.id)
    accepted_by = helpers.get(case.accepted_by_id) if case and case.accepted_by_id else None
    return CheckInLine(person, check_in.outcome or "", check_in.reason or "", sign, check_in.attempts, check_in.ended,
                       zone,
                       case.id if case else None, case.state if case else "",
                       accepted_by.name if accepted_by else "")  # fmt: skip


def fronts_of(lines: Iterable[CheckInLine]) -> list[Front[Home]]:
    """The houses of these lines as the street sees them."""
    return fronts(homes_of(lines), lambda home: home.lines[0].spot)


def homes_of(lines: Iterable[CheckInLine]) -> list[Home]:
    """The homes of these lines."""

    def door(line: CheckInLine) -> tuple[str, str, str]:
        return line.spot.building, line.spot.unit, line.spot.room

    return [Home(list(people)) for _, people in groupby(sorted(lines, key=door), key=door)]
