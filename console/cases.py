"""The cases as the page tells them: what, who, where, since when, and who has been rung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from console.times import local
from contacts.models import Responder
from contacts.queries import ResidentProfile
from escalation.models import Case, Page, PageState

RINGING = PageState.CALLING


@dataclass(frozen=True)
class Helper:
    """A responder who can be chosen to take a case."""

    responder_id: UUID
    name: str
    role: str


@dataclass(frozen=True)
class Rung:
    """What came of ringing one responder; ``state`` is that of the last of the ``times``."""

    name: str
    number: str
    state: str
    times: int


@dataclass(frozen=True)
class CaseLine:
    """One case. ``since`` is the instant from which its clock runs; ``opened``, ``accepted`` and ``closed`` are
    community time."""

    case_id: UUID
    resident_id: UUID | None
    kind: str
    urgency: int
    state: str
    called: str
    place: str
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

    @property
    def being_asked(self) -> Sequence[str]:
        """Whose telephones ring about it now."""
        return [each.name for each in self.rung if each.state == RINGING]


def case_lines(
    cases: Sequence[Case],
    profiles: Mapping[UUID, ResidentProfile],
    places: Mapping[UUID, str],
    responders: Mapping[UUID, Responder],
    zone: ZoneInfo,
) -> list[CaseLine]:
    """The cases in their order, but those that nobody has accepted first."""
    lines = []
    for case in cases:
        profile = profiles[case.resident_id] if case.resident_id else None
        place = places[case.resident_id] if case.resident_id else ""
        lines.append(_line(case, profile, place, responders, zone))
    return sorted(lines, key=lambda line: (bool(line.accepted_by), line.urgency))


def _line(
    case: Case, profile: ResidentProfile | None, place: str, responders: Mapping[UUID, Responder], zone: ZoneInfo
) -> CaseLine:
    """Of a message nobody knows whom it is about; whoever left it can be rung back."""
    accepted_by = responders.get(case.accepted_by_id) if case.accepted_by_id else None
    return CaseLine(
        case_id=case.id,
        resident_id=case.resident_id,
        kind=case.kind,
        urgency=case.urgency,
        state=case.state,
        called=profile.called if profile else "",
        place=place,
        number=next(iter(profile.numbers), "") if profile else "",
        notes=profile.access_notes if profile else "",
        people=case.people or 0,
        since=case.opened_at,
        opened=local(case.opened_at, zone),
        accepted=local(case.accepted_at, zone) if case.accepted_at else "",
        closed=local(case.closed_at, zone) if case.closed_at else "",
        accepted_by=accepted_by.name if accepted_by else "",
        rung=_rung(case.pages, responders),
        note=case.note,
        finding=case.finding or "",
        caller=case.caller or "",
        recording_id=case.recording_id,
        needs=case.needs,
    )


def _rung(pages: Sequence[Page], responders: Mapping[UUID, Responder]) -> list[Rung]:
    """Everybody who was rung, in the order in which they were first asked."""
    by_responder: dict[UUID, list[Page]] = {}
    for page in pages:
        by_responder.setdefault(page.responder_id, []).append(page)
    return [
        Rung(responders[responder_id].name, responders[responder_id].number, asked[-1].state, len(asked))
        for responder_id, asked in by_responder.items()
    ]
