"""Until when a missed round is of use, whom another round asks, and the one case of those whom nobody has rung"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OF_A_ROUND = sa.text("round_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("late_until", sa.Time(), nullable=True))
    op.add_column("check_ins", sa.Column("asked_in_id", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("people", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("round_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_cases_round", "cases", ["round_id"], unique=True, sqlite_where=_OF_A_ROUND, postgresql_where=_OF_A_ROUND
    )


def downgrade() -> None:
    op.drop_index("uq_cases_round", "cases")
    op.drop_column("cases", "round_id")
    op.drop_column("cases", "people")
    op.drop_column("check_ins", "asked_in_id")
    op.drop_column("campaigns", "late_until")
