"""Turns are kept in less room: replies packed (those that are there stay as they are written), the key not twice"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was written as text is read as such."""
    with op.batch_alter_table("call_turns", table_kwargs={"sqlite_with_rowid": False}) as turns:
        turns.alter_column(
            "reply",
            existing_type=sa.String(),
            type_=sa.LargeBinary(),
            existing_nullable=False,
            postgresql_using="convert_to(reply, 'UTF8')",
        )
    if op.get_bind().dialect.name == "sqlite":
        kept = {"sqlite_with_rowid": False}
        with op.batch_alter_table("check_in_calls", table_kwargs=kept, recreate="always"):
            pass


def downgrade() -> None:
    """What is packed cannot be read any more: it has been heard long ago."""
    op.execute("UPDATE call_turns SET reply = ''")
    with op.batch_alter_table("call_turns") as turns:
        turns.alter_column(
            "reply",
            existing_type=sa.LargeBinary(),
            type_=sa.String(),
            existing_nullable=False,
            postgresql_using="convert_from(reply, 'UTF8')",
        )
