"""Systems outside that are told what happens, and what they are told"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(), nullable=False),
        _at("made_at"),
        _at("rotated_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        _at("rests_until", nullable=True),
        _at("delivered_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_subscriptions"),
    )
    op.create_index("ix_webhook_subscriptions_community_id", "webhook_subscriptions", ["community_id"])
    none = sa.Column("has_webhooks", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("communities", none)
    _deliveries()


def downgrade() -> None:
    op.drop_column("communities", "has_webhooks")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_subscriptions")


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _at("made_at"),
        _at("next_try_at", nullable=True),
        _at("ended_at", nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(["subscription_id"], ["webhook_subscriptions.id"],
                                name="fk_webhook_deliveries_subscription_id_webhook_subscriptions"),
    )  # fmt: skip
    op.create_index("ix_webhook_deliveries_subscription_id_id", "webhook_deliveries", ["subscription_id", "id"])
    for column in ("next_try_at", "ended_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_webhook_deliveries_{column}", "webhook_deliveries", [column], sqlite_where=there,
                        postgresql_where=there)  # fmt: skip


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)
