"""The audience of a campaign: how many people it rings, by flag, and how many it leaves out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries_audience as contacts
from contacts.models import LeftOut
from core.errors import ConflictError


@dataclass(frozen=True)
class AudienceReport:
    """``people`` are rung; ``left_out`` are enrolled and meant, but not rung, for the first reason that holds.

    ``by_flag`` counts those who are rung; whoever carries several of the flags is counted under each.
    """

    people: int
    by_flag: Mapping[str, int]
    left_out: Mapping[LeftOut, int]

    @property
    def enrolled(self) -> int:
        """Everybody whom the campaign is for."""
        return self.people + sum(self.left_out.values())


def audience_report(session: Session, community_id: UUID, flags: Sequence[str] | None, on: date) -> AudienceReport:
    """Whom a campaign with these flags (None: for everybody) rings on that day of community time; three statements."""
    counted = contacts.counted(session, community_id, flags, on)
    carried = contacts.by_flag(session, community_id, flags, on)
    return AudienceReport(
        people=counted.get(None, 0),
        by_flag={flag: carried.get(flag, 0) for flag in (sorted(carried) if flags is None else flags)},
        left_out={reason: counted[reason] for reason in LeftOut if counted.get(reason)},
    )


def refuse_empty(name: str, audience: AudienceReport) -> None:
    """Raises ``ConflictError`` for a campaign that rings nobody: it would look as if everybody were well."""
    if audience.people == 0:
        raise ConflictError(
            "Campaign {value} rings nobody.",
            way_out="Import residents who have agreed, choose other flags, or give --allow-empty.",
            field="flags",
            value=name,
        )
