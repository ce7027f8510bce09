"""A page of residents, homes or check-ins is read in their order: with 100,000 of them each page had sorted all"""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_WITHIN = {"residents": "community_id", "households": "community_id", "check_ins": "round_id"}


def upgrade() -> None:
    _made_anew("id")


def downgrade() -> None:
    _made_anew()


def _made_anew(*further: str) -> None:
    for table, column in _WITHIN.items():
        name = f"ix_{table}_{column}"
        op.drop_index(name, table)
        op.create_index(name, table, [column, *further])
