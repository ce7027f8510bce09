"""Rotating: everything that is encrypted comes under a new data key while the service goes on.

1. The new key stands in front of the others, from where every process reads it before it encrypts again.
2. Whoever began to write before that has ended.
3. Rows come under it, until a look at all of them finds none under an older key (``core.data_keys.reencrypting``).
4. Older keys that no row needs are removed; backups of before still need them, so their file stays beside ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep
from typing import Final

from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.data_keys import queries
from core.data_keys.columns import EncryptedTable
from core.data_keys.models import KnownKey
from core.data_keys.reencrypting import Progress, reencrypt
from core.encryption.data_keys import new_key
from core.encryption.key_ring import KeyRing
from core.encryption.key_sources import KeyFile
from core.errors import UserError
from core.running import events
from core.storage.database import holds_rows, reading, unit_of_work

WRITERS_WITHIN_SECONDS: Final = 60.0
"""So long a transaction that began before the new key is waited for."""
ELSEWHERE_SECONDS: Final = 60.0
"""So long a machine that reads the file over a network may believe that it has not changed (NFS, ``acregmax``)."""
LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Rotation:
    """What came of it: the ``newest`` key, how many ``values`` have come under it, and the keys that were ``removed``.

    ``waits`` says that somebody has written for so long that older keys were left where they are.
    """

    newest: str
    values: int
    removed: Sequence[str]
    waits: bool


def register(session: Session, fingerprint: str) -> None:
    """Makes a key that is encrypted with known to the database: it is not opened without it from now on."""
    known = session.get(KnownKey, fingerprint)
    if known is None:
        session.add(KnownKey(fingerprint=fingerprint, made_at=clock.real_now()))
    else:
        known.removed_at = None
    session.flush()


def rotate(
    actor: Actor, ring: KeyRing, tables: Sequence[EncryptedTable], progress: Progress = lambda _: None
) -> Rotation:
    """Makes a new key and brings everything under it; goes on with a rotation that was broken off.

    Raises ``UserError`` where a setting gives one key alone, and ``UnreadableError`` for what no key reads.
    """
    begun = monotonic()
    if len(ring.keys) == 1:
        _begin(ring)
    with unit_of_work() as session:
        register(session, ring.newest.fingerprint)
        events.append(session, actor, "data_key.made", None, key=ring.newest.fingerprint)
        elsewhere = ELSEWHERE_SECONDS if holds_rows(session) else 0.0
    alone = _writers_have_ended()
    values = reencrypt(ring, tables, progress)
    sleep(max(0.0, begun + elsewhere - monotonic()))
    while more := reencrypt(ring, tables, progress):
        values += more
    removed = _remove_unused(actor, ring, tables) if alone else []
    return Rotation(ring.newest.fingerprint, values, removed, not alone)


def _begin(ring: KeyRing) -> None:
    if not isinstance(ring.source, KeyFile):
        raise UserError(
            "{field} gives one data key alone, and a setting is yours to change.",
            way_out="Put a new one in front of it, as `zaoan keys create` prints it, on every machine, and start the "
            "service again; then rotate.",
            field=ring.source.place,
        )
    ring.source.replace([new_key(), *ring.keys])


def _writers_have_ended() -> bool:
    """Waits until nobody writes who began before now; False where somebody does for longer than a minute."""
    with unit_of_work():  # on SQLite there is one writer: whoever began before has ended
        began = clock.real_now()
    until = monotonic() + WRITERS_WITHIN_SECONDS
    while _writers_since_before(began):
        if monotonic() > until:
            return False
        sleep(LOOK_SECONDS)
    return True


def _writers_since_before(began: datetime) -> int:
    with reading() as session:
        return queries.writers_since_before(session, began)


def _remove_unused(actor: Actor, ring: KeyRing, tables: Sequence[EncryptedTable]) -> Sequence[str]:
    with reading() as session:
        used = queries.rows_by_key(session, tables)
    kept = [each for each in ring.keys if each is ring.keys[0] or used[each.fingerprint]]
    over = [each for each in ring.keys if each not in kept]
    with unit_of_work() as session:
        for known in queries.known_keys(session):
            if known.removed_at is None and known.fingerprint not in {each.fingerprint for each in kept}:
                known.removed_at = None if used[known.fingerprint] else clock.real_now()
        for each in over:
            events.append(session, actor, "data_key.removed", None, key=each.fingerprint)
    if over and isinstance(ring.source, KeyFile):
        ring.source.put_aside(over)
        ring.source.replace(kept)
    return [each.fingerprint for each in over]
