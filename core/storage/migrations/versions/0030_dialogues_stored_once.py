"""A dialogue is stored once for all calls that differ only in whom they are about"""

import datetime
import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op

from core.storage.database import Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

AT_ONCE, MOST_KNOWN = 500, 5000
MARK, LONGEST = "\N{SYMBOL FOR SUBSTITUTE}", 80
BLANK, LIKE_A_BLANK = re.compile(f'(?<!\\\\)"{MARK}(\\d+){MARK}"'), re.compile(f"{MARK}\\d+{MARK}")
OF_EVERYBODY = {"community", "call_back", "emergency"}
calls = sa.table(
    "calls", sa.column("id", sa.Uuid), sa.column("dialogue", sa.JSON), sa.column("dialogue_digest", sa.LargeBinary),
    sa.column("particulars", sa.JSON),
)  # fmt: skip
dialogues = sa.table(
    "dialogues", sa.column("digest", sa.LargeBinary), sa.column("text", sa.String), sa.column("used_at", Instant)
)


def upgrade() -> None:
    """Calls keep what was only theirs, and the digest of the rest; a call's old column is emptied as soon as it is."""
    op.create_table(
        "dialogues",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("used_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_dialogues"),
    )
    op.add_column("calls", sa.Column("dialogue_digest", sa.LargeBinary(), nullable=True))
    op.add_column("calls", sa.Column("particulars", sa.JSON(), nullable=True))
    _move()
    with op.batch_alter_table("calls") as table:
        table.alter_column("dialogue_digest", nullable=False)
        table.alter_column("particulars", nullable=False)
        table.drop_column("dialogue")
        table.create_foreign_key("fk_calls_dialogue_digest_dialogues", "dialogues", ["dialogue_digest"], ["digest"])


def downgrade() -> None:
    """Every call has its whole dialogue again."""
    op.add_column("calls", sa.Column("dialogue", sa.JSON(), nullable=True))
    _move_back()
    with op.batch_alter_table("calls") as table:
        table.alter_column("dialogue", nullable=False)
        table.drop_constraint("fk_calls_dialogue_digest_dialogues", type_="foreignkey")
        table.drop_column("dialogue_digest")
        table.drop_column("particulars")
    op.drop_table("dialogues")


def _move() -> None:
    bind, last, stored, known = op.get_bind(), None, set(), {}
    some = sa.select(calls.c.id, sa.cast(calls.c.dialogue, sa.Text).label("dialogue")).order_by(calls.c.id)
    change = (
        sa.update(calls)
        .where(calls.c.id == sa.bindparam("its_id"))
        .values(dialogue_digest=sa.bindparam("its_digest"), particulars=sa.bindparam("its_particulars"), dialogue=[])
    )
    while found := bind.execute((some if last is None else some.where(calls.c.id > last)).limit(AT_ONCE)).all():
        last, moved = found[-1].id, []
        if len(known) > MOST_KNOWN:
            known.clear()
        for call in found:
            if call.dialogue not in known:
                known[call.dialogue] = _stored(bind, call.dialogue, stored)
            digest, particulars = known[call.dialogue]
            moved.append({"its_id": call.id, "its_digest": digest, "its_particulars": particulars})
        bind.execute(change, moved)


def _stored(bind: sa.Connection, written: str, stored: set) -> tuple[bytes, list]:
    text, particulars = _parted(json.loads(written))
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    if digest not in stored:
        now = datetime.datetime.now(datetime.UTC)
        bind.execute(sa.insert(dialogues).values(digest=digest, text=text, used_at=now))
        stored.add(digest)
    return digest, particulars


def _move_back() -> None:
    bind, last = op.get_bind(), None
    texts = dict(bind.execute(sa.select(dialogues.c.digest, dialogues.c.text)).all())
    some = sa.select(calls.c.id, calls.c.dialogue_digest, calls.c.particulars).order_by(calls.c.id)
    while found := bind.execute((some if last is None else some.where(calls.c.id > last)).limit(AT_ONCE)).all():
        last = found[-1].id
        for call in found:
            whole = json.loads(_filled(texts[call.dialogue_digest], call.particulars))
            bind.execute(sa.update(calls).where(calls.c.id == call.id).values(dialogue=whole))


def _parted(dialogue: object) -> tuple[str, list]:
    particulars = {}
    return _json(_blanked(dialogue, particulars)), list(particulars)


def _blanked(value: object, particulars: dict) -> object:
    if isinstance(value, dict):
        return {_literal(name, particulars): _particular(name, each, particulars) for name, each in value.items()}
    if isinstance(value, list):
        return [_blanked(each, particulars) for each in value]
    return _literal(value, particulars) if isinstance(value, str) else value


def _literal(value: str, particulars: dict) -> str:
    return _blank(value, particulars) if LIKE_A_BLANK.fullmatch(value) else value


def _particular(name: str, value: object, particulars: dict) -> object:
    if name == "subject" and isinstance(value, str):
        return _blank(value, particulars)
    if name == "words" and isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return {_literal(gap, particulars): _filling(gap, each, particulars) for gap, each in value.items()}
    return _blanked(value, particulars)


def _filling(gap: str, value: str, particulars: dict) -> str:
    return _literal(value, particulars) if gap in OF_EVERYBODY else _blank(value, particulars)


def _blank(value: str, particulars: dict) -> str:
    if len(value) > LONGEST and not LIKE_A_BLANK.fullmatch(value):
        return value
    return f"{MARK}{particulars.setdefault(value, len(particulars))}{MARK}"


def _filled(text: str, particulars: list) -> str:
    return BLANK.sub(lambda blank: _json(particulars[int(blank[1])]), text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
