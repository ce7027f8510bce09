"""Cases in hand: how they go on, handed over, noted on, merged, and rung about again"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0067"
down_revision = "0065"
branch_labels = None
depends_on = None

_INSTANTS = ("moved_at", "reminded_at", "climbs_from")
_IDS = ("handing_to_id", "merged_into_id", "ring_call_id")
_FOUND_BY = ("merged_into_id", "ring_call_id")


def upgrade() -> None:
    for name in _INSTANTS:
        op.add_column("cases", sa.Column(name, Instant(timezone=True), nullable=True))
    for name in _IDS:
        op.add_column("cases", sa.Column(name, sa.Uuid(), nullable=True))
    for name in _FOUND_BY:
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_cases_{name}", "cases", [name], sqlite_where=where, postgresql_where=where)
    op.execute("UPDATE cases SET moved_at = accepted_at WHERE accepted_by_id IS NOT NULL AND state != 'closed'")
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_notes_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_notes"),
    )
    op.create_index("ix_case_notes_case_id", "case_notes", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_notes")
    op.execute("UPDATE cases SET state = 'accepted' WHERE state IN ('on_the_way', 'on_phone')")
    for name in _FOUND_BY:
        op.drop_index(f"ix_cases_{name}", "cases")
    for name in (*_INSTANTS, *_IDS):
        op.drop_column("cases", name)
