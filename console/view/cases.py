"""The cases as the page tells them: what, who, where, since when, and who has been rung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from console.view.house_fronts import Spot
from console.view.roster import Helper, Person, Roster
from console.view.times import local
from escalation.models import Case, Page, PageState

RINGING = PageState.CALLING


@dataclass(frozen=True)
class Rung:
    """What came of ringing one responder; ``state`` is that of the last of the ``times``."""

    name: str
    numbers: tuple[str, ...]
    state: str
    times: int


@dataclass(frozen=True)
class CaseLine:
    """One case. ``since`` is the instant from which its clock runs; ``opened``, ``accepted`` and ``closed`` are
    community time. ``around`` are the areas in which the home lies.
    """

    case_id: UUID
    resident_id: UUID | None
    kind: str
    urgency: int
    state: str
    called: str
    spot: Spot | None
    around: Sequence[UUID]
    number: str
    notes: str
    people: int
    since: datetime
    opened: str
    accepted: str
    closed: str
    accepted_by: str
    rung: Sequence[Rung]
    note: str
    finding: str
    caller: str
    recording_id: UUID | None
    needs: Sequence[str]
    too_near: frozenset[str]
    """The numbers of helpers who would look after themselves or after whom they live with."""

    @property
    def being_asked(self) -> Sequence[str]:
        """Whose telephones ring about it now."""
        return [each.name for each in self.rung if each.state == RINGING]


def case_lines(cases: Sequence[Case], roster: Roster, zone: ZoneInfo) -> list[CaseLine]:
    """The cases in their order, but those that nobody has accepted first."""
    lines = [_line(case, roster.people[case.resident_id] if case.resident_id else None, roster, zone)
             for case in cases]  # fmt: skip
    return sorted(lines, key=lambda line: (bool(line.accepted_by), line.urgency))


def _line(case: Case, person: Person | None, roster: Roster, zone: ZoneInfo) -> CaseLine:
    """Of a message nobody knows whom it is about; whoever left it can be rung back."""
    helpers, at_home = roster.helpers, roster.at_home.get(person.resident_id) if person else None
    accepted_by = helpers.get(case.accepted_by_id) if case.accepted_by_id else None
    return CaseLine(
        case_id=case.id,
        resident_id=case.resident_id,
        kind=case.kind,
        urgency=case.urgency,
        state=case.state,
        called=person.called if person else "",
        spot=person.spot if person else None,
        around=person.around if person else (),
        number=next(iter(person.numbers), "") if person else "",
        notes=person.access_notes if person else "",
        people=case.people or 0,
        since=case.opened_at,
        opened=local(case.opened_at, zone),
        accepted=local(case.accepted_at, zone) if case.accepted_at else "",
        closed=local(case.closed_at, zone) if case.closed_at else "",
        accepted_by=accepted_by.name if accepted_by else "",
        rung=_rung(case.pages, helpers),
        note=case.note,
        finding=case.finding or "",
        caller=case.caller or "",
        recording_id=case.recording_id,
        needs=case.needs,
        too_near=roster.our_numbers | at_home if at_home else roster.our_numbers,
    )


def _rung(pages: Sequence[Page], helpers: Mapping[UUID, Helper]) -> list[Rung]:
    """Everybody who was rung, or was to be, in the order in which they were first asked.

    What is said of them is what came of the last call that was made.
    """
    by_responder: dict[UUID, list[Page]] = {}
    for page in pages:
        by_responder.setdefault(page.responder_id, []).append(page)
    return [
        Rung(helpers[responder_id].name, helpers[responder_id].numbers, made[-1].state, len(made))
        for responder_id, asked in by_responder.items()
        for made in [[page for page in asked if page.state != PageState.NOT_RUNG] or asked[-1:]]
    ]
