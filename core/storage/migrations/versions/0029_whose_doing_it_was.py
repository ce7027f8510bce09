"""Every event says whose doing it was"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OF_CASES = sa.text("(kind LIKE 'case.%' OR kind LIKE 'page.%')")
RESIDENTS_OWN = ("resident.rang_in", "resident.texted", "resident.stopped_calls")
"""What a resident did from their own telephone: they are who it happened to."""
RESPONDERS_OWN = ("page.accepted", "page.declined", "case.connecting")
"""What the responder did of whom the event tells."""
AT_ONCE = 1000
events = sa.table(
    "events", sa.column("id", sa.BigInteger), sa.column("kind", sa.String), sa.column("subject_id", sa.Uuid),
    sa.column("facts", sa.JSON), sa.column("actor_kind", sa.String), sa.column("actor_id", sa.Uuid),
    sa.column("actor_name", sa.String),
)  # fmt: skip


def upgrade() -> None:
    """Old rows are the doing of ``system``, or of whom they tell."""
    op.add_column("events", sa.Column("actor_kind", sa.String(), nullable=False, server_default="system"))
    op.add_column("events", sa.Column("actor_id", sa.Uuid(), nullable=True))
    op.add_column("events", sa.Column("actor_name", sa.String(), nullable=True))
    _tell()
    op.create_index("ix_events_of_cases", "events", ["subject_id"], sqlite_where=OF_CASES, postgresql_where=OF_CASES)


def downgrade() -> None:
    op.drop_index("ix_events_of_cases", "events")
    for name in ("actor_name", "actor_id", "actor_kind"):
        op.drop_column("events", name)


def _tell() -> None:
    bind, last = op.get_bind(), 0
    some = sa.select(events.c.id, events.c.kind, events.c.subject_id, events.c.facts).order_by(events.c.id)
    while found := bind.execute(some.where(events.c.id > last).limit(AT_ONCE)).all():
        last = found[-1].id
        for event in found:
            if known := _known(event):
                bind.execute(sa.update(events).where(events.c.id == event.id).values(**known))


def _known(event: sa.Row) -> dict:
    facts = event.facts or {}
    if isinstance(facts.get("actor"), dict):
        actor, others = facts["actor"], {name: value for name, value in facts.items() if name != "actor"}
        kind = str(actor.get("kind", "system"))
        name = None if kind == "system" or "id" in actor else actor.get("name")
        return {"actor_kind": kind, "actor_id": _id(actor.get("id")), "actor_name": name, "facts": others}
    if event.kind in RESIDENTS_OWN:
        return {"actor_kind": "caller", "actor_id": event.subject_id}
    if event.kind in RESPONDERS_OWN and _id(facts.get("responder")):
        return {"actor_kind": "responder", "actor_id": _id(facts["responder"])}
    if event.kind in {"resident.unverified", "responder.pin_refused", "responder.pins_refused", "relative.rang_in"}:
        return {"actor_kind": "relative" if event.kind == "relative.rang_in" else "caller"}
    return {}


def _id(written: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(written))
    except ValueError:
        return None
