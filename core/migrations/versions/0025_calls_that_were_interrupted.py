"""Calls in which something may have been said that nobody heard, and those that are no attempts for it"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("is_interrupted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("check_in_calls", sa.Column("is_lost", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("check_in_calls", "is_lost")
    op.drop_column("calls", "is_interrupted")
