"""What came of rounds, as lists show it: a small bar of signs, and the same in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import CampaignKind, Round
from campaigns.queries import overviews
from campaigns.reports.report_words import outcome_word
from campaigns.reports.verification import QUIET, SAID
from console.view.signs import FROM_WELL, Sign, sign_of
from core.i18n import Language

_OPEN = ""


@dataclass(frozen=True)
class Slice:
    """So many check-ins of one sign."""

    sign: Sign
    count: int


@dataclass(frozen=True)
class RoundLine:
    """One round in a list: ``enrolled`` is the sum of ``bar``; ``answered`` have said how they are or heard the notice,
    ``silent`` were not reached, ``open`` are still waited for. ``words`` are the outcomes, each with its number."""

    round_id: UUID
    campaign_id: UUID
    campaign: str
    due_at: datetime
    completed_at: datetime | None
    stopped_at: datetime | None
    version: int | None
    enrolled: int
    answered: int
    silent: int
    open: int
    bar: Sequence[Slice]
    words: Sequence[str]

    def day(self, zone: ZoneInfo) -> date:
        """The day on which it was due, on the community's calendar."""
        return self.due_at.astimezone(zone).date()


def round_lines(session: Session, rounds: Sequence[Round], language: Language) -> Sequence[RoundLine]:
    """These rounds, in their order; one statement for all of them."""
    counted = overviews.tallies(session, [each.id for each in rounds])
    return [_line(each, counted[each.id], language) for each in rounds]


def _line(round_: Round, tally: Mapping[str, int], language: Language) -> RoundLine:
    kind = CampaignKind(round_.campaign.kind)
    silent = {outcome for outcome in tally if outcome and outcome not in SAID and outcome not in QUIET}
    ordered = sorted(tally, key=lambda outcome: (FROM_WELL.index(_sign(outcome)), outcome))
    return RoundLine(
        round_.id, round_.campaign_id, round_.campaign.name, round_.occurrence, round_.completed_at, round_.stopped_at,
        round_.version, sum(tally.values()), sum(tally.get(each, 0) for each in SAID),
        sum(tally[each] for each in silent), tally.get(_OPEN, 0), _bar(tally),
        [f"{outcome_word(kind, each or None, language)} {tally[each]}" for each in ordered],
    )  # fmt: skip


def _bar(tally: Mapping[str, int]) -> Sequence[Slice]:
    counted: Counter[Sign] = Counter()
    for outcome, count in tally.items():
        counted[_sign(outcome)] += count
    return [Slice(sign, counted[sign]) for sign in FROM_WELL if counted[sign]]


def _sign(outcome: str) -> Sign:
    return sign_of(outcome or None, None)
