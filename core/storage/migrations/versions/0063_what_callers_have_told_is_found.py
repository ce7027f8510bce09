"""What residents have told of their check-ins is found by them, however long the event log is"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_BY_CALLERS = sa.text("(actor_kind = 'caller' AND kind LIKE 'check_in.%')")


def upgrade() -> None:
    where = {"sqlite_where": _BY_CALLERS, "postgresql_where": _BY_CALLERS}
    op.create_index("ix_events_by_callers", "events", ["subject_id"], **where)


def downgrade() -> None:
    op.drop_index("ix_events_by_callers", "events")
