"""A responder may have a second telephone"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responders", sa.Column("second_number", sa.String(), nullable=True))
    op.create_index("ix_responders_second_number", "responders", ["second_number"])


def downgrade() -> None:
    op.drop_index("ix_responders_second_number", "responders")
    op.drop_column("responders", "second_number")
