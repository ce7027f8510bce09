"""Responders who help no more are kept for what they did; their telephone may be another one's"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_HELPING = sa.text("removed_at IS NULL")


def upgrade() -> None:
    instant = core.storage.database.Instant(timezone=True)
    op.add_column("responders", sa.Column("removed_at", instant, nullable=True))
    with op.batch_alter_table("responders") as responders:
        responders.drop_constraint(op.f("uq_responders_community_id_number"), type_="unique")
    op.create_index("uq_responders_number", "responders", ["community_id", "number"], unique=True,
                    sqlite_where=_HELPING, postgresql_where=_HELPING)  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_responders_number", "responders")
    op.execute("UPDATE responders SET number = number || ' ' || id WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("responders") as responders:
        responders.create_unique_constraint(op.f("uq_responders_community_id_number"), ["community_id", "number"])
        responders.drop_column("removed_at")
