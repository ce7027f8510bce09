"""Telephone numbers and addresses are encrypted at rest, the same always alike, so that they are looked up as before"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.encryption import key_ring, lookup_key

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_BITE = 500
_NUMBERS = {
    "phones": ("number",),
    "relatives": ("number",),
    "responders": ("number", "second_number"),
    "calls": ("number",),
    "texts": ("number",),
    "texts_in": ("number",),
    "cases": ("caller",),
}
_PLACES = {"areas": ("name",), "households": ("room",)}
_LISTS = {"check_ins": ("numbers", "refused"), "trials": ("numbers", "refused")}
_KEYS = ("refused_numbers", "text_refusals")
"""Tables whose primary key is a number."""
Change = Callable[[str], str]


def upgrade() -> None:
    op.create_table(
        "lookup_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lookup_key"),
    )
    if _is_any():
        _begin()
        key = lookup_key.current()
        _change_all(key.numbers.sealed, key.places.sealed)


def downgrade() -> None:
    kept = op.get_bind().scalar(sa.text("SELECT secret FROM lookup_key"))
    if kept is not None:
        key = lookup_key.LookupKey(lambda: key_ring.current().opened(kept))
        _change_all(key.numbers.opened, key.places.opened)
    op.drop_table("lookup_key")


def _is_any() -> bool:
    """The first service that opens an empty database makes the key."""
    tables = (*_NUMBERS, *_PLACES, *_LISTS, *_KEYS)
    return any(op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} LIMIT 1")) for table in tables)


def _begin() -> None:
    made = lookup_key.new_lookup_key()
    secret = key_ring.current().sealed(made.written)
    op.get_bind().execute(sa.text("INSERT INTO lookup_key (id, secret) VALUES (1, :secret)"), {"secret": secret})
    lookup_key.use(made)


def _change_all(change: Change, change_place: Change) -> None:
    for table, columns in _NUMBERS.items():
        _change(table, columns, sa.String(), change)
    for table, columns in _PLACES.items():
        _change(table, columns, sa.String(), change_place)
    for table, columns in _LISTS.items():
        _change(table, columns, sa.JSON(), lambda kept: _listed(kept, change))
    for table in _KEYS:
        _change_keys(table, change)


def _listed(kept: Any, change: Change) -> list[str]:
    numbers = json.loads(kept) if isinstance(kept, str) else kept
    return [change(each) for each in numbers]


def _change(table: str, columns: Sequence[str], kind: sa.types.TypeEngine[Any], change: Callable[[Any], Any]) -> None:
    """Every value that there is becomes another one, some hundred rows at a time."""
    held = sa.table(table, sa.column("id", sa.Uuid()), *(sa.column(name, kind) for name in columns))
    changed = sa.update(held).where(held.c.id == sa.bindparam("its_id"))
    after = None
    while rows := _bite(held, after):
        for name, values in zip(columns, zip(*(row[1:] for row in rows), strict=True), strict=True):
            told = [{"its_id": row[0], "its_value": change(value)} for row, value in zip(rows, values, strict=True)
                    if value]  # fmt: skip
            if told:
                op.get_bind().execute(changed.values({name: sa.bindparam("its_value")}), told)
        after = rows[-1][0]


def _bite(held: sa.TableClause, after: Any) -> Sequence[Any]:
    rows = sa.select(*held.c).order_by(held.c.id).limit(_BITE)
    return op.get_bind().execute(rows if after is None else rows.where(held.c.id > after)).all()


def _change_keys(table: str, change: Change) -> None:
    held = sa.table(table, sa.column("number", sa.String()))
    for number in op.get_bind().scalars(sa.select(held.c.number)).all():
        op.get_bind().execute(sa.update(held).where(held.c.number == number).values(number=change(number)))
