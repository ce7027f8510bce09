"""Signed links, of whose tokens only the digests are kept, and what was done by them"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0074"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("digest", name="uq_links_digest"),
    )
    op.create_index("ix_links_about_id_holder_id", "links", ["about_id", "holder_id"])
    op.create_index("ix_links_expires_at", "links", ["expires_at"])
    op.create_table(
        "link_uses",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_link_uses_link_id_links", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id", "deed", "key", name="pk_link_uses"),
    )


def downgrade() -> None:
    op.drop_table("link_uses")
    op.drop_table("links")
