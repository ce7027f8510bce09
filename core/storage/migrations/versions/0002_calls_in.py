"""Calls in: answers before the round, messages, PINs of responders, calls that were withdrawn"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = core.storage.database.Instant(timezone=True)


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("early_minutes", sa.Integer(), nullable=False, server_default="120"))
    op.add_column("responders", sa.Column("pin", sa.String(), nullable=True))
    op.create_index(
        "ix_calls_hang_up_wanted",
        "calls",
        ["hang_up_wanted"],
        sqlite_where=sa.text("hang_up_wanted = 1"),
        postgresql_where=sa.text("hang_up_wanted"),
    )
    _create_recordings()
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("resident_id", existing_type=sa.Uuid(), nullable=True)
        cases.add_column(sa.Column("recording_id", sa.Uuid(), nullable=True))
        cases.add_column(sa.Column("caller", sa.String(), nullable=True))
        cases.create_foreign_key("fk_cases_recording_id_recordings", "recordings", ["recording_id"], ["id"])
    _create_early_answers()


def _create_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("sound", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_recordings_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
        sa.UniqueConstraint("provider_id", name="uq_recordings_provider_id"),
    )
    op.create_index("ix_recordings_call_id", "recordings", ["call_id"])
    waiting = sa.text("next_try_at IS NOT NULL")
    op.create_index(
        "ix_recordings_next_try_at", "recordings", ["next_try_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _create_early_answers() -> None:
    op.create_table(
        "early_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_early_answers_resident_id_residents"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_early_answers_case_id_cases"),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name="fk_early_answers_check_in_id_check_ins"),
        sa.PrimaryKeyConstraint("id", name="pk_early_answers"),
    )
    op.create_index("ix_early_answers_resident_id", "early_answers", ["resident_id"])
    waiting = sa.text("check_in_id IS NULL")
    op.create_index("ix_early_answers_waiting", "early_answers", ["at"], sqlite_where=waiting, postgresql_where=waiting)
