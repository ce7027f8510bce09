"""One call tells a responder of several cases: a page for each of them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_LIVE = sa.text("state = 'calling'")


def upgrade() -> None:
    op.drop_index("uq_pages_live_responder", "pages")
    op.drop_index("ix_pages_responder_id", "pages")
    with op.batch_alter_table("pages") as pages:
        pages.drop_constraint("uq_pages_call_id", type_="unique")
        pages.create_unique_constraint("uq_pages_call_case", ["call_id", "case_id"])
    op.create_index("uq_pages_live", "pages", ["responder_id", "case_id"], unique=True, sqlite_where=_LIVE,
                    postgresql_where=_LIVE)  # fmt: skip
    op.create_index("ix_pages_responder_asked", "pages", ["responder_id", "asked_at"])


def downgrade() -> None:
    """Of a call that told of several cases the first page is kept."""
    op.execute(
        "DELETE FROM pages WHERE EXISTS"
        " (SELECT 1 FROM pages earlier WHERE earlier.call_id = pages.call_id AND earlier.id < pages.id)"
    )
    op.drop_index("ix_pages_responder_asked", "pages")
    op.drop_index("uq_pages_live", "pages")
    with op.batch_alter_table("pages") as pages:
        pages.drop_constraint("uq_pages_call_case", type_="unique")
        pages.create_unique_constraint("uq_pages_call_id", ["call_id"])
    op.create_index("ix_pages_responder_id", "pages", ["responder_id"])
    op.create_index("uq_pages_live_responder", "pages", ["responder_id"], unique=True, sqlite_where=_LIVE,
                    postgresql_where=_LIVE)  # fmt: skip
