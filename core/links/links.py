"""Links: made for a purpose, a subject and a time; opened, bound to a browser, used and revoked.

To open one changes nothing and proves nothing: programs that show what is behind a link open it, too. Who does
something by it binds it to their browser, and from then on it opens in no other.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock, settings
from core.errors import UserError
from core.identity import secrets
from core.ids import new_id
from core.links import queries, tokens
from core.links.models import Link, LinkUse
from core.storage.upserts import insert_into

LONGEST_KEY = 64


@dataclass(frozen=True)
class Purpose:
    """What a link is for: ``name`` salts its signature, so that it is good for nothing else, and its page is below
    ``path`` (such as ``/r``)."""

    name: str
    path: str


class Fault(StrEnum):
    """Why a link is not good: ``unknown`` was never made by us for this, or with another key, or long ago."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Whose:
    """Which link, what it is about and who holds it, as long as anybody likes: its row goes with its unit of work."""

    id: UUID
    about_id: UUID
    holder_id: UUID


class LinkError(UserError):
    """A link that is not good, and why; ``link`` is whose it is, of one that we have made (HTTP 404, 410, 403)."""

    def __init__(self, fault: Fault, link: Link | None = None) -> None:
        message, way_out, self.status = _WORDS[fault]
        super().__init__(message, way_out=way_out, field="link")
        self.fault, self.link = fault, Whose(link.id, link.about_id, link.holder_id) if link else None


_WORDS = {
    Fault.UNKNOWN: ("This link leads nowhere.", "Open it from the message itself, or ask your office.", 404),
    Fault.EXPIRED: ("The time of this link is over.", "Ask your office for another one.", 410),
    Fault.REVOKED: ("This link is not good any more.", "Ask your office if you did not expect that.", 410),
    Fault.ELSEWHERE: ("This link is used on another telephone.", "Ask for one of your own.", 403),
}


def make(session: Session, purpose: Purpose, about_id: UUID, holder_id: UUID, lasts: timedelta) -> Link:
    """A new link that is good for so long (real time); earlier ones stay as they are."""
    now = clock.real_now()
    link = Link(id=new_id(), purpose=purpose.name, about_id=about_id, holder_id=holder_id, made_at=now,
                expires_at=now + lasts)  # fmt: skip
    link.digest = secrets.kept(tokens.token_of(link, _key()))
    session.add(link)
    session.flush()
    return link


def address_of(purpose: Purpose, link: Link) -> str:
    """The whole address of a link, as a text carries it."""
    return f"{settings.current().public_url.rstrip('/')}{purpose.path}/{tokens.token_of(link, _key())}"


def opened(session: Session, purpose: Purpose, token: str, browser: str = "") -> Link:
    """The link with this token, if it is good in a browser that has the secret ``browser`` (see ``bind``).

    Raises ``LinkError``; nothing is told of a link that was not made for this purpose with the key of today.
    """
    link = _genuine(session, purpose, token)
    if link is None:
        raise LinkError(Fault.UNKNOWN)
    if link.revoked_at is not None:
        raise LinkError(Fault.REVOKED, link)
    if link.expires_at <= clock.real_now():
        raise LinkError(Fault.EXPIRED, link)
    if link.browser is not None and not is_bound_to(link, browser):
        raise LinkError(Fault.ELSEWHERE, link)
    return link


def opened_again(session: Session, purpose: Purpose, token: str, browser: str, deed: str, key: str) -> Link:
    """The same for whoever sends a form: also where its answer was lost, and with it what the browser was to keep.

    The key of a form that was done is known to nobody but the page from which it was sent.
    """
    try:
        return opened(session, purpose, token, browser)
    except LinkError as refusal:
        link = _genuine(session, purpose, token)
        if (
            refusal.fault is not Fault.ELSEWHERE
            or link is None
            or not (browser and _was_used(session, link, deed, key))
        ):
            raise
    link.browser = secrets.kept(browser)
    session.flush()
    return link


def _was_used(session: Session, link: Link, deed: str, key: str) -> bool:
    return bool(key) and session.get(LinkUse, (link.id, deed, key[:LONGEST_KEY])) is not None


def is_bound_to(link: Link, browser: str) -> bool:
    """Whether the link was used in the browser that has this secret, and in no other."""
    return bool(link.browser and browser) and hmac.compare_digest(link.browser or "", secrets.kept(browser))


def bind(session: Session, link: Link, browser: str) -> None:
    """From now on the link is good only where this secret is kept; of two browsers the first one has it.

    Raises ``LinkError`` for the other.
    """
    free = update(Link).where(Link.id == link.id, Link.browser.is_(None)).values(browser=secrets.kept(browser))
    session.execute(free.execution_options(synchronize_session=False))
    session.refresh(link, ["browser"])
    if not is_bound_to(link, browser):
        raise LinkError(Fault.ELSEWHERE, link)


def use(session: Session, link: Link | Whose, deed: str, key: str = "") -> bool:
    """Notes that a deed is done by a link, in the transaction that does it; False if it was done already.

    ``key`` is what the form was given when it was shown, so that a form that is sent twice does nothing twice; without
    it the deed can be done once in the life of the link.
    """
    used = insert_into(session, LinkUse).values(link_id=link.id, deed=deed, key=key[:LONGEST_KEY], at=clock.real_now())
    return session.scalar(used.on_conflict_do_nothing().returning(LinkUse.link_id)) is not None


def revoke(session: Session, purpose: Purpose, about_id: UUID, holder_id: UUID | None = None) -> int:
    """Links about this (None: of every holder) are good for nothing any more; returns how many that were."""
    about = (Link.about_id == about_id, Link.purpose == purpose.name, Link.revoked_at.is_(None))
    theirs = about if holder_id is None else (*about, Link.holder_id == holder_id)
    revoked = session.execute(update(Link).where(*theirs).values(revoked_at=clock.real_now()))
    return int(revoked.rowcount)  # type: ignore[attr-defined]


def _genuine(session: Session, purpose: Purpose, token: str) -> Link | None:
    """The link that we have made and signed for this purpose; a row that somebody has changed is none of ours."""
    known = tokens.typed(token)
    link = queries.with_digest(session, secrets.kept(known)) if known else None
    if link is None or known is None or link.purpose != purpose.name:
        return None
    return link if hmac.compare_digest(tokens.token_of(link, _key()), known) else None


def _key() -> str:
    return settings.current().secret()
