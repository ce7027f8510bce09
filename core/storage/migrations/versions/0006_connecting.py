"""Calls that the provider dials out of another call, and the hours of the office"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_parent()
    op.create_index(
        "ix_calls_parent_id",
        "calls",
        ["parent_id"],
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.add_column("communities", sa.Column("office_from", sa.Time(), nullable=False, server_default="08:30:00"))
    op.add_column("communities", sa.Column("office_until", sa.Time(), nullable=False, server_default="17:30:00"))
    op.add_column("communities", sa.Column("office_days", sa.String(), nullable=False, server_default="12345"))


def downgrade() -> None:
    for name in ("office_days", "office_until", "office_from"):
        with op.batch_alter_table("communities") as communities:
            communities.drop_column(name)
    with op.batch_alter_table("calls") as calls:
        calls.drop_index("ix_calls_parent_id")
        calls.drop_constraint(op.f("fk_calls_parent_id_calls"), type_="foreignkey")
        calls.drop_column("parent_id")


def _add_parent() -> None:
    """SQLite adds a column with its foreign key in one statement; copying the table would drop one that others need."""
    name = op.f("fk_calls_parent_id_calls")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE calls ADD COLUMN parent_id CHAR(32) CONSTRAINT {name} REFERENCES calls (id)")
    else:
        op.add_column("calls", sa.Column("parent_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(name, "calls", "calls", ["parent_id"], ["id"])
