"""When each tick was last completed"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ticks")),
    )


def downgrade() -> None:
    op.drop_table("ticks")
