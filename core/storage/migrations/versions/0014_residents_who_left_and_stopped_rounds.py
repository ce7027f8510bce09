"""Residents who have left, pauses without an end, rounds that were stopped, campaigns that were removed"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEPT = sa.text("removed_at IS NULL")


def upgrade() -> None:
    _add("residents", _instant("removed_at"), sa.Column("removed_because", sa.String(), nullable=True),
         _text("removal_note"))  # fmt: skip
    _add("check_ins", sa.Column("reason", sa.String(), nullable=True), _text("reason_note"))
    _add("rounds", _instant("stopped_at"), sa.Column("stopped_because", sa.String(), nullable=True), _text("stop_note"))
    _add("campaigns", _instant("removed_at"))
    with op.batch_alter_table("pauses") as pauses:
        pauses.alter_column("last_day", existing_type=sa.Date(), nullable=True)
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.drop_constraint(op.f("uq_campaigns_community_id_name"), type_="unique")
    op.create_index("uq_campaigns_kept_name", "campaigns", ["community_id", "name"], unique=True,
                    sqlite_where=_KEPT, postgresql_where=_KEPT)  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_campaigns_kept_name", "campaigns")
    op.execute("UPDATE campaigns SET name = name || ' ' || id WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.create_unique_constraint(op.f("uq_campaigns_community_id_name"), ["community_id", "name"])
        campaigns.drop_column("removed_at")
    op.execute("UPDATE pauses SET last_day = '9999-12-31' WHERE last_day IS NULL")
    with op.batch_alter_table("pauses") as pauses:
        pauses.alter_column("last_day", existing_type=sa.Date(), nullable=False)
    _drop("rounds", "stopped_at", "stopped_because", "stop_note")
    _drop("check_ins", "reason", "reason_note")
    _drop("residents", "removed_at", "removed_because", "removal_note")


def _add(table: str, *columns: sa.Column[object]) -> None:
    for column in columns:
        op.add_column(table, column)


def _drop(table: str, *names: str) -> None:
    for name in names:
        op.drop_column(table, name)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, core.storage.database.Instant(timezone=True), nullable=True)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")
