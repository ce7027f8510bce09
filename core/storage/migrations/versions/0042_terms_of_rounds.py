"""Campaigns have a plan for each result and a window, and rounds keep the terms under which they run"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("retries", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("campaigns", sa.Column("spread_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("campaigns", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("rounds", sa.Column("terms", sa.JSON(), nullable=True))
    op.add_column("rounds", sa.Column("version", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("rounds") as rounds:
        rounds.drop_column("version")
        rounds.drop_column("terms")
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.drop_column("version")
        campaigns.drop_column("spread_minutes")
        campaigns.drop_column("retries")
