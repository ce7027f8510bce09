"""The table of texts that go with pages."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

import escalation.models  # noqa: F401 (pages)
from core.storage.database import Base


class PageText(Base):
    """That it was seen to whether a text goes with a page; ``text_id`` is the text, None where none did.

    The text goes when its time is over, and its id stays.
    """

    __tablename__ = "page_texts"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    text_id: Mapped[UUID | None] = mapped_column(index=True)
