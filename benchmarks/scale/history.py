"""Years of old rounds for benchmarks: check-ins that were answered, with their calls and what was noted of them.

Written by SQL of the database itself, millions of rows in minutes. Ids of old rows are older than those of new ones.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.scale.rounds import SILENT
from campaigns.models import Campaign, Round
from campaigns.rounds import attempts
from core import clock
from core.ids import new_id
from core.storage import database
from core.storage.database import unit_of_work
from ivr.dispatch import calls

_AT_ONCE = 200_000
_ID = {"sqlite": "'01800000' || printf('%024x', {n})", "postgresql": "('01800000' || lpad(to_hex({n}), 24, '0'))::uuid"}
_PLACE = "round_place * {people} + resident_place"
_OLD = """
    FROM (SELECT id AS round_id, started_at AS at, row_number() OVER (ORDER BY started_at) - 1 AS round_place
          FROM rounds WHERE completed_at IS NOT NULL) AS old_rounds
    CROSS JOIN (SELECT residents.id AS resident_id, number,
                       row_number() OVER (ORDER BY residents.id) - 1 AS resident_place
                FROM residents JOIN phones ON phones.resident_id = residents.id) AS everybody
    WHERE round_place >= {first} AND round_place < {last}
"""
_STATEMENTS = (
    """INSERT INTO check_ins (id, round_id, resident_id, numbers, refused, outcome, attempts, answered_at, decided_at)
       SELECT {id}, round_id, resident_id, '[]', '[]', 'ok', 1, at, at""",
    """INSERT INTO calls (id, direction, number, owner, urgency, state, ring_seconds, due_at, not_after, provider_id,
                          dialled_at, answered_at, ended_at, overdue_at, ending, by_machine, hang_up_wanted,
                          dialogue_digest, particulars)
       SELECT {id}, 'out', number, '{owner}', 10, 'ended', 60, at, at, {provider_id}, at, at, at, at, 'completed',
              {false}, {false}, {digest}, '[]'""",
    "INSERT INTO check_in_calls (call_id, check_in_id) SELECT {id}, {id}",
    """INSERT INTO events (at, kind, subject_id, actor_kind, facts)
       SELECT at, 'check_in.decided', {id}, 'caller', '{{}}'""",
)


def add_history(campaign_id: object, check_ins: int, people: int) -> int:
    """Rounds of so many people each, one a day until yesterday, with about so many check-ins; returns how many."""
    with unit_of_work() as session:
        digest = calls.carried(session, SILENT)["dialogue_digest"]
        rounds = check_ins // people
        if rounds:
            session.execute(insert(Round), [_round(campaign_id, rounds - place) for place in range(rounds)])
    step = max(1, _AT_ONCE // people)
    for first in range(0, rounds, step):
        with unit_of_work() as session:
            _add(session, people, first, min(first + step, rounds), bytes(digest))
    with unit_of_work() as session:
        session.connection().exec_driver_sql("ANALYZE")
    _settle()
    return rounds * people


def _settle() -> None:
    """What was written at once is no longer in SQLite's write-ahead log: reading beside a large one costs more."""
    url = database.current().engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        with closing(sqlite3.connect(url.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def campaign(session: Session, campaign_id: object) -> Campaign:
    """The campaign of the rounds."""
    return session.get_one(Campaign, campaign_id)


def _round(campaign_id: object, days_ago: int) -> dict[str, object]:
    at = clock.now() - timedelta(days=days_ago)
    return {"id": new_id(), "campaign_id": campaign_id, "occurrence": at, "started_at": at, "deadline": at,
            "completed_at": at}  # fmt: skip


def _add(session: Session, people: int, first: int, last: int, digest: bytes) -> None:
    dialect = session.connection().dialect.name
    number = _PLACE.format(people=people)
    own = _ID[dialect].format(n=number)
    kept = digest.hex()
    gaps = {
        "id": own,
        "provider_id": f"'CA' || ({number})",
        "owner": attempts.OWNER,
        "false": "0" if dialect == "sqlite" else "false",
        "digest": f"x'{kept}'" if dialect == "sqlite" else f"'\\x{kept}'",
    }
    for statement in _STATEMENTS:
        written = statement.format(**gaps) + _OLD.format(first=first, last=last)
        session.execute(text(written.replace(":", r"\:")))
