"""When wrong PINs were typed from a responder's telephone, and until when none is accepted"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responders", sa.Column("wrong_pins", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "responders", sa.Column("pins_refused_until", core.storage.database.Instant(timezone=True), nullable=True)
    )
