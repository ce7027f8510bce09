"""What was heard in a turn as two typed facts, its sound and its key, in place of one string of both"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SPLIT = """
    UPDATE call_turns SET
        sound = CASE WHEN {colon} > 0 THEN substr(heard, 1, {colon} - 1) ELSE heard END,
        key = CASE WHEN {colon} > 0 THEN substr(heard, {colon} + 1) ELSE '' END
"""
_JOINED = "UPDATE call_turns SET heard = CASE WHEN key = '' OR sound = 'digits' THEN sound ELSE sound || ':' || key END"


def upgrade() -> None:
    op.add_column("call_turns", sa.Column("sound", sa.String(), nullable=False, server_default=""))
    op.add_column("call_turns", sa.Column("key", sa.String(), nullable=False, server_default=""))
    colon = "instr(heard, ':')" if op.get_bind().dialect.name == "sqlite" else "position(':' in heard)"
    op.execute(_SPLIT.format(colon=colon))
    with op.batch_alter_table("call_turns") as turns:
        turns.alter_column("sound", server_default=None)
        turns.drop_column("heard")


def downgrade() -> None:
    op.add_column("call_turns", sa.Column("heard", sa.String(), nullable=False, server_default=""))
    op.execute(_JOINED)
    with op.batch_alter_table("call_turns") as turns:
        turns.alter_column("heard", server_default=None)
        turns.drop_column("sound")
        turns.drop_column("key")
