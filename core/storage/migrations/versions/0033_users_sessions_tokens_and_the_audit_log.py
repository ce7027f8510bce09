"""Users, their sessions and invitations, API tokens, and a log that nobody can change"""

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER audit_log_{what}_refused BEFORE {what} ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END
"""
POSTGRESQL = """
CREATE FUNCTION audit_log_refused() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is only ever appended to'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER audit_log_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refused()
"""


def upgrade() -> None:
    _users()
    _secrets_of_users()
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_account_at", "sign_in_attempts", ["account", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _at("made_at"),
        _at("expires_at"),
        _at("revoked_at", nullable=True),
        _at("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("secret", name="uq_api_tokens_secret"),
    )
    op.create_index("ix_api_tokens_community_id", "api_tokens", ["community_id"])
    _audit_log()


def downgrade() -> None:
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_refused()")
    for each in ("api_tokens", "sign_in_attempts", "invitations", "user_sessions", "users"):
        op.drop_table(each)


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        _at("totp_since", nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        _at("made_at"),
        _at("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
    )
    op.create_index("ix_users_community_id", "users", ["community_id"])


def _secrets_of_users() -> None:
    op.create_table(
        "user_sessions",
        *_secret_of_user("user_sessions"),
        _at("seen_at"),
        _at("ended_at", nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
    )
    op.create_table("invitations", *_secret_of_user("invitations"), _at("used_at", nullable=True))
    for each in ("user_sessions", "invitations"):
        op.create_index(f"ix_{each}_user_id", each, ["user_id"])


def _secret_of_user(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        _at("made_at"),
        _at("expires_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id_users"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("secret", name=f"uq_{table}_secret"),
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _at("at"),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_log_community_id_id", "audit_log", ["community_id", "id"])
    named = sa.text("subject != ''")
    op.create_index("ix_audit_log_subject", "audit_log", ["subject"], sqlite_where=named, postgresql_where=named)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        op.execute(POSTGRESQL_TRIGGER)
    else:
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(what=what))


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)
