"""Responders have shifts, swap them, and are absent"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none = sa.Column("has_roster", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("communities", none)
    _shifts()
    _swaps()
    _absences()


def downgrade() -> None:
    op.drop_table("responder_absences")
    op.drop_table("shift_swaps")
    op.drop_table("shifts")
    op.drop_column("communities", "has_roster")


def _shifts() -> None:
    op.create_table(
        "shifts",
        *_whose("shifts"),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("holidays", sa.String(length=4), nullable=False, server_default="also"),
        sa.CheckConstraint("(weekday IS NULL) != (day IS NULL)", name="ck_shifts_weekly_or_once"),
        _responder("shifts", "responder_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
    )
    _indexes("shifts")


def _swaps() -> None:
    op.create_table(
        "shift_swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("first_shift_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("first_responder_id", sa.Uuid(), nullable=False),
        sa.Column("second_shift_id", sa.Uuid(), nullable=True),
        sa.Column("second_day", sa.Date(), nullable=True),
        sa.Column("second_responder_id", sa.Uuid(), nullable=False),
        _community("shift_swaps"),
        _responder("shift_swaps", "first_responder_id"),
        _responder("shift_swaps", "second_responder_id"),
        _shift("first_shift_id"),
        _shift("second_shift_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_swaps"),
        sa.UniqueConstraint("first_shift_id", "first_day", name="uq_shift_swaps_first_shift_id_first_day"),
        sa.UniqueConstraint("second_shift_id", "second_day", name="uq_shift_swaps_second_shift_id_second_day"),
    )
    op.create_index("ix_shift_swaps_community_id", "shift_swaps", ["community_id"])


def _absences() -> None:
    op.create_table(
        "responder_absences",
        *_whose("responder_absences"),
        sa.Column("begins_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        _responder("responder_absences", "responder_id"),
        sa.PrimaryKeyConstraint("id", name="pk_responder_absences"),
    )
    _indexes("responder_absences")


def _whose(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        _community(table),
    )


def _community(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=f"fk_{table}_community_id_communities")


def _responder(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["responders.id"], name=f"fk_{table}_{column}_responders")


def _shift(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["shifts.id"], name=f"fk_shift_swaps_{column}_shifts")


def _indexes(table: str) -> None:
    for column in ("community_id", "responder_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
