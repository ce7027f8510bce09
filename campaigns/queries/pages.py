"""Every SELECT of pages that a change of responders ends."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from escalation.models import Page, PageState
from ivr.models import Call


def live_pages(session: Session, responder_id: UUID) -> Sequence[tuple[Page, Call]]:
    """The pages by which a responder is being asked, each with the call that carries it, in the order of the calls."""
    live = select(Page, Call).join(Call, Call.id == Page.call_id).where(Page.state == PageState.CALLING)
    found = session.execute(live.where(Page.responder_id == responder_id).order_by(Call.id, Page.id))
    return [(page, call) for page, call in found]
