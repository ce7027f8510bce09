"""Invitations: a relative is given the link to their page, in a text to the telephone that is written down for them."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones, relative_links
from contacts import queries as contacts
from contacts.models import Relative
from core import actors, clock
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.i18n import translate
from core.links import links
from core.links.links import Whose
from escalation.cases import letterheads
from escalation.cases.relative_words import Letterhead
from ivr.sms import outbound

MOST_A_DAY = 3
"""So often a day somebody who holds an old link can have a new one sent."""
AGAIN = "again"
INVITES = "[{community} Zao'an] How {called} is, day by day: {address} It is yours alone; please do not pass it on."


class TooOftenError(UserError):
    """A new link was sent several times today (HTTP 429)."""

    status = 429


def send(session: Session, actor: Actor, relative_id: UUID) -> str:
    """Texts the relative the link to their page; returns its address.

    Raises as ``relative_links.give``, and ``UserError`` for a telephone that takes no texts.
    """
    relative = session.get(Relative, relative_id)
    if relative is not None and not phones.can_receive_texts(relative.number):
        raise UserError("{value} takes no texts.", way_out="Write down a mobile telephone, or give them the link.",
                        field="number", value=relative.number)  # fmt: skip
    address = relative_links.give(session, actor, relative_id)
    _text(session, session.get_one(Relative, relative_id), address)
    return address


def send_again(session: Session, old: Whose) -> None:
    """Whoever holds an old link of a relative has a new one sent to that relative's own telephone, and to no other.

    Raises ``TooOftenError``; ``ConflictError`` where nothing may be shown any more; else as ``send``.
    """
    relative = holder_of(session, old)
    today = f"{clock.real_now():%Y-%m-%d}"
    if not any(links.use(session, old, AGAIN, f"{today}.{number}") for number in range(MOST_A_DAY)):
        raise TooOftenError("We have sent one several times today.", way_out="Look into your texts, or ask the office.")
    send(session, actors.relative(relative.id), relative.id)


def holder_of(session: Session, link: Whose) -> Relative:
    """The relative whose link it is, or was; raises ``NotFoundError`` for one who is on the file no more."""
    relative = session.get(Relative, link.holder_id)
    if relative is None or relative.resident_id != link.about_id:
        raise NotFoundError("This link is not good any more.", way_out="Ask your office if you did not expect that.")
    return relative


def _text(session: Session, relative: Relative, address: str) -> None:
    head: Letterhead = letterheads.of(session, relative, clock.now())
    called = contacts.resident(session, relative.resident_id).called
    body = translate(head.language, INVITES, community=head.community, called=called, address=address)
    outbound.queue(session, relative.number, body, relative.resident_id)
