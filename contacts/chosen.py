"""The tables of choices: residents whom a user has ticked, and what was done with all of them together."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import EncryptedText


class ResidentChoice(Base):
    """Residents whom a user has chosen from the list, by their ids in its order; kept for its user and for a while.

    ``made_at`` is real time. ``user_id`` None: the visitor of a demo.
    """

    __tablename__ = "resident_choices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    residents: Mapped[list[str]]


class BulkChange(Base):
    """One thing that is done with everybody of a choice, ``deed`` as a document; its id comes from the form.

    ``results`` tell of the first ``done`` of them what was done, or why it was not. ``round_id`` is the round that was
    begun by it. ``done_at`` None: it goes on.
    """

    __tablename__ = "bulk_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    choice_id: Mapped[UUID] = mapped_column(ForeignKey("resident_choices.id", ondelete="CASCADE"), index=True)
    deed: Mapped[str] = mapped_column(EncryptedText)
    done: Mapped[int] = mapped_column(default=0)
    results: Mapped[str] = mapped_column(EncryptedText, default="")
    round_id: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
