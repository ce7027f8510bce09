"""When a case was accepted for the first time, and what a month is counted by is found

Of cases that have been given back or opened again the events say when it was, as long as they are kept.
"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_ENDED = sa.text("ended_at IS NOT NULL")
_UNMERGED = sa.text("merged_into_id IS NULL")
_FIRST = """
UPDATE cases SET first_accepted_at = coalesce(
  (SELECT min(events.at) FROM events
   WHERE events.subject_id = cases.id AND events.kind = 'case.accepted'
     AND (events.kind LIKE 'case.%' OR events.kind LIKE 'page.%')), accepted_at)
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("first_accepted_at", Instant(timezone=True), nullable=True))
    op.execute(sa.text(_FIRST))
    where = {"sqlite_where": _UNMERGED, "postgresql_where": _UNMERGED}
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"], **where)
    op.create_index("ix_check_ins_round_outcome", "check_ins", ["round_id", "outcome"])
    where = {"sqlite_where": _ENDED, "postgresql_where": _ENDED}
    op.create_index("ix_calls_ended", "calls", ["owner", "direction", "ending", "ended_at"], **where)


def downgrade() -> None:
    op.drop_index("ix_calls_ended", "calls")
    op.drop_index("ix_check_ins_round_outcome", "check_ins")
    op.drop_index("ix_cases_opened_at", "cases")
    op.drop_column("cases", "first_accepted_at")
