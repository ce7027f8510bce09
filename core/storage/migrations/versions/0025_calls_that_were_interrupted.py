"""Calls in which something may have been said that nobody heard, and those that are no attempts for it"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("is_interrupted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("calls", sa.Column("look_back_at", Instant(timezone=True), nullable=True))
    partial_index = {"sqlite_where": sa.text("look_back_at IS NOT NULL"),
                     "postgresql_where": sa.text("look_back_at IS NOT NULL")}  # fmt: skip
    op.create_index("ix_calls_look_back_at", "calls", ["look_back_at"], **partial_index)
    op.add_column("check_in_calls", sa.Column("is_lost", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("check_in_calls", "is_lost")
    op.drop_index("ix_calls_look_back_at", "calls")
    op.drop_column("calls", "look_back_at")
    op.drop_column("calls", "is_interrupted")
