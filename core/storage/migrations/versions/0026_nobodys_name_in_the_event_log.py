"""Nobody's name or number stays in the event log"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TOLD = {
    "case.relative_not_told": {"number"},
    "case.text_tied": {"name"},
    "consent.given": {"by", "how"},
    "consent.withdrawn": {"by", "how"},
    "number.refused": {"number"},
    "resident.changed": {"before", "after"},
    "resident.paused": {"reason"},
    "resident.removed": {"note"},
    "resident.unverified": {"caller"},
    "responder.pin_refused": {"number"},
    "responder.pins_refused": {"number"},
    "text.received": {"number"},
    "texts.refused": {"number"},
    "texts.resumed": {"number"},
}
AT_ONCE = 1000
events = sa.table("events", sa.column("id", sa.BigInteger), sa.column("kind", sa.String), sa.column("facts", sa.JSON))


def upgrade() -> None:
    """What was written to the log before goes; the rows that it was about still hold it."""
    bind, last = op.get_bind(), 0
    some = sa.select(events).where(events.c.kind.in_(sorted(TOLD))).order_by(events.c.id).limit(AT_ONCE)
    while found := bind.execute(some.where(events.c.id > last)).all():
        last = found[-1].id
        for event in found:
            kept = _kept(event.facts, TOLD[event.kind])
            if kept != event.facts:
                bind.execute(sa.update(events).where(events.c.id == event.id).values(facts=kept))


def downgrade() -> None:
    """What is gone does not come back."""


def _kept(facts: dict, told: set) -> dict:
    kept = {name: value for name, value in facts.items() if name not in told}
    actor = kept.get("actor")
    if isinstance(actor, dict) and "id" in actor:
        kept["actor"] = {name: value for name, value in actor.items() if name != "name"}
    return kept
