"""The tables of signed links and of what was done by them. Instants are real time, as of every token."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.storage.database import Base


class Link(Base):
    """One link: for ``purpose``, about ``about_id`` (a case, a resident), in the hands of ``holder_id``.

    ``digest`` is the SHA-256 of its token, which is made again from this row and the installation's key, and stands
    nowhere. ``browser`` is the SHA-256 of what only the browser has in which it was first used, None until then.
    """

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_about_id_holder_id", "about_id", "holder_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str]
    about_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str | None]


class LinkUse(Base):
    """Something that was done by a link, once: ``key`` tells one press of a button from the next, empty for a deed that
    a link does once in its life."""

    __tablename__ = "link_uses"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    deed: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
