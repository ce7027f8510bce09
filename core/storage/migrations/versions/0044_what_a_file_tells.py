"""Telephones have a state, relatives an e-mail address, and notes of health stand apart from the file"""

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = core.storage.database.Instant(timezone=True)
    op.add_column("phones", sa.Column("state", sa.String(), nullable=False, server_default="good"))
    op.add_column("phones", sa.Column("state_since", instant, nullable=True))
    op.add_column("relatives", sa.Column("email", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "resident_health",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_resident_health_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_resident_health")),
    )


def downgrade() -> None:
    op.drop_table("resident_health")
    with op.batch_alter_table("relatives") as relatives:
        relatives.drop_column("email")
    with op.batch_alter_table("phones") as phones:
        phones.drop_column("state_since")
        phones.drop_column("state")
