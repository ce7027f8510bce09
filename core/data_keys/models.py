"""The tables of keys: fingerprints of data keys, never the keys; and the look-up key, which is encrypted with them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.storage.database import Base
from core.storage.encrypted import EncryptedText


class KnownKey(Base):
    """A data key with which something of this database is, or was, encrypted; instants are real time.

    Without a ``removed_at`` rows may need it, and nobody opens the database without it.
    """

    __tablename__ = "data_keys"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class KeptLookupKey(Base):
    """The one look-up key (``core.encryption.lookup_key``), encrypted: rotating comes to it as to every other row."""

    __tablename__ = "lookup_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText)
