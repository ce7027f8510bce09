"""Two residents of whom staff say that they are two people are offered as one no more"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0060"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "residents_told_apart",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["residents.id"], name="fk_residents_told_apart_first_id_residents"),
        sa.ForeignKeyConstraint(["second_id"], ["residents.id"], name="fk_residents_told_apart_second_id_residents"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_residents_told_apart"),
    )
    op.create_index("ix_residents_told_apart_second_id", "residents_told_apart", ["second_id"])


def downgrade() -> None:
    op.drop_table("residents_told_apart")
