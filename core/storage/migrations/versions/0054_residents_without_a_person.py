"""Residents whose personal details were erased, and how calls to us are found for it"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

_GONE = sa.text("removed_at IS NOT NULL AND erased_at IS NULL")
_IN = sa.text("direction = 'in'")


def upgrade() -> None:
    op.add_column("residents", sa.Column("erased_at", Instant(timezone=True), nullable=True))
    op.add_column("residents", sa.Column("erasure_reason", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_residents_gone", "residents", ["removed_at"], sqlite_where=_GONE, postgresql_where=_GONE)
    op.create_index("ix_calls_in", "calls", ["due_at"], sqlite_where=_IN, postgresql_where=_IN)


def downgrade() -> None:
    op.drop_index("ix_calls_in", "calls")
    op.drop_index("ix_residents_gone", "residents")
    op.drop_column("residents", "erasure_reason")
    op.drop_column("residents", "erased_at")
