"""How a round stands, for whoever only looks."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CampaignKind, Outcome, Round
from core.errors import NotFoundError
from core.short_ids import short


@dataclass(frozen=True)
class RoundReport:
    """The proof that nobody was forgotten: ``enrolled`` = the sum of ``counts`` + ``open``."""

    round_id: UUID
    kind: CampaignKind
    enrolled: int
    open: int
    complete: bool
    counts: dict[str, int] = field(default_factory=dict)


def report(session: Session, round_id: UUID) -> RoundReport:
    """How a round stands; raises ``NotFoundError``."""
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
    counts = queries.counts(session, round_id)
    still_open = counts.pop("", 0)
    ordered = {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]}
    return RoundReport(
        round_id,
        round_.campaign.kind,
        still_open + counts.total(),
        still_open,
        round_.completed_at is not None,
        ordered,
    )
