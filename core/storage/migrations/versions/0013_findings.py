"""What was found by whoever closed a case, as one of a few words, beside the free note"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("finding", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "finding")
