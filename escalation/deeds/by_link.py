"""What a responder does with the link that they were written: the same as by a key of their telephone.

A link is opened, bound to the browser and used in the transaction that does something by it, so that what is sent twice
is done once, and what fails may be sent again. Whatever goes on with a case is for whoever has it in hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.models import Responder
from core import actors
from core.errors import ConflictError
from core.links import links
from core.links.links import Fault, LinkError
from core.links.models import Link
from core.running.wakeups import wake
from escalation import findings, queries
from escalation.cases import cases
from escalation.cases.cases import Acceptance
from escalation.deeds import giving_back, staying_away
from escalation.holding import MOVES
from escalation.models import HELD, Case, CaseState, Page, PageState
from escalation.paging import case_links, paging

_WITHOUT_IT = {Acceptance.OWN: PageState.DECLINED, Acceptance.TOO_LATE: PageState.WITHDRAWN}
_ANSWERED = frozenset({PageState.ACCEPTED, PageState.DECLINED})


@dataclass(frozen=True)
class Opened:
    """A link that is good: its case (of one that was merged the one that goes on) and the responder who has it."""

    link: Link
    case: Case
    responder: Responder

    @property
    def is_theirs(self) -> bool:
        """Whether the responder has the case in hand."""
        return self.case.state in HELD and self.case.accepted_by_id == self.responder.id


Deed = Callable[[Session, Opened], None]


def opened(session: Session, token: str, browser: str) -> Opened:
    """What the link leads to; raises ``LinkError``, also for a responder who helps no more."""
    return _of(session, links.opened(session, case_links.PURPOSE, token, browser))


def _of(session: Session, link: Link) -> Opened:
    responder = session.get(Responder, link.holder_id)
    if responder is None or responder.removed_at is not None:
        raise LinkError(Fault.REVOKED)
    return Opened(link, goes_on_as(session, link.about_id), responder)


def goes_on_as(session: Session, case_id: UUID) -> Case:
    """The case, or the one into which it was merged."""
    case = cases.find(session, case_id)
    while case.merged_into_id is not None:
        case = cases.find(session, case.merged_into_id)
    return case


def do(session: Session, token: str, browser: str, name: str, key: str, deed: Deed) -> Opened:
    """Does a deed by a link, unless it was sent and done before, and binds the link to the browser.

    Raises ``LinkError`` and whatever the deed raises.
    """
    found = _of(session, links.opened_again(session, case_links.PURPOSE, token, browser, name, key))
    links.bind(session, found.link, browser)
    if links.use(session, found.link, name, key):
        deed(session, found)
    return found


def accept(session: Session, found: Opened) -> None:
    """They go, if nobody else was first; everybody else's telephone stops, and their own."""
    case = queries.case_held(session, found.case.id) or found.case
    page = _live_page(session, case, found.responder)
    came_of_it = cases.accept_by_key(session, case.id, found.responder)
    if page is not None:
        paging.end_asking(session, page, _WITHOUT_IT.get(came_of_it, PageState.ACCEPTED))
    if came_of_it is Acceptance.OWN:
        raise ConflictError("This telephone is the resident's own.", way_out="Somebody else is asked.")


def decline(session: Session, found: Opened) -> None:
    """They cannot go, and are not asked again; whoever has it in hand by now gives it back.

    Whoever has not been asked, or has answered, has nothing to decline.
    """
    if found.is_theirs:
        give_back(session, found)
        return
    case = queries.case_held(session, found.case.id) or found.case
    asked = [page for page in queries.pages_of(session, case.id) if page.responder_id == found.responder.id]
    if not asked or case.state != CaseState.OPEN or asked[-1].state in _ANSWERED:
        return
    if asked[-1].state != PageState.CALLING:
        asked[-1].state = PageState.CALLING
    paging.end_asking(session, asked[-1], PageState.DECLINED)
    wake(session, cases.ESCALATION)


def stay_away(session: Session, found: Opened) -> None:
    """They cannot come today, to this or anything else; whoever has it in hand gives it back first."""
    if found.is_theirs:
        raise ConflictError("You have this in hand.", way_out="Give it back first.")
    staying_away.stay_away(session, _actor(found), found.responder.id)


def come_back(session: Session, found: Opened) -> None:
    """They are there again."""
    staying_away.come_back(session, _actor(found), found.responder.id)


def show(_session: Session, found: Opened) -> None:
    """Whoever has taken the case by their telephone sees here where it is."""
    _theirs(found)


def move_to(state: str) -> Deed:
    """They are on the way, at the door, or on the telephone with the resident."""

    def move(session: Session, found: Opened) -> None:
        case = held(session, found)
        if state in MOVES and case.state != state:
            cases.move(session, _actor(found), case.id, CaseState(state))

    return move


def close_with(finding: str, note: str) -> Deed:
    """They say what they have found; raises as ``findings.chosen``."""

    def close(session: Session, found: Opened) -> None:
        what = findings.chosen(finding, note)
        cases.close(session, _actor(found), held(session, found).id, note.strip(), what)

    return close


def give_back(session: Session, found: Opened) -> None:
    """They cannot look after it: its ladder asks others at once."""
    case = giving_back.held_in_hand(session, found.case.id)
    if case.accepted_by_id != found.responder.id:
        raise _not_theirs()
    giving_back.give_back(session, _actor(found), case.id)


def _live_page(session: Session, case: Case, responder: Responder) -> Page | None:
    live = (page for page in queries.pages_of(session, case.id) if page.state == PageState.CALLING)
    return next((page for page in live if page.responder_id == responder.id), None)


def held(session: Session, found: Opened) -> Case:
    """The case of whoever has it in hand, held until the transaction ends."""
    queries.case_held(session, found.case.id)
    return _theirs(found)


def _theirs(found: Opened) -> Case:
    if not found.is_theirs:
        raise _not_theirs()
    return found.case


def _not_theirs() -> ConflictError:
    return ConflictError("You do not have this any more.", way_out="The page shows who has it.")


def _actor(found: Opened) -> actors.Actor:
    return actors.responder(found.responder.id)
