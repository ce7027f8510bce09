"""The data keys: are they there, for nobody else to read, and does every encrypted row have its key?"""

from collections.abc import Mapping

from core.data_keys import queries
from core.data_keys.columns import encrypted_tables
from core.encryption.key_ring import LOST, KeyRing
from core.encryption.key_sources import PUT_ASIDE, KeyFile
from core.errors import UserError
from core.running.private_files import is_open_to_others
from core.settings import Settings
from core.storage.database import Base
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.key_keeping import ring_of
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking
from zaoan.process.wiring import load_models

CHECK = "keys"


def examine_data_keys(chosen: Settings) -> list[Observation]:
    """Missing keys, a file that others can read, and values that no key reads; shows no key."""
    try:
        ring = ring_of(chosen)
    except UserError as failure:
        return [wrong(CHECK, failure.message, failure.way_out, **failure.parameters)]
    try:
        return [*_standing(chosen, ring), *_open_files(ring)]
    except NoDatabaseError:
        return _open_files(ring)
    except UnreachableError as failure:
        mend = "Run zaoan keys list, which may take longer."
        return [warning(CHECK, "What is encrypted could not be counted: {reason}.", mend, reason=failure)]


def _standing(chosen: Settings, ring: KeyRing) -> list[Observation]:
    load_models()
    place = ring.source.place
    with looking(chosen) as session:
        needed = queries.needed(session.connection())
        if not needed and not ring.keys:
            return []
        missing = sorted(needed - {each.fingerprint for each in ring.keys})
        used = queries.rows_by_key(session, encrypted_tables(Base.metadata)) if needed else {}
    said = "This database is encrypted with data key {fingerprint}, which is not at {place}."
    found = [wrong(CHECK, said, LOST, fingerprint=each, place=place) for each in missing]
    return [*found, *_unreadable(used, ring)] or [_well(used, ring)]


def _unreadable(used: Mapping[str, int], ring: KeyRing) -> list[Observation]:
    held = {each.fingerprint for each in ring.keys}
    said = "No key at {place} reads {count} encrypted {count:value|values}."
    count = sum(values for fingerprint, values in used.items() if fingerprint not in held)
    return [wrong(CHECK, said, LOST, count=count, place=ring.source.place)] if count else []


def _well(used: Mapping[str, int], ring: KeyRing) -> Observation:
    said = "{count} encrypted {count:value has its key|values have their keys}; the newest is {fingerprint}."
    return ok(CHECK, said, count=sum(used.values()), fingerprint=ring.newest.fingerprint)


def _open_files(ring: KeyRing) -> list[Observation]:
    if not isinstance(ring.source, KeyFile):
        return []
    path = ring.source.path
    files = (path, path.with_name(f"{path.name}{PUT_ASIDE}"))
    said, mend = "Others on this machine can read the data keys in {path}.", "Run `chmod 600 {path}`."
    return [wrong(CHECK, said, mend, path=each.absolute()) for each in files if is_open_to_others(each)]
