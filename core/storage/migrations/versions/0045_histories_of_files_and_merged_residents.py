"""What happened to a file is found quickly, and a resident who was written down twice says in whom they are one"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_OF_FILES = sa.text("(kind LIKE 'resident.%' OR kind LIKE 'consent.%' OR kind LIKE 'household.%')")


def upgrade() -> None:
    op.create_index("ix_events_of_files", "events", ["subject_id"], sqlite_where=_OF_FILES, postgresql_where=_OF_FILES)
    op.add_column("residents", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_residents_merged_into_id"), "residents", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_residents_merged_into_id"), "residents")
    op.drop_column("residents", "merged_into_id")
    op.drop_index("ix_events_of_files", "events")
