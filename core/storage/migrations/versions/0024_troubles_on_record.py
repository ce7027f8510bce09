"""Troubles on record: what keeps the service from its usual work though it goes on"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "troubles",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_troubles"),
    )


def downgrade() -> None:
    op.drop_table("troubles")
