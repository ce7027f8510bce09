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
from campaigns.reports.monthly.case_figures import OfKind, together
from campaigns.reports.monthly.month import Month
from campaigns.reports.verification import SAID
from contacts import queries as contacts
from escalation.queries.cases_of_month import Opened, Span
from ivr.models import RANG_NOBODY, Direction, Ending
from ivr.queries import ended
from ivr.queries.ended import Ended

TO_HELPERS = frozenset({"page", "reminder", "talk", "introduction", "office", "duty"})
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
class Figures:
    """One month: ``days`` has the check-ins of each day that had a round, by outcome.

    ``kinds`` are its cases by kind. ``calls`` is None where calls of several communities cannot be told apart.
    """

    month: Month
    check_ins: Rounds
    notices: Rounds
    days: Mapping[date, Mapping[str, int]]
    calls: Calls | None
    kinds: Mapping[str, int]
    cases: OfKind

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of it."""
        calls = self.calls
        rang = calls is not None and any(each.made for each in (calls.to_residents, calls.to_helpers, calls.to_us))
        return not (self.check_ins.rounds or self.notices.rounds or self.cases.opened or rang)


def figures(session: Session, span: Span, zone: ZoneInfo, month: Month, cases: Sequence[Opened]) -> Figures:
    """What is counted of a month as it is stored now; ``cases`` are those of its ``span``."""
    rounds = overviews.rounds_due(session, span.community_id, span.begins, span.ends)
    counted = overviews.tallies(session, [each.id for each in rounds])
    asking = [each for each in rounds if each.campaign.kind == CampaignKind.CHECK_IN]
    return Figures(
        month,
        _together(asking, counted),
        _together([each for each in rounds if each.campaign.kind != CampaignKind.CHECK_IN], counted),
        _by_day(asking, counted, zone),
        _calls(session, span, month),
        Counter(each[0] for each in cases),
        together(cases),
    )


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
