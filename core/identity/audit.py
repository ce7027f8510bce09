"""The audit log: who has read which file, and who has changed something, whatever became of it.

The database itself refuses to change an entry (migration 0033), or to delete one that is younger than 180 days (0055).
"""

from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.identity.models import AuditEntry

LONGEST_SUBJECT = 200


def note(
    session: Session,
    actor: Actor,
    community_id: UUID | None,
    deed: str,
    *,
    subject: str = "",
    status: int = 200,
    address: str = "",
) -> None:
    """Appends an entry; ``actor.name`` is kept only of whoever has no row, because the log outlives names."""
    session.add(
        AuditEntry(
            at=clock.real_now(), community_id=community_id, actor_kind=actor.kind, actor_id=actor.id,
            actor_name="" if actor.id else actor.name, deed=deed, subject=subject[:LONGEST_SUBJECT], status=status,
            address=address,
        )
    )  # fmt: skip
