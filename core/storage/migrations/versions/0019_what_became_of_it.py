"""What a text to a relative tells: how a resident is, or what became of a problem that they were told of"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("news", sa.String(), nullable=False, server_default="problem"))
    op.execute("UPDATE reports SET news = 'well' WHERE outcome = 'ok'")
    with op.batch_alter_table("reports") as reports:
        reports.alter_column("news", server_default=None)


def downgrade() -> None:
    op.drop_column("reports", "news")
