"""The look-up key of a database, which stands in it under its data keys: whoever has only the database has neither."""

from sqlalchemy.orm import Session

from core.data_keys import queries
from core.data_keys.models import KeptLookupKey
from core.encryption import lookup_key
from core.encryption.lookup_key import LookupKey, new_lookup_key
from core.storage.database import Database
from core.storage.upserts import insert_into


def establish(opened: Database) -> LookupKey:
    """The look-up key of this database, which is made where there is none.

    Raises ``UnreadableError`` where the data key of the look-up key is not there.
    """
    with opened.reading() as session:
        kept = queries.lookup_key(session)
    if kept is None:
        with opened.unit_of_work() as session:
            kept = _begun(session)
    return LookupKey(kept)


def use_what_is_there(session: Session) -> None:
    """In use by whoever only looks; without one, telephones and addresses cannot be read."""
    kept = queries.lookup_key(session)
    lookup_key.use(LookupKey(kept) if kept else None)


def _begun(session: Session) -> str:
    """Two processes that start together agree: the row is inserted only where none is."""
    row = {"id": 1, "secret": new_lookup_key().written}
    session.execute(insert_into(session, KeptLookupKey).values(row).on_conflict_do_nothing())
    kept = queries.lookup_key(session)
    assert kept is not None
    return kept
