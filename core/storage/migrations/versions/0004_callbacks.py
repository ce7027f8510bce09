"""Whether machines are listened for, campaign by campaign"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("campaigns", "calls"):
        op.add_column(table, sa.Column("machine_detection", sa.Boolean(), nullable=False, server_default=sa.true()))
