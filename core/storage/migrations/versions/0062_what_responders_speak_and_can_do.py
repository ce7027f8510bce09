"""Responders have languages and skills"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("languages", "skills"):
        op.add_column("responders", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("languages", "skills"):
        op.drop_column("responders", name)
