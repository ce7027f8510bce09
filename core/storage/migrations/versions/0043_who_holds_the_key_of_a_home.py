"""Homes say who holds a key"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("households", sa.Column("key_holder", sa.String(), nullable=False, server_default=""))
    op.add_column("households", sa.Column("key_holder_number", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("households") as households:
        households.drop_column("key_holder_number")
        households.drop_column("key_holder")
