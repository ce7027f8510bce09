"""A text with a link goes with a page; whoever is being rung just now is written none"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_texts",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_page_texts_page_id_pages", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", name="pk_page_texts"),
    )
    op.create_index("ix_page_texts_text_id", "page_texts", ["text_id"])
    op.execute("INSERT INTO page_texts (page_id) SELECT id FROM pages WHERE state = 'calling'")


def downgrade() -> None:
    op.drop_table("page_texts")
