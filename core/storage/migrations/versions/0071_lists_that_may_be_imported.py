"""A list that somebody has sent is kept, encrypted and for a short while, until they say that it be imported"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None
_LOOKED_UP = ("community_id", "user_id", "checked_at")


def upgrade() -> None:
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", Instant(timezone=True), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("with_hidden", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("cells", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_import_drafts_community_id_communities"),
        sa.PrimaryKeyConstraint("id", name="pk_import_drafts"),
    )
    for name in _LOOKED_UP:
        op.create_index(f"ix_import_drafts_{name}", "import_drafts", [name])


def downgrade() -> None:
    op.drop_table("import_drafts")
