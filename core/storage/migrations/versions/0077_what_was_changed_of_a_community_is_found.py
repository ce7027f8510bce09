"""What was changed of a community itself is found by it, however long the event log is"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0075"
branch_labels = None
depends_on = None

_OF_COMMUNITIES = sa.text("(kind LIKE 'community.%')")


def upgrade() -> None:
    where = {"sqlite_where": _OF_COMMUNITIES, "postgresql_where": _OF_COMMUNITIES}
    op.create_index("ix_events_of_communities", "events", ["subject_id"], **where)


def downgrade() -> None:
    op.drop_index("ix_events_of_communities", "events")
