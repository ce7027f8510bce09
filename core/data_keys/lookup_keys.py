"""The look-up key of a database, which stands in it under its data keys: whoever has only the database has neither."""

from sqlalchemy.orm import Session

from core.data_keys import queries
from core.data_keys.models import KeptLookupKey
from core.encryption import key_ring
from core.encryption.key_ring import KeyRing
from core.encryption.lookup_key import LookupKey, new_lookup_key
from core.storage.database import Database
from core.storage.upserts import insert_into


def establish(opened: Database, ring: KeyRing) -> LookupKey:
    """The look-up key of this database, which is made where there is none, to be read with these data keys."""
    with opened.reading() as session:
        sealed = queries.lookup_key(session)
    if sealed is None:
        with opened.unit_of_work() as session:
            sealed = _begun(session)
    return _read_by(ring, sealed)


def there_is(session: Session) -> LookupKey | None:
    """The look-up key for whoever only looks; None where there is none."""
    sealed = queries.lookup_key(session)
    return _read_by(key_ring.current(), sealed) if sealed else None


def _read_by(ring: KeyRing, sealed: str) -> LookupKey:
    return LookupKey(lambda: ring.opened(sealed))


def _begun(session: Session) -> str:
    """Two processes that start together agree: the row is inserted only where none is."""
    row = {"id": 1, "secret": new_lookup_key().written}
    session.execute(insert_into(session, KeptLookupKey).values(row).on_conflict_do_nothing())
    sealed = queries.lookup_key(session)
    assert sealed is not None
    return sealed
