"""A new link for a responder whose link is over, or is used on another telephone: by text, to their own telephone."""

from datetime import timedelta

from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from core import clock
from core.errors import ConflictError, UserError
from core.links import links, queries
from core.links.links import LinkError
from escalation.deeds import by_link
from escalation.models import CaseState
from escalation.paging import case_links, page_text_words, page_texts
from ivr.models import Urgency
from ivr.sms import outbound

MOST = 4
"""So many links about one case a responder is given in an hour, the first one with it."""
WITHIN = timedelta(hours=1)


class TooManyLinksError(UserError):
    """They were given several links lately (HTTP 429)."""

    status = 429


def holder(session: Session, refusal: LinkError) -> Responder | None:
    """To whom a link was given that is not good; None where we have not made it, or they help no more."""
    responder = session.get(Responder, refusal.link.holder_id) if refusal.link else None
    return responder if responder is not None and responder.removed_at is None else None


def is_over(session: Session, refusal: LinkError) -> bool:
    """Whether the case of a link that is not good has been closed."""
    return refusal.link is not None and by_link.goes_on_as(session, refusal.link.about_id).state == CaseState.CLOSED


def can_be_sent(session: Session, refusal: LinkError) -> bool:
    """Whether whoever holds a link that is not good may have another one: they help still, and the case goes on."""
    return holder(session, refusal) is not None and not is_over(session, refusal)


def send(session: Session, token: str, browser: str) -> None:
    """Sends a new link to the telephone that is written down of the responder, and to no other.

    Raises ``LinkError`` for a link that was never one, or for which there is no other; ``TooManyLinksError``; and
    ``ConflictError`` where no telephone of theirs takes texts. A link that is good needs no other: nothing is done.
    """
    try:
        links.opened(session, case_links.PURPOSE, token, browser)
    except LinkError as refusal:
        if refusal.link is None or not can_be_sent(session, refusal):
            raise
        _send(session, refusal)


def _send(session: Session, refusal: LinkError) -> None:
    assert refusal.link is not None
    case = by_link.goes_on_as(session, refusal.link.about_id)
    responder = session.get_one(Responder, refusal.link.holder_id)
    since = clock.real_now() - WITHIN
    if queries.made_since(session, case_links.PURPOSE.name, case.id, responder.id, since) >= MOST:
        raise TooManyLinksError("We have sent you several links already.", way_out="Wait an hour, or ask your office.")
    number = page_texts.number_of(session, case, responder)
    if number is None:
        raise ConflictError("We know no telephone of yours that takes texts.", way_out="Ask your office.")
    address = links.address_of(case_links.PURPOSE, case_links.new(session, case, responder.id))
    community = session.get_one(Community, case.community_id).name
    body = page_text_words.again(responder.language, community, address)
    outbound.queue(session, number, body, case.resident_id, owner=page_texts.OWNER, urgency=Urgency.ALERT,
                   not_after=clock.now() + page_texts.KEEPS)  # fmt: skip
