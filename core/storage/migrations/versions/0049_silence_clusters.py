"""Rounds are looked at as a whole, and what many silences have in common is a case of its own"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0049"
down_revision = "0046"
branch_labels = None
depends_on = None
LOOK_AT = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("rounds", sa.Column("look_at", Instant(timezone=True), nullable=True))
    op.create_index("ix_rounds_look_at", "rounds", ["look_at"], sqlite_where=LOOK_AT, postgresql_where=LOOK_AT)
    op.create_table(
        "silence_clusters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("common", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("check_ins", sa.JSON(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("others_silent", sa.Integer(), nullable=False),
        sa.Column("others_rung", sa.Integer(), nullable=False),
        sa.Column("found_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_silence_clusters_round_id_rounds"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_silence_clusters_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_silence_clusters"),
        sa.UniqueConstraint("round_id", "common", "name", name="uq_silence_clusters_round_id_common_name"),
        sa.UniqueConstraint("case_id", name="uq_silence_clusters_case_id"),
    )


def downgrade() -> None:
    op.drop_table("silence_clusters")
    op.drop_index("ix_rounds_look_at", "rounds")
    with op.batch_alter_table("rounds") as rounds:
        rounds.drop_column("look_at")
