"""Local numbers that were taken for those of a service in another province get the area code of the community"""

import re

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WRONG = re.compile(r"\+86([2-9]\d{7})")
"""Nobody in China has so short a number: 85195678, written without 0, was read as 0851-95678."""

_communities = sa.table(
    "communities", sa.column("id", sa.Uuid()), sa.column("region", sa.String()), sa.column("area_code", sa.String())
)
_residents = sa.table("residents", sa.column("id", sa.Uuid()), sa.column("community_id", sa.Uuid()))


def upgrade() -> None:
    connection = op.get_bind()
    for community in connection.execute(sa.select(_communities)).all():
        if community.region == "CN" and community.area_code:
            residents = sa.select(_residents.c.id).where(_residents.c.community_id == community.id)
            for table, owner, whose in (
                ("phones", "resident_id", residents),
                ("relatives", "resident_id", residents),
                ("responders", "community_id", [community.id]),
            ):
                _heal(connection, table, owner, whose, community.area_code.lstrip("0"))


def downgrade() -> None:
    """The numbers are right in any version."""


def _heal(connection, name, owner, whose, area) -> None:
    table = sa.table(name, sa.column("id", sa.Uuid()), sa.column(owner, sa.Uuid()), sa.column("number", sa.String()))
    rows = connection.execute(sa.select(table).where(table.c[owner].in_(whose))).all()
    known = {(getattr(row, owner), row.number) for row in rows}
    for row in rows:
        found = _WRONG.fullmatch(row.number)
        right = found and f"+86{area}{found[1]}"
        if right and (getattr(row, owner), right) not in known and _is_valid(right):
            connection.execute(table.update().where(table.c.id == row.id).values(number=right))
            known.add((getattr(row, owner), right))


def _is_valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))
