"""How a family reads its name"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("residents", sa.Column("reading", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("residents") as residents:
        residents.drop_column("reading")
