"""The table of answers that are given again to whoever sends the same POST again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from core.storage.database import Base
from core.storage.encrypted import EncryptedText


class StoredAnswer(Base):
    """What a POST with this ``Idempotency-Key`` was answered, kept in the transaction of what it did.

    ``request`` is the SHA-256 of its address and body; ``at`` is real time. ``status`` is 0 while that transaction goes
    on, which nobody else ever sees.
    """

    __tablename__ = "api_answers"

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(EncryptedText)
