"""Scale: what years of old check-ins cost a tick and a webhook, and what a hundred thousand residents cost a round
and a page of the API; on SQLite and on PostgreSQL.

``ZAOAN_BENCH_OLD`` is how many old check-ins there are (2,000,000; ten million want some 10 GB). Measured is processor
time, that of PostgreSQL's processes included: a busy machine adds to anything else. Whatever is compared is measured in
a process of its own, which has put aside what it has loaded, as the service does when it starts: otherwise Python looks
through all of that for garbage now and then, a quarter of a second in the middle of whatever is measured.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from time import process_time
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text

from benchmarks import peak_memory
from benchmarks.calls import webhook
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.house import house, postgresql
from benchmarks.scale import history, rounds
from benchmarks.scale.database_work import worked
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from contacts.community.community import the_community
from core import actors
from core.identity import api_tokens
from core.identity.roles import Scope
from core.settings import Settings
from core.storage import database
from core.storage.database import reading, unit_of_work
from ivr.dialogue.engine import Heard, Sound
from ivr.ports.events import Keys, TurnReport
from ivr.ports.turn_url import TurnAddress
from ivr.webhooks.converse import converse
from zaoan.process import wiring
from zaoan.process.service import settle
from zaoan.web.app import web_app

OLD = int(os.environ.get("ZAOAN_BENCH_OLD", "2000000"))
PEOPLE = 1_000
"""In each old round, and in the one under way."""
TICKS, CALLS, TRIES = 10, 50, 7
RESIDENTS, LOOKS = 100_000, 200
MOST_GROWTH, MOST_SECONDS, MOST_MEGABYTES, MOST_LIST_MS = 1.10, 8.0, 250.0, 60.0
_SERVERS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
LIST = "/api/v1/residents"


@dataclass(frozen=True)
class Effort:
    """How many people each round has, and how often what is measured is done."""

    people: int
    ticks: int
    calls: int
    tries: int


def figures() -> list[Figure]:
    """SQLite, then PostgreSQL."""
    found = [*_old("SQLite", {}), *_many("SQLite", {})]
    with postgresql() as url:
        found += _old("PostgreSQL", {"database_url": url})
    with postgresql() as url:
        found += _many("PostgreSQL", {"database_url": url})
    return found


def _old(kept_in: str, settings: dict[str, object]) -> list[Figure]:
    """A tick, and a callback with its key, without any history and with all of it."""
    url = str(settings.get("database_url", ""))
    effort = map(str, astuple(Effort(PEOPLE, TICKS, CALLS, TRIES)))
    words = (url, *effort)
    first = _apart("costs", "0", *words)
    if url:
        _empty(url)
    there = _apart("costs", str(OLD), *words)
    names = ("a tick", "a tick, work of the database", "a callback with a key", "a callback, work of the database")
    units = ("ms of processor time", "steps" if kept_in == "SQLite" else "rows looked at") * 2
    return [
        Figure(f"{name} beside {OLD:,} old check-ins, {kept_in}", many, unit,
               f"{none:,.1f} without", many / none, at_most(MOST_GROWTH, of_ratio=True))
        for name, unit, none, many in zip(names, units, first, there, strict=True)
    ]  # fmt: skip


def _apart(*words: str) -> Sequence[float]:
    """The figures that a process of its own prints."""
    command = [sys.executable, "-m", "benchmarks.scale.scale", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(each) for each in done.stdout.split()]


def _tell_costs(old: str, url: str, *effort: str) -> None:
    print(*_costs(int(old), {"database_url": url} if url else {}, Effort(*map(int, effort))))


def _costs(old: int, settings: dict[str, object], effort: Effort) -> tuple[float, float, float, float]:
    """Milliseconds of a tick and of a callback, of several tries the least, each with the work of the database."""
    with house(effort.people, **settings) as chosen, closing(_connected(chosen)):
        with unit_of_work() as session:
            campaign_id = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None).id
        history.add_history(campaign_id, old, effort.people)
        with unit_of_work() as session:
            round_starts.start_now(session, actors.system(), history.campaign(session, campaign_id))
        rounds._tick()
        settle()
        ticks = min(_each(rounds._tick, effort.ticks) for _ in range(effort.tries))
        ticked = worked(lambda: _repeated(rounds._tick, effort.ticks)) / effort.ticks
        calls = iter(_placed())
        _hear(*next(calls))
        callbacks = min(_each(lambda: _hear(*next(calls)), effort.calls) for _ in range(effort.tries))
        heard = worked(lambda: _repeated(lambda: _hear(*next(calls)), effort.ticks)) / effort.ticks
    return ticks, ticked, callbacks, heard


def _placed() -> Sequence[tuple[UUID, str]]:
    is_left = True
    while is_left:
        with unit_of_work() as session:
            is_left = bool(attempts.queue_due(session))
    return webhook.all_picked_up()


def _hear(call_id: UUID, provider_id: str) -> None:
    """Somebody is there, and presses 1."""
    there, key = Heard(Sound.ANSWERED), Heard(Sound.KEY, "1")
    asked = TurnAddress.read(call_id, 1, {"step": "ask-0", "play": "1"})
    for address, heard in ((TurnAddress(call_id, 0), there), (asked, key)):
        report = TurnReport(provider_id, "", Keys(heard.key))
        database.store(partial(converse, address=address, report=report, heard=heard))


def _repeated(once: Callable[[], object], times: int) -> None:
    for _ in range(times):
        once()


def _each(once: Callable[[], object], times: int) -> float:
    before = _spent()
    _repeated(once, times)
    return (_spent() - before) * 1000 / times


def _spent() -> float:
    """The processor seconds so far of this process, and of the PostgreSQL processes that work for it."""
    with reading() as session:
        is_server = session.connection().dialect.name == "postgresql"
        servers = session.scalars(_SERVERS).all() if is_server else ()
    return process_time() + sum(map(_seconds_of, servers))


def _seconds_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:  # it has ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _empty(url: str) -> None:
    from sqlalchemy import create_engine

    with create_engine(url).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def _connected(chosen: Settings) -> wiring.Connected:
    return wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")


def _many(kept_in: str, settings: dict[str, object]) -> list[Figure]:
    """A round of everybody, made by a process of its own, and pages of a list."""
    with house(RESIDENTS, **settings) as chosen:
        seconds, megabytes = _round_made(chosen)
        with closing(_connected(chosen)) as connected:
            listed = _lists(chosen, connected)
    name = f"a round of {RESIDENTS:,}, {kept_in}"
    return [
        Figure(f"{name}, made", seconds, "s of processor time", bound=at_most(MOST_SECONDS)),
        Figure(f"{name}, memory", megabytes, "MB", "of the process that makes it", bound=at_most(MOST_MEGABYTES)),
        Figure(f"50 of {RESIDENTS:,} residents by the API, p99, {kept_in}", percentile(listed, 99),
               "ms of processor time", f"p50 {percentile(listed, 50):.1f}", bound=at_most(MOST_LIST_MS)),
    ]  # fmt: skip


def _round_made(chosen: Settings) -> tuple[float, float]:
    seconds, megabytes = _apart("round", str(chosen.database_url), str(chosen.data_dir))
    return seconds, megabytes


def _lists(chosen: Settings, connected: wiring.Connected) -> list[float]:
    """Milliseconds of each page of fifty, from the first on, of a service that has answered somebody before."""
    with unit_of_work() as session:
        community = the_community(session).id
        secret = api_tokens.create(session, actors.system(), community, "bench", (Scope.RESIDENTS_READ,), 1)[1]
    found: list[float] = []
    with TestClient(web_app(connected.store), base_url=chosen.public_url) as client:
        shown = {"Authorization": f"Bearer {secret}"}
        client.get(LIST, headers=shown).raise_for_status()
        settle()
        cursor = None
        for _ in range(LOOKS):
            begun = _spent()
            page = client.get(LIST, params={"limit": 50} | ({"cursor": cursor} if cursor else {}), headers=shown)
            found.append((_spent() - begun) * 1000)
            cursor = page.raise_for_status().json()["next"]
    return found


def _make_round(url: str, folder: str) -> None:
    """In a process of its own: prints its processor seconds for a round of everybody, and the most memory it held."""
    chosen = Settings(database_url=url, data_dir=Path(folder))
    with closing(wiring.open_house(chosen)):
        with unit_of_work() as session:
            campaign_id = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None).id
        begun = _spent()
        with unit_of_work() as session:
            round_starts.start_now(session, actors.system(), history.campaign(session, campaign_id))
        print(_spent() - begun, peak_memory.of_this_process())


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"round": _make_round, "costs": _tell_costs}
    parts[sys.argv[1]](*sys.argv[2:])
