"""Turns in less room: replies packed (those that are there stay as they are written); totals of calls not kept"""

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
    op.add_column("cases", sa.Column("past_pages", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "call_totals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("talked_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "owner", "direction", "ending", name="pk_call_totals"),
    )


def downgrade() -> None:
    """What is packed cannot be read any more: it has been heard long ago."""
    op.drop_table("call_totals")
    op.drop_column("cases", "past_pages")
    op.execute("UPDATE call_turns SET reply = ''")
    with op.batch_alter_table("call_turns") as turns:
        turns.alter_column(
            "reply",
            existing_type=sa.LargeBinary(),
            type_=sa.String(),
            existing_nullable=False,
            postgresql_using="convert_from(reply, 'UTF8')",
        )
