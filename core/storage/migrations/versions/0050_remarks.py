"""What is unusual for one person is remarked on their file"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_remarks_round_id_rounds"),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_remarks_resident_id_residents"),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        sa.UniqueConstraint("round_id", "resident_id", "kind", name="uq_remarks_round_id_resident_id_kind"),
    )
    op.create_index("ix_remarks_resident_id", "remarks", ["resident_id"])
    op.create_index("ix_remarks_at", "remarks", ["at"])


def downgrade() -> None:
    op.drop_table("remarks")
