"""Prompts that people have recorded, how a call sounds to its listener, and which voice a resident hears best."""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorded_prompts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_prompts")),
    )
    op.create_index(op.f("ix_recorded_prompts_digest"), "recorded_prompts", ["digest"])
    op.create_index("ix_recorded_prompts_language_words", "recorded_prompts", ["language", "words"])
    op.create_index(op.f("ix_recorded_prompts_resident_id"), "recorded_prompts", ["resident_id"])
    op.add_column("calls", sa.Column("overlay", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("residents", sa.Column("timbre", sa.String(), nullable=False, server_default="usual"))
