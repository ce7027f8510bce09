"""After a start, and when a call was lost, places of a line are kept for whoever was cut off"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lines", sa.Column("kept_until", core.storage.database.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lines") as lines:
        lines.drop_column("kept_until")
