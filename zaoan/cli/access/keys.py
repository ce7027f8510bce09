"""``zaoan keys``: what personal data is encrypted with."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core.data_keys import queries
from core.data_keys.columns import EncryptedTable, encrypted_tables
from core.data_keys.models import KnownKey
from core.data_keys.rotating import Rotation
from core.data_keys.rotating import rotate as rotated
from core.encryption import key_ring
from core.encryption.data_keys import new_key
from core.encryption.key_sources import PUT_ASIDE, KeyFile
from core.storage.database import Base, reading
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say, tell, word
from zaoan.terminal.tables import show_table


def create() -> None:
    """Prints a new data key, for the setting ZAOAN_DATA_KEYS; it is kept nowhere."""
    typer.echo(new_key().secret)


def list_keys(as_json: Json = False) -> None:
    """Every data key of the database: since when, how it stands, and how many values need it; reads every row."""
    with installation_open(), reading() as session:
        zone = ZoneInfo(the_community(session).timezone)
        used = queries.rows_by_key(session, _tables())
        known = [_document(each, used) for each in queries.known_keys(session)]
    if as_json:
        print_json(known)
        return
    show_table(
        ("data key", "since", "state", "values"),
        [(each["key"], minute(each["made_at"], zone), word(f"data key:{each['state']}"), str(each["values"]))
         for each in known],
        "Nothing is encrypted yet.",
    )  # fmt: skip


def rotate(as_json: Json = False) -> None:
    """Makes a new data key and brings everything under it while the service goes on; broken off, it is done again."""
    with installation_open():
        ring = key_ring.current()
        done = rotated(acting(), ring, _tables())
        if as_json:
            print_json({"key": done.newest, "values": done.values, "removed": done.removed, "waits": done.waits})
            return
        _tell(done, ring)


def _tell(done: Rotation, ring: key_ring.KeyRing) -> None:
    say("{values} {values:value is|values are} under data key {key} now.", values=done.values, key=done.newest)
    if done.waits:
        tell("Somebody has been writing for more than a minute; older keys stay. Run zaoan keys rotate again.")
    for each in done.removed:
        if isinstance(ring.source, KeyFile):
            say("Data key {key} is needed only by backups that were made before; it is kept in {place}.",
                key=each, place=f"{ring.source.place}{PUT_ASIDE}")  # fmt: skip
        else:
            say("Data key {key} is needed only by backups that were made before; you may take it out of {place}.",
                key=each, place=ring.source.place)  # fmt: skip
    tell("Keep a copy of the keys apart from the database and its backups: {place}", place=ring.source.place)


def _tables() -> list[EncryptedTable]:
    from zaoan.process.wiring import load_models

    load_models()
    return list(encrypted_tables(Base.metadata))


def _document(known: KnownKey, used: Counter[str]) -> dict[str, Any]:
    return {"key": known.fingerprint, "made_at": known.made_at.isoformat(), "state": _state(known),
            "values": used[known.fingerprint]}  # fmt: skip


def _state(known: KnownKey) -> str:
    held = [each.fingerprint for each in key_ring.current().keys]
    if known.fingerprint in held:
        return "newest" if known.fingerprint == held[0] else "older"
    return "removed" if known.removed_at else "missing"
