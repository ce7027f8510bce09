"""Residents who were chosen together and what is done with them; columns that were said to tell something; lists of
responders that were sent, and the rows that an import has left out"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("residents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_resident_choices_community_id_communities"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_resident_choices"),
    )
    for name in ("community_id", "user_id", "made_at"):
        op.create_index(f"ix_resident_choices_{name}", "resident_choices", [name])
    op.create_table(
        "bulk_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("choice_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("results", sa.String(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["resident_choices.id"], name="fk_bulk_changes_choice_id_resident_choices",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_changes"),
    )  # fmt: skip
    op.create_index("ix_bulk_changes_choice_id", "bulk_changes", ["choice_id"])
    op.create_table(
        "import_columns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_import_columns_community_id_communities"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_columns"),
        sa.UniqueConstraint("community_id", "kind", "header", name="uq_import_columns_community_id_kind_header"),
    )
    op.add_column("import_drafts", sa.Column("kind", sa.String(), nullable=False, server_default="residents"))
    op.add_column("import_drafts", sa.Column("left_out", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_drafts", "left_out")
    op.drop_column("import_drafts", "kind")
    op.drop_table("import_columns")
    op.drop_table("bulk_changes")
    op.drop_table("resident_choices")
