"""What one month is counted by, as it can be laid beside the month before it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import CampaignKind, Round
from campaigns.queries import overviews
from campaigns.reports.monthly.month import Month
from campaigns.reports.verification import SAID
from contacts import queries as contacts
from escalation.models import Case, CaseKind
from escalation.queries import cases_of_month
from escalation.queries.cases_of_month import Mark, Span, Tally
from ivr.models import RANG_NOBODY, Direction, Ending
from ivr.queries import ended
from ivr.queries.ended import Ended

TO_HELPERS = frozenset({"page", "reminder", "introduction", "office", "duty"})
"""Owners of calls to whoever helps; all others that we make are to residents, and to those who try out a call."""
OPEN = ""
"""Stands where an outcome would, for check-ins that have none yet."""


@dataclass(frozen=True)
class Rounds:
    """How many rounds of one kind were due, and how many of these staff have stopped; ``counts`` are by outcome."""

    rounds: int
    stopped: int
    counts: Mapping[str, int]

    @property
    def asked(self) -> int:
        """The check-ins of all of them: the sum of ``counts``."""
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        """Those in which the resident has said something."""
        return sum(self.counts.get(each, 0) for each in SAID)


@dataclass(frozen=True)
class CallsOf:
    """Calls with one side: ``made`` reached the network, and in ``talked`` somebody, or a machine, picked up."""

    made: int
    talked: int


@dataclass(frozen=True)
class Calls:
    """The calls that ended in a month. Of ``days_as_totals`` days some calls are kept as figures alone."""

    to_residents: CallsOf
    to_helpers: CallsOf
    to_us: CallsOf
    days_as_totals: int


@dataclass(frozen=True)
class Wait:
    """How long ``count`` cases took: half of them so many ``median`` seconds or less, nine in ten ``ninth``."""

    count: int = 0
    median: int = 0
    ninth: int = 0


@dataclass(frozen=True)
class Waits:
    """How long it took until a responder accepted, and until somebody closed; by kind (None: of all kinds)."""

    accepted: Mapping[CaseKind | None, Wait]
    closed: Mapping[CaseKind | None, Wait]


@dataclass(frozen=True)
class Figures:
    """One month: ``days`` has the check-ins of each day that had a round, by outcome.

    ``calls`` is None where calls of several communities cannot be told apart.
    """

    month: Month
    check_ins: Rounds
    notices: Rounds
    days: Mapping[date, Mapping[str, int]]
    calls: Calls | None
    tallies: Sequence[Tally]
    waits: Waits

    @property
    def cases(self) -> int:
        """How many cases were opened."""
        return sum(each.count for each in self.tallies)

    @property
    def unclosed(self) -> int:
        """How many of these nobody has closed so far."""
        return sum(each.count for each in self.tallies if not each.is_closed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of it."""
        calls = self.calls
        rang = calls is not None and any(each.made for each in (calls.to_residents, calls.to_helpers, calls.to_us))
        return not (self.check_ins.rounds or self.notices.rounds or self.cases or rang)


def figures(session: Session, community_id: UUID, zone: ZoneInfo, month: Month) -> Figures:
    """What is counted of a month as it is stored now."""
    span = Span(community_id, month.begins(zone), month.ends(zone))
    rounds = overviews.rounds_due(session, community_id, span.begins, span.ends)
    counted = overviews.tallies(session, [each.id for each in rounds])
    asking = [each for each in rounds if each.campaign.kind == CampaignKind.CHECK_IN]
    return Figures(
        month,
        _together(asking, counted),
        _together([each for each in rounds if each.campaign.kind != CampaignKind.CHECK_IN], counted),
        _by_day(asking, counted, zone),
        _calls(session, span, month),
        cases_of_month.tallies(session, span),
        Waits(_waits(cases_of_month.marks(session, span, Case.first_accepted_at)),
              _waits(cases_of_month.marks(session, span, Case.closed_at))),
    )  # fmt: skip


def _together(rounds: Sequence[Round], counted: Mapping[UUID, Counter[str]]) -> Rounds:
    counts = sum((counted[each.id] for each in rounds), Counter[str]())
    return Rounds(len(rounds), sum(each.stopped_at is not None for each in rounds), counts)


def _by_day(
    rounds: Sequence[Round], counted: Mapping[UUID, Counter[str]], zone: ZoneInfo
) -> Mapping[date, Mapping[str, int]]:
    days: dict[date, Counter[str]] = {}
    for each in rounds:
        days.setdefault(each.occurrence.astimezone(zone).date(), Counter()).update(counted[each.id])
    return days


def _calls(session: Session, span: Span, month: Month) -> Calls | None:
    """The telephone knows no communities, so that of several none has calls of its own."""
    if len(contacts.community_ids(session)) > 1:
        return None
    forgotten, days = ended.forgotten(session, month.first, month.last)
    known = [*ended.kept(session, span.begins, span.ends).items(), *forgotten.items()]
    ours = [(kind, count) for kind, count in known if kind.direction == Direction.OUT]
    helpers = [each for each in ours if each[0].owner in TO_HELPERS]
    return Calls(_calls_of(each for each in ours if each not in helpers), _calls_of(helpers),
                 _calls_of(each for each in known if each[0].direction == Direction.IN), days)  # fmt: skip


def _calls_of(counted: Iterable[tuple[Ended, int]]) -> CallsOf:
    made = [(kind.ending, count) for kind, count in counted if kind.ending not in RANG_NOBODY]
    return CallsOf(sum(count for _, count in made), sum(count for ending, count in made if ending == Ending.COMPLETED))


def _waits(marks: Sequence[Mark]) -> Mapping[CaseKind | None, Wait]:
    """The marks of each kind are its median and its ninth decile; a kind of one case has one mark that is both."""
    found: dict[CaseKind | None, Wait] = {}
    for kind in {each.kind for each in marks}:
        of_kind = {each.nth: each for each in marks if each.kind == kind}
        of = next(each.of for each in marks if each.kind == kind)
        found[kind] = Wait(of, of_kind[(of + 1) // 2].seconds, of_kind[(of * 9 + 9) // 10].seconds)
    return found
