"""Indexes for what is still open, so that no question takes longer because of years of what is over"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ANSWERED = sa.text("answered_at IS NOT NULL")
_UNCLOSED = sa.text("state != 'closed'")
_CLOSED = sa.text("closed_at IS NOT NULL")
_OPEN = sa.text("outcome IS NULL")
_KEPT = sa.text("state = 'kept'")
_RECORDED = sa.text("recording_id IS NOT NULL")


def upgrade() -> None:
    _index("calls", "answered", ["number", "answered_at"], _ANSWERED)
    _index("cases", "unclosed", ["urgency", "opened_at"], _UNCLOSED)
    _index("cases", "closed_at", ["closed_at"], _CLOSED)
    _index("cases", "recording_id", ["recording_id"], _RECORDED)
    _index("check_ins", "open_resident", ["resident_id"], _OPEN)
    _index("recordings", "kept", ["made_at"], _KEPT)
    op.create_index("ix_rounds_started_at", "rounds", ["started_at"])
    op.drop_index("ix_cases_community_id", "cases")


def downgrade() -> None:
    op.create_index("ix_cases_community_id", "cases", ["community_id"])
    op.drop_index("ix_rounds_started_at", "rounds")
    op.drop_index("ix_recordings_kept", "recordings")
    op.drop_index("ix_check_ins_open_resident", "check_ins")
    for name in ("recording_id", "closed_at", "unclosed"):
        op.drop_index(f"ix_cases_{name}", "cases")
    op.drop_index("ix_calls_answered", "calls")


def _index(table: str, name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where)
