"""Every SELECT of texts that go with pages."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.storage.literals import literal_state
from escalation.models import Page, PageState
from escalation.page_text import PageText
from ivr.models import Call, Text, TextState

_LIVE = Page.state == literal_state(PageState.CALLING)


def unseen_pages(session: Session, owner: str, limit: int) -> Sequence[UUID]:
    """Pages in calls of this owner that ring somebody, and of which nobody has seen yet whether a text goes with them.

    A page of a leg rings while a resident waits on the line: it has no text.
    """
    unseen = select(Page.id).join(Call, Call.id == Page.call_id).where(_LIVE, Call.owner == owner)
    unseen = unseen.where(Call.parent_id.is_(None), ~exists().where(PageText.page_id == Page.id))
    return session.scalars(unseen.order_by(Page.asked_at, Page.id).limit(limit)).all()


def has_text(session: Session, call_id: UUID) -> bool:
    """Whether a text goes with one of the pages of this call."""
    found = select(PageText.page_id).join(Page, Page.id == PageText.page_id)
    return session.scalar(found.where(Page.call_id == call_id, PageText.text_id.is_not(None)).limit(1)) is not None


def unsent_texts(session: Session, case_id: UUID, but: UUID | None) -> Sequence[UUID]:
    """The texts about a case that have not been sent, but for those to one responder."""
    theirs = select(Text.id).join(PageText, PageText.text_id == Text.id).join(Page, Page.id == PageText.page_id)
    waiting = theirs.where(Page.case_id == case_id, Text.state == literal_state(TextState.QUEUED))
    return session.scalars(waiting if but is None else waiting.where(Page.responder_id != but)).all()


def unsent_texts_to(session: Session, owner: str, responder_id: UUID, numbers: Collection[str]) -> Sequence[UUID]:
    """The texts of this owner to these telephones that have not been sent, but for those with another's page."""
    to_another = exists().where(PageText.text_id == Text.id, Page.id == PageText.page_id,
                                Page.responder_id != responder_id)  # fmt: skip
    waiting = (Text.owner == owner, Text.number.in_(numbers), Text.state == literal_state(TextState.QUEUED))
    return session.scalars(select(Text.id).where(*waiting, ~to_another)).all()


def page_of_text(session: Session, text_id: UUID) -> Page | None:
    """The page with which a text goes; None where it is kept no more."""
    found = select(Page).join(PageText, PageText.page_id == Page.id).where(PageText.text_id == text_id)
    return session.scalars(found.limit(1)).one_or_none()
