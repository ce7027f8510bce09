"""A community or a campaign may have escalation policies of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KNOWN = """
UPDATE cases SET campaign_id = (
  SELECT rounds.campaign_id FROM rounds WHERE rounds.id = COALESCE(
    cases.round_id, (SELECT check_ins.round_id FROM check_ins WHERE check_ins.id = cases.check_in_id)
  )
)
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.execute(KNOWN)
    op.create_table(
        "policy_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_overrides"),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_policy_overrides_community_id_communities"
        ),
    )
    _unique("uq_policy_overrides_community", "community_id", "campaign_id IS NULL")
    _unique("uq_policy_overrides_campaign", "campaign_id", "campaign_id IS NOT NULL")


def downgrade() -> None:
    op.drop_table("policy_overrides")
    op.drop_column("cases", "campaign_id")


def _unique(name: str, column: str, where: str) -> None:
    op.create_index(name, "policy_overrides", [column, "kind"], unique=True, sqlite_where=sa.text(where),
                    postgresql_where=sa.text(where))  # fmt: skip
