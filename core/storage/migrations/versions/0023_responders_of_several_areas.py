"""A responder looks after several areas"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "responder_areas",
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["responder_id"], ["responders.id"], name="fk_responder_areas_responder_id_responders", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name="fk_responder_areas_area_id_areas"),
        sa.PrimaryKeyConstraint("responder_id", "area_id", name="pk_responder_areas"),
    )
    op.create_index("ix_responder_areas_area_id", "responder_areas", ["area_id"])
    op.execute(
        "INSERT INTO responder_areas (responder_id, area_id)"
        " SELECT id, area_id FROM responders WHERE area_id IS NOT NULL"
    )
    with op.batch_alter_table("responders") as responders:
        responders.drop_constraint("fk_responders_area_id_areas", type_="foreignkey")
        responders.drop_column("area_id")


def downgrade() -> None:
    """Of several areas one is kept; nobody becomes responsible for everything."""
    with op.batch_alter_table("responders") as responders:
        responders.add_column(sa.Column("area_id", sa.Uuid(), nullable=True))
        responders.create_foreign_key("fk_responders_area_id_areas", "areas", ["area_id"], ["id"])
    op.execute(
        "UPDATE responders SET area_id = (SELECT area_id FROM responder_areas"
        " WHERE responder_areas.responder_id = responders.id ORDER BY area_id LIMIT 1)"
    )
    op.drop_table("responder_areas")
