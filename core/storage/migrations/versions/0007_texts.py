"""Texts in, numbers that want no texts, what belongs to a case in writing, and how reports to relatives ended."""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAITING = sa.text("next_try_at IS NOT NULL")
_QUEUED = sa.text("state = 'queued'")
_SENDING = sa.text("state = 'sending'")
_UNSENT = sa.text("state IN ('queued', 'sending')")
_SILENT = sa.text("look_up_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("texts", sa.Column("owner", sa.String(), nullable=True))
    op.add_column("texts", sa.Column("urgency", sa.Integer(), nullable=False, server_default="10"))
    op.add_column("texts", sa.Column("not_after", core.storage.database.Instant(timezone=True), nullable=True))
    op.add_column("texts", sa.Column("sender", sa.String(), nullable=True))
    op.add_column("texts", sa.Column("look_up_at", core.storage.database.Instant(timezone=True), nullable=True))
    op.drop_index("ix_texts_unsent", "texts")
    op.create_index(
        "ix_texts_queue", "texts", ["urgency", "next_try_at"], sqlite_where=_QUEUED, postgresql_where=_QUEUED
    )
    op.create_index("ix_texts_queued_about", "texts", ["subject_id"], sqlite_where=_QUEUED, postgresql_where=_QUEUED)
    op.create_index("ix_texts_sending", "texts", ["request_deadline"], sqlite_where=_SENDING, postgresql_where=_SENDING)
    op.create_index("ix_texts_look_up_at", "texts", ["look_up_at"], sqlite_where=_SILENT, postgresql_where=_SILENT)
    op.create_index("ix_texts_number_created_at", "texts", ["number", "created_at"])
    op.create_table(
        "texts_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("received_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("next_try_at", core.storage.database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts_in")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_texts_in_provider_id")),
    )
    op.create_index(
        "ix_texts_in_next_try_at", "texts_in", ["next_try_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "text_refusals",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", core.storage.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_text_refusals")),
    )
    op.create_table(
        "case_texts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_texts_case_id_cases")),
        sa.ForeignKeyConstraint(["text_id"], ["texts_in.id"], name=op.f("fk_case_texts_text_id_texts_in")),
        sa.PrimaryKeyConstraint("case_id", "text_id", name=op.f("pk_case_texts")),
    )
    op.create_table(
        "reports",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_reports_text_id_texts")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_reports_resident_id_residents")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_case_id_cases")),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_resident_id"), "reports", ["resident_id"])
    op.create_index(op.f("ix_reports_case_id"), "reports", ["case_id"])


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_table("case_texts")
    op.drop_table("text_refusals")
    op.drop_table("texts_in")
    for index in ("number_created_at", "look_up_at", "sending", "queued_about", "queue"):
        op.drop_index(f"ix_texts_{index}", "texts")
    op.create_index("ix_texts_unsent", "texts", ["next_try_at"], sqlite_where=_UNSENT, postgresql_where=_UNSENT)
    for column in ("look_up_at", "sender", "not_after", "urgency", "owner"):
        op.drop_column("texts", column)
