"""Schedules of campaigns are days and times instead of one time of day"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_campaigns = sa.table(
    "campaigns",
    sa.column("id", sa.Uuid()),
    sa.column("community_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("at", sa.Time()),
    sa.column("next_round_at", Instant(timezone=True)),
    sa.column("schedule", sa.JSON()),
)
_communities = sa.table("communities", sa.column("id", sa.Uuid()), sa.column("timezone", sa.String()))
_rounds = sa.table("rounds", sa.column("campaign_id", sa.Uuid()), sa.column("occurrence", Instant(timezone=True)))


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("schedule", sa.JSON(), nullable=True))
    connection = op.get_bind()
    zones = dict(connection.execute(sa.select(_communities.c.id, _communities.c.timezone)).all())
    for each in connection.execute(sa.select(_campaigns)).all():
        latest = connection.scalar(sa.select(sa.func.max(_rounds.c.occurrence)).where(_rounds.c.campaign_id == each.id))
        kept = {"version": 1, "schedule": _schedule(each, ZoneInfo(zones[each.community_id]), latest)}
        connection.execute(_campaigns.update().where(_campaigns.c.id == each.id).values(schedule=kept))
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.alter_column("schedule", existing_type=sa.JSON(), nullable=False)
        campaigns.drop_column("at")


def _schedule(campaign: Any, zone: ZoneInfo, latest: datetime | None) -> dict[str, Any]:
    """A check-in was daily; a notice is of the day of its next round, or of the one that it has had."""
    if campaign.at is None:
        return {"kind": "by_hand"}
    times = {"times": [campaign.at.isoformat()]}
    if campaign.kind == "check-in":
        return {"kind": "daily"} | times
    told = campaign.next_round_at or latest
    if told is None:
        return {"kind": "by_hand"}
    return {"kind": "once", "on": _day(told.astimezone(zone), campaign.at).isoformat()} | times


def _day(told: datetime, at: time) -> date:
    """The day of its time: what was put off beyond midnight is of the day before."""
    return told.date() if told.time() >= at else told.date() - timedelta(days=1)


def downgrade() -> None:
    """Of several times the first stays, and every schedule is daily."""
    op.add_column("campaigns", sa.Column("at", sa.Time(), nullable=True))
    connection = op.get_bind()
    for campaign_id, kept in connection.execute(sa.select(_campaigns.c.id, _campaigns.c.schedule)).all():
        times = kept["schedule"].get("times")
        at = time.fromisoformat(times[0]) if times else None
        connection.execute(_campaigns.update().where(_campaigns.c.id == campaign_id).values(at=at))
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.drop_column("schedule")
