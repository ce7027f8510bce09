"""Responders read their duty in their own calendar, under a link of which only the digest is kept"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_feeds",
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["responder_id"], ["responders.id"], name="fk_roster_feeds_responder_id_responders"),
        sa.PrimaryKeyConstraint("responder_id", name="pk_roster_feeds"),
        sa.UniqueConstraint("secret", name="uq_roster_feeds_secret"),
    )


def downgrade() -> None:
    op.drop_table("roster_feeds")
