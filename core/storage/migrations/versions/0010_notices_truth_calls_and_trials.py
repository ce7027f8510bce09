"""Notices, the call that tells the truth when nobody has come, and trial calls"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")
_UNDER_WAY = sa.text("result IS NULL")
_WAITING = sa.text("next_attempt_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("message", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "truth_calls",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("due_at", core.storage.database.Instant(timezone=True), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_truth_calls_case_id_cases")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_truth_calls_call_id_calls")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_truth_calls")),
        sa.UniqueConstraint("call_id", name=op.f("uq_truth_calls_call_id")),
    )
    op.create_index("ix_truth_calls_due", "truth_calls", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    _create_trials()


def downgrade() -> None:
    op.drop_table("trials")
    op.drop_table("truth_calls")
    op.drop_column("campaigns", "message")


def _create_trials() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("deadline", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", core.storage.database.Instant(timezone=True), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", core.storage.database.Instant(timezone=True), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("furthest", sa.String(), nullable=True),
        sa.Column("practised", sa.String(), nullable=False),
        sa.Column("pressed", sa.Boolean(), nullable=False),
        sa.Column("listened", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_trials_resident_id_residents")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_trials_call_id_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sa.UniqueConstraint("call_id", name=op.f("uq_trials_call_id")),
    )
    op.create_index(op.f("ix_trials_resident_id"), "trials", ["resident_id"])
    op.create_index(
        "uq_trials_under_way",
        "trials",
        ["resident_id"],
        unique=True,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index("ix_trials_due", "trials", ["next_attempt_at"], sqlite_where=_WAITING, postgresql_where=_WAITING)
