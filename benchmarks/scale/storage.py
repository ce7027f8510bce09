"""Storage: how much the database grows by a round, its indices included, for each call made or taken in it.

The rounds are those of a rehearsal: telephones ring, keys are pressed, helpers are paged, on SQLite and on PostgreSQL.
The first one fills tables that were empty; the others show what every morning adds.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select, text

from benchmarks.figures import Figure, at_most
from benchmarks.house import postgresql
from campaigns.changes import round_starts
from campaigns.models import Campaign
from core import actors
from core.running.installation import Purpose
from core.storage.database import Database, current, reading, unit_of_work
from ivr.models import Call, StoredDialogue
from zaoan.rehearsal.morning import Morning, morning
from zaoan.rehearsal.rehearse import LINE
from zaoan.rehearsal.town import draw_town

RESIDENTS, SEED, SPEED = 80, 7, 120.0
MORE_ROUNDS = 2
MOST_KILOBYTES = 2.5
APART = "recordings"
"""What callers have said is kept for a time of its own."""
_OF_SQLITE = f"SELECT sum(pgsize) FROM dbstat WHERE name != '{APART}'"
_OF_POSTGRESQL = f"""
    SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname != '{APART}'
"""


def figures() -> list[Figure]:
    """The same rounds on each database."""
    with postgresql() as url:
        return [_figure("SQLite", None), _figure("PostgreSQL", url)]


def _figure(name: str, url: str | None) -> Figure:
    town = draw_town(RESIDENTS, SEED)
    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        where = {"hours_between_rounds": 0} | LINE | ({"database_url": url} if url else {})
        with morning(town, town.write(Path(folder)), where, Purpose.REHEARSAL, SPEED) as first:
            _wait(first)
            begun, before = _count(Call), size(current())
            for _ in range(MORE_ROUNDS):
                _wait(_another(first))
            calls, dialogues = _count(Call) - begun, _count(StoredDialogue)
            kilobytes = (size(current()) - before) / calls / 1000
    beside = f"{calls} calls of {RESIDENTS} residents; all share {dialogues} dialogues"
    return Figure(f"database per call, {name}", kilobytes, "kB", beside, bound=at_most(MOST_KILOBYTES))


def size(of: Database) -> int:
    """Bytes of all tables and indices, without what was freed and is filled again by the next round."""
    if not of.is_sqlite:
        with of.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL"))
    with of.engine.connect() as connection:
        return int(connection.scalar(text(_OF_SQLITE if of.is_sqlite else _OF_POSTGRESQL)) or 0)


def _another(first: Morning) -> Morning:
    with unit_of_work() as session:
        campaign = session.scalars(select(Campaign)).one()
        return replace(first, round_id=round_starts.start_now(session, actors.user("bench"), campaign).id)


def _wait(under_way: Morning) -> None:
    if not under_way.wait():
        raise TimeoutError("the round did not end")


def _count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
