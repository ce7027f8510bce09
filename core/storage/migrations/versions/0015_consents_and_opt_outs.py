"""Who gave a consent and how, opt-outs, and consents that were refusals"""

import re
import uuid
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

import core.storage.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("lifted_at IS NULL")
_REFUSAL = re.compile(
    r"(?:否|不|无|未|没|没有|暂无|0|n|f|no|none|nil|false|.*(?:不同意|未同意|没有?同意|不愿|拒绝|拒签|[未没]签|没有签|不接受|不要|不想|不需要).*"
    r"|.*\b(?:refused|declined|not|unsigned|no consent)\b.*)[。.!！]?",
    re.IGNORECASE | re.DOTALL,
)
_UNCLEAR = re.compile(r"#[a-z/0]+[!?]?|[\W_]*|待.*|未知|不详|不清楚|n/?a|unknown|pending", re.IGNORECASE | re.DOTALL)
_SYMBOLS_OF_YES = re.compile("[✓✔☑√]")


def upgrade() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.JSON(), nullable=False),
        sa.Column("said_at", core.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("lifted_at", core.storage.database.Instant(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("lifted_how", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_opt_outs_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_outs")),
    )
    op.create_index(
        "ix_opt_outs_in_force", "opt_outs", ["resident_id"], sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE
    )
    with op.batch_alter_table("consents") as batch:
        for name in ("given_by", "how", "for_what", "evidence"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("given_at", core.storage.database.Instant(timezone=True), nullable=True))
        batch.add_column(sa.Column("recorded_by", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("opt_out_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_consents_opt_out_id_opt_outs"), "opt_outs", ["opt_out_id"], ["id"])
    _heal(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("consents") as batch:
        batch.drop_constraint(op.f("fk_consents_opt_out_id_opt_outs"), type_="foreignkey")
        for name in ("given_by", "how", "for_what", "evidence", "given_at", "recorded_by", "opt_out_id"):
            batch.drop_column(name)
    op.drop_table("opt_outs")


_consents = sa.table(
    "consents",
    sa.column("id", sa.Uuid()),
    sa.column("resident_id", sa.Uuid()),
    sa.column("statement", sa.String()),
    sa.column("recorded_at", core.storage.database.Instant(timezone=True)),
    sa.column("withdrawn_at", core.storage.database.Instant(timezone=True)),
    sa.column("opt_out_id", sa.Uuid()),
)
_opt_outs = sa.table(
    "opt_outs",
    *(sa.column(name, sa.Uuid()) for name in ("id", "resident_id")),
    *(sa.column(name, sa.String()) for name in ("source", "said_by", "how", "lifted_by", "lifted_how")),
    sa.column("recorded_by", sa.JSON()),
    *(sa.column(name, core.storage.database.Instant(timezone=True)) for name in ("said_at", "lifted_at")),
)


def _heal(connection) -> None:
    """Until now a list's every word was stored as a consent, and only residents themselves could withdraw one."""
    of = defaultdict(list)
    for consent in connection.execute(sa.select(_consents).order_by(_consents.c.id)):
        of[consent.resident_id].append(consent)
    for consents in of.values():
        _heal_one(connection, consents)


def _heal_one(connection, consents) -> None:
    """In the order in which it was recorded: a refusal ends what was agreed before, and a later yes ends a refusal."""
    agreed, refused = [], None
    for consent in consents:
        if consent.withdrawn_at is not None:
            if not _stands(refused, consent.withdrawn_at):
                refused = _opt_out(connection, consent, "resident", consent.withdrawn_at, "")
            _end(connection, [consent], consent.withdrawn_at, refused["id"])
        elif _says_yes(consent.statement):
            if refused is not None:
                lifted = {"lifted_at": consent.recorded_at, "lifted_how": consent.statement}
                connection.execute(_opt_outs.update().where(_opt_outs.c.id == refused["id"]).values(lifted))
                refused = None
            agreed.append(consent)
        elif _REFUSAL.fullmatch(consent.statement.strip()):
            refused = refused or _opt_out(connection, consent, "list", consent.recorded_at, consent.statement)
            _end(connection, [*agreed, consent], consent.recorded_at, refused["id"])
            agreed = []
        else:
            _end(connection, [consent], consent.recorded_at, None)


def _stands(refused, at) -> bool:
    return refused is not None and refused["source"] == "resident" and refused["said_at"] == at


def _says_yes(statement: str) -> bool:
    written = statement.strip()
    if _SYMBOLS_OF_YES.search(written):
        return True
    return not (_REFUSAL.fullmatch(written) or _UNCLEAR.fullmatch(written))


def _opt_out(connection, consent, source, at, how):
    row = {
        "id": uuid.uuid4(), "resident_id": consent.resident_id, "source": source, "said_by": "", "how": how,
        "recorded_by": {}, "said_at": at, "lifted_at": None, "lifted_by": "", "lifted_how": "",
    }  # fmt: skip
    connection.execute(_opt_outs.insert().values(row))
    return row


def _end(connection, consents, at, opt_out_id) -> None:
    for consent in consents:
        ended = {"withdrawn_at": consent.withdrawn_at or at, "opt_out_id": opt_out_id}
        connection.execute(_consents.update().where(_consents.c.id == consent.id).values(ended))
