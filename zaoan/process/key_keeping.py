"""Where the data keys of an installation are kept, and that a database is opened with its own keys or not at all."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from core.data_keys import lookup_keys, queries, rotating
from core.encryption import key_ring, lookup_key
from core.encryption.data_keys import keys_in, new_key
from core.encryption.key_ring import LOST, KeyRing
from core.encryption.key_sources import GivenKeys, KeyFile, KeySource
from core.encryption.keys import Keys
from core.errors import ConflictError, UserError
from core.settings import Settings
from core.storage.database import Database
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

FILE: Final = "data_keys"
"""In the data directory, where no setting says otherwise."""
SETTING, SETTING_OF_FILE = "ZAOAN_DATA_KEYS", "ZAOAN_DATA_KEYS_FILE"


class WrongKeysError(ConflictError):
    """The database needs a data key that this installation does not have."""


def source_of(chosen: Settings) -> KeySource:
    """Where these settings say that the keys are; raises ``UserError`` for one that is none."""
    if given := chosen.data_keys.get_secret_value():
        return GivenKeys(keys_in(given, SETTING), SETTING)
    return KeyFile(chosen.data_keys_file or chosen.data_dir / FILE)


def ring_of(chosen: Settings) -> KeyRing:
    """The keys that there are; raises ``UserError`` where they cannot be read."""
    source = source_of(chosen)
    try:
        return KeyRing(source)
    except OSError as failure:
        raise UserError(
            "The data keys at {place} cannot be read: {reason}.",
            way_out="Let the user of the service read this file, and nobody else.",
            field=SETTING_OF_FILE,
            place=source.place,
            reason=failure.strerror,
        ) from failure


def use_keys_there_are(chosen: Settings) -> None:
    """The keys that can be read, perhaps none, in use by this process: for whoever looks what is wrong."""
    try:
        key_ring.use(ring_of(chosen))
    except UserError:
        key_ring.use(KeyRing(GivenKeys((), SETTING)))
    lookup_key.use(None)
    with suppress(NoDatabaseError, UnreachableError), looking(chosen) as session:
        lookup_key.use(lookup_keys.there_is(session))


def use_keys(chosen: Settings, opened: Database) -> KeyRing:
    """The keys of this installation, in use by this process: before anything is read or migrated.

    The first is made where neither the database nor the installation has one. Raises ``WrongKeysError`` where the
    database needs one that is not there.
    """
    ring, needed = ring_of(chosen), _needed(opened)
    if missing := needed - {each.fingerprint for each in ring.keys}:
        raise _wrong_keys(ring, sorted(missing)[0])
    if not ring.keys:
        ring = _begun(ring)
    key_ring.use(ring)
    return ring


def settle_keys(opened: Database, ring: KeyRing) -> None:
    """The migrated database knows what it is encrypted with, and who uses it uses its keys.

    Writes only where something is new to it.
    """
    _register(opened, ring)
    opened.keys = Keys(ring, lookup_keys.establish(opened, ring))


def read_keys(opened: Database) -> None:
    """A service reads the look-up key at once: once data keys were rotated, the way it was kept leads nowhere.

    Raises ``UnreadableError``.
    """
    assert opened.keys is not None
    opened.keys.lookup.written  # noqa: B018 - read once, and remembered


def _register(opened: Database, ring: KeyRing) -> None:
    fingerprint = ring.newest.fingerprint
    if fingerprint not in _needed(opened):
        with opened.unit_of_work() as session:
            rotating.register(session, fingerprint)


def _begun(ring: KeyRing) -> KeyRing:
    source = ring.source
    if not isinstance(source, KeyFile):
        raise UserError("{field} holds no data key.", way_out="`zaoan keys create` prints one.", field=SETTING)
    source.begin(new_key())
    return KeyRing(source)


def _needed(opened: Database) -> frozenset[str]:
    """What the database needs; a file that is not there, or empty, is not made by asking."""
    file = Path(opened.url.database or "") if opened.is_sqlite else None
    if file is not None and not (file.is_file() and file.stat().st_size):
        return frozenset()
    with opened.engine.connect() as connection:
        return queries.needed(connection)


def _wrong_keys(ring: KeyRing, fingerprint: str) -> WrongKeysError:
    return WrongKeysError(
        "This database is encrypted with data key {fingerprint}, which is not at {place}.",
        way_out=LOST,
        field=SETTING if isinstance(ring.source, GivenKeys) else SETTING_OF_FILE,
        fingerprint=fingerprint,
        place=ring.source.place,
    )
