"""Personal data that nobody searches is encrypted at rest, and the database knows with which keys"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.encryption import key_ring
from core.storage.database import Instant

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_BITE = 500
_KEYS = {
    "households": ("id",),
    "residents": ("id",),
    "resident_health": ("resident_id",),
    "consents": ("id",),
    "opt_outs": ("id",),
    "pauses": ("id",),
    "relatives": ("id",),
    "responders": ("id",),
    "cases": ("id",),
    "case_texts": ("case_id", "text_id"),
    "check_ins": ("id",),
    "texts": ("id",),
    "texts_in": ("id",),
    "calls": ("id",),
    "call_turns": ("call_id", "number"),
    "recordings": ("id",),
    "users": ("id",),
    "api_answers": ("token_id", "key"),
}
_TEXTS = {
    "households": ("access_notes", "key_holder", "key_holder_number"),
    "residents": ("notes", "removal_note"),
    "resident_health": ("notes",),
    "consents": ("statement", "given_by", "how", "evidence"),
    "opt_outs": ("said_by", "how", "lifted_by", "lifted_how"),
    "pauses": ("reason",),
    "relatives": ("name", "email"),
    "responders": ("email", "chat_address"),
    "cases": ("note",),
    "case_texts": ("name",),
    "check_ins": ("reason_note",),
    "texts": ("body",),
    "texts_in": ("body",),
    "users": ("totp_secret",),
    "api_answers": ("body",),
}
_BYTES = {"call_turns": ("reply",), "recordings": ("sound",)}
_OTHER_KEYS = {"number": sa.Integer(), "key": sa.String()}
"""Whatever else a key is made of is a UUID."""
Change = Callable[[Any], Any]


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("removed_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_data_keys"),
    )
    _change_all(lambda ring: (ring.sealed, ring.sealed_bytes), to_text=False)


def downgrade() -> None:
    _change_all(lambda ring: (ring.opened, ring.opened_bytes), to_text=True)
    op.drop_table("data_keys")


def _change_all(ways: Callable[[key_ring.KeyRing], tuple[Change, Change]], *, to_text: bool) -> None:
    """A database without such rows needs no key."""
    for table, columns in _TEXTS.items():
        _change(table, columns, sa.String(), lambda kept: ways(key_ring.current())[0](kept))
    for table, columns in _BYTES.items():
        _change(table, columns, sa.LargeBinary(), lambda kept: ways(key_ring.current())[1](_as_bytes(kept)))
    _change("calls", ("particulars",), _Document(), lambda kept: _document(ways(key_ring.current())[0], kept, to_text))


def _document(change: Change, kept: str, to_text: bool) -> str:
    """Of a document what is encrypted stands as one text in its place."""
    return str(change(kept[1:-1])) if to_text else f'"{change(kept)}"'


def _as_bytes(kept: bytes | str) -> bytes:
    """SQLite has kept replies as text before it kept them packed."""
    return kept.encode() if isinstance(kept, str) else bytes(kept)


class _Document(sa.types.UserDefinedType[str]):
    """What a column of JSON holds, as it is written."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


def _change(table: str, columns: Sequence[str], kind: sa.types.TypeEngine[Any], change: Change) -> None:
    """Every value that there is becomes another one, some hundred rows at a time."""
    key = [sa.column(name, _OTHER_KEYS.get(name, sa.Uuid())) for name in _KEYS[table]]
    held = sa.table(table, *key, *(sa.column(name, kind) for name in columns))
    after: tuple[Any, ...] | None = None
    while rows := _bite(held, columns, after):
        for row in rows:
            _write(held, columns, row, change)
        after = tuple(rows[-1][: len(key)])


def _bite(held: sa.TableClause, columns: Sequence[str], after: tuple[Any, ...] | None) -> Sequence[Any]:
    key = [held.c[name] for name in _KEYS[held.name]]
    read = [_read(held.c[name]) for name in columns]
    there = sa.or_(*(sa.func.length(each) > 0 for each in read))
    rows = sa.select(*key, *read).where(there).order_by(*key).limit(_BITE)
    if after is not None:
        rows = rows.where(sa.tuple_(*key) > after)
    return op.get_bind().execute(rows).all()


def _read(column: Any) -> Any:
    return sa.cast(column, sa.String()) if isinstance(column.type, _Document) else column


def _write(held: sa.TableClause, columns: Sequence[str], row: Any, change: Change) -> None:
    key = _KEYS[held.name]
    mine = [held.c[name] == value for name, value in zip(key, row, strict=False)]
    after = {name: change(kept) for name, kept in zip(columns, row[len(key) :], strict=True) if kept}
    op.get_bind().execute(sa.update(held).where(*mine).values(_written(held, after)))


def _written(held: sa.TableClause, after: dict[str, Any]) -> dict[str, Any]:
    return {
        name: sa.cast(sa.literal(value, sa.String()), sa.JSON()) if _is_document(held, name) else value
        for name, value in after.items()
    }


def _is_document(held: sa.TableClause, name: str) -> bool:
    return isinstance(held.c[name].type, _Document) and op.get_bind().dialect.name == "postgresql"
