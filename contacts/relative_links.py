"""Links to the relatives' page: each relative has their own, which shows one resident's answers and nothing else.

A link is good while it is used at least every ``IDLE``. It is over when its relative is taken off the file, and all of
a resident's are when their consent ends or they are looked after no more. Times are real ones, as of every link.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Relative
from contacts.queries import relative_links as used
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.links import links, queries
from core.links.links import Fault, LinkError, Purpose
from core.links.models import Link
from core.running import events

PURPOSE = Purpose("family", "/f")
IDLE = timedelta(days=90)
LONGEST = timedelta(days=3650)
"""As long as anybody can go on using one."""
SEEN = "seen"
_WEEK = "{0.year}-{0.week}"


def give(session: Session, actor: Actor, relative_id: UUID) -> str:
    """The address of this relative's page for a browser that has not been there: an unused link, or a new one.

    Raises ``NotFoundError``, and ``ConflictError`` where the resident has not agreed, or is looked after no more.
    """
    relative = session.get(Relative, relative_id)
    if relative is None:
        raise NotFoundError("There is no relative {value}.", field="relative", value=str(relative_id))
    refuse_without_consent(session, relative.resident_id)
    unused = next((each for each in _good(session, relative) if each.browser is None), None)
    link = unused or links.make(session, PURPOSE, relative.resident_id, relative.id, LONGEST)
    events.append(session, actor, "resident.link_given", relative.resident_id, relative=str(relative.id))
    return links.address_of(PURPOSE, link)


def refuse_without_consent(session: Session, resident_id: UUID) -> None:
    """Raises ``ConflictError`` where nothing may be shown of a resident to anybody of their family."""
    if not contacts.has_consent(session, resident_id):
        raise ConflictError("{value} has not agreed, so nothing is shown to the family.",
                            way_out="Record their consent first.", field="resident",
                            value=contacts.resident(session, resident_id).name)  # fmt: skip


def address_of(session: Session, relative: Relative) -> str | None:
    """The address that this relative has, as a text may carry it; None where they have none that is good."""
    good = _good(session, relative)
    return links.address_of(PURPOSE, good[0]) if good else None


def has_link(session: Session, relative: Relative) -> bool:
    """Whether this relative has a link that is good."""
    return bool(_good(session, relative))


def opened(session: Session, token: str, browser: str = "") -> Link:
    """The link with this token; raises ``LinkError`` as ``links.opened`` does, and for one long unused.

    A browser that is bound to one link of a relative may open their other ones.
    """
    try:
        link = links.opened(session, PURPOSE, token, browser)
    except LinkError as refusal:
        known = session.get(Link, refusal.link.id) if refusal.link and refusal.fault is Fault.ELSEWHERE else None
        if known is None or not _is_known(session, known, browser):
            raise
        link = known
    if _is_idle(session, link):
        raise LinkError(Fault.EXPIRED, link)
    return link


def is_open_in(session: Session, link: Link, browser: str) -> bool:
    """Whether this browser was opened for the relative before, by this link or by another of theirs."""
    return links.is_bound_to(link, browser) or _is_known(session, link, browser)


def renew(session: Session, link: Link) -> None:
    """It was used today, and so is good for ``IDLE`` more; noted once a week."""
    links.use(session, link, SEEN, _WEEK.format(clock.real_now().isocalendar()))


def end(session: Session, actor: Actor, resident_id: UUID, relative_id: UUID | None = None) -> int:
    """The links of a relative (None: of everybody of the family) are over; returns how many that were."""
    ended = links.revoke(session, PURPOSE, resident_id, relative_id)
    if ended:
        about = {"relative": str(relative_id)} if relative_id else {}
        events.append(session, actor, "resident.links_ended", resident_id, **about)
    return ended


def _good(session: Session, relative: Relative) -> Sequence[Link]:
    """Their links that are good in some browser, the latest first."""
    known = queries.of_holder(session, PURPOSE.name, relative.resident_id, relative.id)
    return [each for each in known if _is_good(session, each)]


def _is_good(session: Session, link: Link) -> bool:
    return link.revoked_at is None and link.expires_at > clock.real_now() and not _is_idle(session, link)


def _is_known(session: Session, link: Link, browser: str) -> bool:
    theirs = queries.of_holder(session, PURPOSE.name, link.about_id, link.holder_id)
    return any(each.revoked_at is None and links.is_bound_to(each, browser) for each in theirs)


def _is_idle(session: Session, link: Link) -> bool:
    return _used_at(session, link) + IDLE <= clock.real_now()


def _used_at(session: Session, link: Link) -> datetime:
    return used.last_used(session, link.id) or link.made_at
