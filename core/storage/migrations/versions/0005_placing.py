"""Lines rest and keep their pace; calls remember how they were asked for; refused numbers"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = core.storage.database.Instant(timezone=True)
    op.add_column("lines", sa.Column("next_turn_at", instant, nullable=True))
    op.add_column("lines", sa.Column("resting_until", instant, nullable=True))
    op.add_column("lines", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("lines", sa.Column("rests", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("calls", sa.Column("requested_at", instant, nullable=True))
    op.add_column("calls", sa.Column("refusals", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("calls", sa.Column("cancel_at", instant, nullable=True))
    op.create_table(
        "refused_numbers",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("refused_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_refused_numbers")),
    )


def downgrade() -> None:
    op.drop_table("refused_numbers")
    with op.batch_alter_table("calls") as calls:
        for name in ("cancel_at", "refusals", "requested_at"):
            calls.drop_column(name)
    with op.batch_alter_table("lines") as lines:
        for name in ("rests", "failures", "resting_until", "next_turn_at"):
            lines.drop_column(name)
