"""A house for benchmarks: a temporary installation with as many residents as a figure needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from contacts.community.community import area, the_community
from contacts.models import Consent, Household, Phone, Resident, Responder
from core import clock
from core.ids import new_id
from core.settings import FirstVoice, Settings
from core.storage import database, statistics
from zaoan.process import wiring

BATCH = 10_000


@contextmanager
def house(residents: int, **settings: object) -> Iterator[Settings]:
    """An open installation whose residents all have agreed; rung at any hour. Unless ``settings`` differ, on SQLite.

    It is nine in the morning there: no figure hangs on the time of day at which it is taken. What is not about the
    neural voice (``benchmarks.speech.neural_voice``) is measured with the other one, which leaves the cores to what is.
    """
    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        usual: dict[str, object] = {
            "database_url": f"sqlite:///{folder}/zaoan.db",
            "data_dir": Path(folder),
            "area_code": "0311",
            "voice": FirstVoice.PYTTSX3,
        }
        usual["clock_start"] = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=9, minute=0, second=0)
        chosen = Settings(**usual | settings)
        opened = wiring.open_house(chosen)
        try:
            with database.unit_of_work() as session:
                _populate(session, residents)
            yield chosen
        finally:
            opened.close()


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a database on a PostgreSQL server of its own."""
    from pgserver import postgres_server  # only whoever develops the service has it

    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        server = postgres_server.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


def number_of(index: int) -> str:
    """The telephone of the n-th resident."""
    return f"+86311{20_000_000 + index:08d}"


def _populate(session: Session, residents: int) -> None:
    community = the_community(session)
    community.call_from, community.call_until = time(0, 0), time(23, 59, 59)
    building = area(session, community, "1号楼", "1单元").id
    session.add(Responder(community_id=community.id, name="办公室", role="office", number="+8613900000001",
                          language="zh-CN"))  # fmt: skip
    session.flush()
    for start in range(0, residents, BATCH):
        _enrol(session, community.id, building, range(start, min(start + BATCH, residents)))
    statistics.renew(session, Resident, Household, Phone, Consent)


def _enrol(session: Session, community_id: UUID, area_id: UUID, indices: range) -> None:
    homes = [new_id() for _ in indices]
    people = [new_id() for _ in indices]
    now = clock.now()
    session.execute(
        insert(Household),
        [
            {"id": home, "community_id": community_id, "area_id": area_id, "room": str(index)}
            for home, index in zip(homes, indices, strict=True)
        ],
    )
    session.execute(
        insert(Resident),
        [
            {
                "id": person,
                "community_id": community_id,
                "household_id": home,
                "name": f"居民{index}",
                "called": "王奶奶",
                "language": "zh-CN",
            }
            for person, home, index in zip(people, homes, indices, strict=True)
        ],
    )
    session.execute(
        insert(Phone),
        [
            {"id": new_id(), "resident_id": person, "number": number_of(index), "position": 0}
            for person, index in zip(people, indices, strict=True)
        ],
    )
    session.execute(
        insert(Consent),
        [{"id": new_id(), "resident_id": person, "statement": "signed", "recorded_at": now} for person in people],
    )
