"""What was done to a campaign is found by it, however long the event log is"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0067"
branch_labels = None
depends_on = None

_OF_CAMPAIGNS = sa.text("(kind LIKE 'campaign.%')")


def upgrade() -> None:
    where = {"sqlite_where": _OF_CAMPAIGNS, "postgresql_where": _OF_CAMPAIGNS}
    op.create_index("ix_events_of_campaigns", "events", ["subject_id"], **where)


def downgrade() -> None:
    op.drop_index("ix_events_of_campaigns", "events")
