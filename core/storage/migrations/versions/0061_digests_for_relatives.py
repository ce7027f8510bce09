"""Relatives may be told all of a day or a week in one text"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("relatives", sa.Column("wants_since", Instant(timezone=True), nullable=True))
    op.create_index("ix_relatives_wants", "relatives", ["wants"])
    op.create_table(
        "digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_until", Instant(timezone=True), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_digests_resident_id_residents"),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("relative_id", "due_on", name="uq_digests_relative_id_due_on"),
    )
    op.create_index("ix_digests_resident_id", "digests", ["resident_id"])
    op.create_index("ix_digests_told_until", "digests", ["told_until"])


def downgrade() -> None:
    op.drop_table("digests")
    op.drop_index("ix_relatives_wants", "relatives")
    op.drop_column("relatives", "wants_since")
