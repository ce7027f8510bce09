"""Audiences of campaigns are rules, and a community keeps lists of residents of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0034"
branch_labels = None
depends_on = None

_campaigns = sa.table(
    "campaigns",
    sa.column("id", sa.Uuid()),
    sa.column("flags", sa.JSON(none_as_null=True)),
    sa.column("audience", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    op.create_table(
        "resident_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_resident_lists_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_lists")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_resident_lists_community_id_name")),
    )
    op.create_table(
        "resident_list_members",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["resident_lists.id"],
            name=op.f("fk_resident_list_members_list_id_resident_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_resident_list_members_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("list_id", "resident_id", name=op.f("pk_resident_list_members")),
    )
    op.create_index(op.f("ix_resident_list_members_resident_id"), "resident_list_members", ["resident_id"])
    op.add_column("campaigns", sa.Column("audience", sa.JSON(), nullable=True))
    connection = op.get_bind()
    for campaign_id, flags in connection.execute(sa.select(_campaigns.c.id, _campaigns.c.flags)).all():
        rule = {"kind": "everyone"} if flags is None else {"kind": "flags", "any_of": flags}
        kept = {"version": 1, "rule": rule}
        connection.execute(_campaigns.update().where(_campaigns.c.id == campaign_id).values(audience=kept))
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.alter_column("audience", existing_type=sa.JSON(), nullable=False)
        campaigns.drop_column("flags")


def downgrade() -> None:
    """A rule that no list of flags can say is for everybody there, who may be rung once too often, never too seldom."""
    op.add_column("campaigns", sa.Column("flags", sa.JSON(), nullable=True))
    connection = op.get_bind()
    for campaign_id, kept in connection.execute(sa.select(_campaigns.c.id, _campaigns.c.audience)).all():
        rule = kept["rule"]
        flags = rule["any_of"] if rule["kind"] == "flags" else None
        connection.execute(_campaigns.update().where(_campaigns.c.id == campaign_id).values(flags=flags))
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.drop_column("audience")
    op.drop_table("resident_list_members")
    op.drop_table("resident_lists")
