"""Texts that go with pages: a link by which whoever reads it opens the page of the case and can take it.

The telephone rings whatever becomes of the text; where the policy has the text go some minutes before, the call waits
so long, and rings at once when no text goes or it fails. One responder is written to once about one case as long as the
link is good; a call that tells of several cases goes with one text, unless one of the others may ring at any hour.
Which pages are to be seen to is found by a query, after the transaction that asked: no key waits for a text.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from contacts import phones
from contacts.models import Community, Responder
from contacts.queries import near as queries_near
from core import actors, clock
from core.i18n import Language, translate
from core.links import links
from core.running import events
from core.storage.database import reading, write
from core.storage.upserts import insert_into
from escalation.models import Case, Page, PageState
from escalation.page_text import PageText
from escalation.paging import case_links, page_text_words, telephone_ownership
from escalation.paging.looks import OWNER as CALLS
from escalation.paging.page_dialogue import problem_words
from escalation.paging.page_order import ring_now
from escalation.policies import Policies, Policy
from escalation.policy_lookup import hand_down, policies_of, policy_of
from escalation.queries import page_texts as queries
from escalation.queries import paging as queries_paging
from ivr.models import Text, Urgency
from ivr.provider.station import carries_texts
from ivr.sms import opt_outs, outbound

OWNER = "page_text"
KEEPS = timedelta(minutes=15)
"""A text that could not be sent for so long has been overtaken by the telephone."""
MOST_AT_ONCE = 100


def ahead(policy: Policy, number: str) -> timedelta:
    """How long the call to this telephone waits for the text that goes before it."""
    is_read = carries_texts() and phones.can_receive_texts(number)
    return (policy.text_ahead or timedelta(0)) if is_read else timedelta(0)


def write_due(known: Policies | None = None) -> None:
    """Sees to every page that rings somebody and that nobody has seen to; each in a unit of work of its own.

    ``known`` are the policies that the tick has read; without them they are read once, where any page is due.
    """
    with reading() as session:
        due = queries.unseen_pages(session, CALLS, MOST_AT_ONCE)
        hand_down(session, known)
        known = policies_of(session) if due else None
    for page_id in due:
        write(partial(_see_to, page_id, known))


def drop(session: Session, case_id: UUID, but: UUID | None) -> None:
    """What has not been sent about a case stays unsent: only ``but`` may still be of help."""
    if waiting := queries.unsent_texts(session, case_id, but):
        outbound.drop(session, waiting)


def drop_to(session: Session, responder_id: UUID, numbers: Collection[str]) -> None:
    """What has not been sent to these telephones of the responder stays unsent; a call that waited for it rings."""
    texts = queries.unsent_texts_to(session, OWNER, responder_id, numbers)
    for text_id in outbound.drop(session, list(texts)) if texts else ():
        if page := queries.page_of_text(session, text_id):
            ring_now(session, [page.call_id])


def number_of(session: Session, case: Case, responder: Responder) -> str | None:
    """Where the responder is written to about the case: their first telephone that takes texts; never the resident's
    own, nor that of their home."""
    near = telephone_ownership.telephones(session, case)
    free = (each for each in responder.numbers if each not in near.own and each not in near.household)
    able = (each for each in free if phones.can_receive_texts(each) and not opt_outs.refuses(session, each))
    return next(able, None)


class PageTexts:
    """Owns the texts that go with pages."""

    def delivered(self, session: Session, text: Text) -> None:
        """The time line tells that they were written to."""
        if page := queries.page_of_text(session, text.id):
            events.append(session, actors.system(), "page.written", page.case_id, responder=str(page.responder_id))

    def failed(self, session: Session, text: Text) -> None:
        """The telephone rings at once, if it has waited for the text."""
        if page := queries.page_of_text(session, text.id):
            ring_now(session, [page.call_id])


def _see_to(page_id: UUID, known: Policies | None, session: Session) -> None:
    """Of two processes that see to one page at the same time, one does."""
    hand_down(session, known)
    claim = insert_into(session, PageText).values(page_id=page_id).on_conflict_do_nothing()
    if session.scalar(claim.returning(PageText.page_id)) is None:
        return
    page = session.get(Page, page_id)
    if page is None or page.state != PageState.CALLING:
        return
    if text := _written(session, page):
        session.execute(update(PageText).where(PageText.page_id == page_id).values(text_id=text.id))
    else:
        ring_now(session, [page.call_id])


def _written(session: Session, page: Page) -> Text | None:
    """The text, queued; None where none goes with this page."""
    case, responder = page.case, session.get_one(Responder, page.responder_id)
    policy = policy_of(session, case)
    if policy.text_ahead is None or not carries_texts():
        return None
    if not policy.at_any_hour and queries.has_text(session, page.call_id):
        return None
    number = number_of(session, case, responder)
    if number is None or case_links.standing(session, case.id, responder.id):
        return None
    link = case_links.new(session, case, responder.id)
    body = _body(session, case, responder.language, links.address_of(case_links.PURPOSE, link))
    text = outbound.queue(session, number, body, case.resident_id, owner=OWNER, urgency=Urgency.ALERT,
                          not_after=clock.now() + KEEPS)  # fmt: skip
    session.flush()
    return text


def _body(session: Session, case: Case, language: Language, address: str) -> str:
    if case.resident_id is None:
        community = session.get_one(Community, case.community_id).name
        return page_text_words.asks_the_office(language, community, translate(language, f"case:{case.kind}"), address)
    home, _ = queries_paging.surroundings(session, case.resident_id)
    profile = queries_near.profile(session, case.resident_id, home)
    problem = problem_words(case.kind, case.needs, language)
    return page_text_words.asks(language, profile.community_name, profile.building, problem, address,
                                unverified=case.caller is not None)  # fmt: skip
