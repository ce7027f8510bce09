"""The table of data keys: their fingerprints, never the keys."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.storage.database import Base


class KnownKey(Base):
    """A data key with which something of this database is, or was, encrypted; instants are real time.

    Without a ``removed_at`` rows may need it, and nobody opens the database without it.
    """

    __tablename__ = "data_keys"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
