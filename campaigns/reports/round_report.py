"""The report of a round: how it stands, by area and flag, in time, each exception by name, beside those before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries, round_tally
from campaigns.audience import Described, describe, rule_of
from campaigns.audiences.rules import parsed
from campaigns.looking import cluster_words, remark_words
from campaigns.looking.cluster_words import ClusterLine
from campaigns.looking.remark_words import RemarkLine
from campaigns.models import Outcome, Round
from campaigns.queries import round_evidence
from campaigns.queries.round_evidence import AskedOne, Dial
from campaigns.reports.verification import QUIET, SAID
from contacts import queries as contacts
from contacts.models import Area, AreaKind, Community
from contacts.profiles import ResidentProfile, named
from core.errors import NotFoundError
from core.i18n import Language
from core.short_ids import short
from ivr.models import RANG_NOBODY, Direction

BEFORE = 7
"""So many rounds are compared with."""
SLOT = timedelta(minutes=10)
_DAY_ONE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Share:
    """How many of a grid or building, or with a flag, were enrolled, have answered, and were not reached."""

    name: str
    enrolled: int
    answered: int
    silent: int


@dataclass(frozen=True)
class Moment:
    """What happened in the ten minutes from ``at`` on."""

    at: datetime
    rung: int
    answered: int
    decided: int


@dataclass(frozen=True)
class ReportLine:
    """One resident in the report; ``place`` in the spelling of the database."""

    asked: AskedOne
    grid: str
    building: str
    unit: str
    room: str
    flags: Sequence[str]

    @property
    def is_exception(self) -> bool:
        """Whether a person has, or had, to look after them."""
        return self.asked.outcome not in QUIET


@dataclass(frozen=True)
class RoundBefore:
    """An earlier round of the same campaign."""

    round_id: UUID
    due_at: datetime
    enrolled: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class FullReport:
    """Everything about one round: ``enrolled`` = the sum of ``counts`` + ``open``."""

    round_id: UUID
    community_id: UUID
    campaign: str
    kind: str
    due_at: datetime
    started_at: datetime
    deadline: datetime
    completed_at: datetime | None
    version: int | None
    terms: Mapping[str, Any] | None
    audience: Described
    enrolled: int
    open: int
    counts: Mapping[str, int]
    attempts: Mapping[int, int]
    grids: Sequence[Share]
    buildings: Sequence[Share]
    flags: Sequence[Share]
    time_line: Sequence[Moment]
    lines: Sequence[ReportLine]
    before: Sequence[RoundBefore]
    clusters: Sequence[ClusterLine]
    remarks: Sequence[RemarkLine]

    @property
    def names(self) -> Mapping[UUID, str]:
        """By resident, their name."""
        return {each.asked.resident_id: each.asked.name for each in self.lines}

    @property
    def exceptions(self) -> Sequence[ReportLine]:
        """Whoever is not, or was not, well for certain, by name."""
        return [each for each in self.lines if each.is_exception]


def full_report(session: Session, round_id: UUID, language: Language) -> FullReport:
    """The report of a round; raises ``NotFoundError``."""
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
    community = session.get_one(Community, round_.campaign.community_id)
    asked = round_evidence.asked(session, round_id)
    profiles = contacts.resident_profiles(session, [each.resident_id for each in asked])
    tree = contacts.areas(session, community.id)
    lines = sorted((_line(each, profiles[each.resident_id], tree) for each in asked), key=_by_home)
    tally = round_tally.report(session, round_id)
    rule = parsed(round_.terms["audience"]) if round_.terms else rule_of(round_.campaign)
    return FullReport(
        round_id=round_id,
        community_id=community.id,
        campaign=round_.campaign.name,
        kind=round_.campaign.kind,
        due_at=round_.occurrence,
        started_at=round_.started_at,
        deadline=round_.deadline,
        completed_at=round_.completed_at,
        version=round_.version,
        terms=round_.terms,
        audience=describe(session, community, rule, language),
        enrolled=tally.enrolled,
        open=tally.open,
        counts=tally.counts,
        attempts=dict(sorted(Counter(each.attempts for each in asked).items())),
        grids=shares((each.asked, [each.grid] if each.grid else []) for each in lines),
        buildings=shares((each.asked, [each.building]) for each in lines),
        flags=shares((each.asked, each.flags) for each in lines),
        time_line=time_line(asked, round_evidence.dials(session, round_id)),
        lines=lines,
        before=[_before(session, each) for each in round_evidence.rounds_before(session, round_, BEFORE)],
        clusters=cluster_words.of_round(session, round_id),
        remarks=remark_words.of_round(session, round_id),
    )


def shares(asked: Iterable[tuple[AskedOne, Sequence[str]]]) -> list[Share]:
    """How those under each name fared, in the order of the names."""
    counted: dict[str, Counter[str]] = {}
    for one, names in asked:
        for name in names:
            tally = counted.setdefault(name, Counter())
            tally["enrolled"] += 1
            tally["answered"] += one.outcome in SAID
            tally["silent"] += one.outcome not in SAID and one.outcome not in QUIET and one.outcome is not None
    ordered = sorted(counted, key=natural)
    return [Share(name, *(counted[name][each] for each in ("enrolled", "answered", "silent"))) for name in ordered]


def time_line(asked: Sequence[AskedOne], dials: Sequence[Dial]) -> list[Moment]:
    """What happened in each ten minutes in which anything did."""
    placed = {each.call_id: each.dialled_at for each in dials if _rang(each)}
    rung = Counter(_slot(at) for at in placed.values() if at)
    answered = Counter(_slot(each.answered_at) for each in asked if each.answered_at)
    decided = Counter(_slot(each.decided_at) for each in asked if each.decided_at)
    return [Moment(at, rung[at], answered[at], decided[at]) for at in sorted({*rung, *answered, *decided})]


def natural(name: str) -> tuple[bool, int, str]:
    """Buildings in the order in which people count them."""
    return (not name.isdigit(), int(name) if name.isdigit() else 0, name)


def _rang(dial: Dial) -> bool:
    return dial.direction == Direction.OUT and dial.ending not in RANG_NOBODY


def _slot(at: datetime) -> datetime:
    return _DAY_ONE + (at - _DAY_ONE) // SLOT * SLOT


def _line(asked: AskedOne, profile: ResidentProfile, tree: Mapping[UUID, Area]) -> ReportLine:
    around = [tree[each] for each in profile.area_ids]
    grid = next((each.name for each in around if each.kind == AreaKind.GRID), "")
    return ReportLine(asked, grid, *named(around), profile.room, profile.flags)


def _by_home(line: ReportLine) -> tuple[Any, ...]:
    return (natural(line.building), natural(line.unit), natural(line.room), line.asked.name)


def _before(session: Session, round_: Round) -> RoundBefore:
    counts = queries.counts(session, round_.id)
    enrolled = counts.total()
    counts.pop("", None)
    return RoundBefore(
        round_.id, round_.occurrence, enrolled, {each.value: counts[each] for each in Outcome if counts[each]}
    )
