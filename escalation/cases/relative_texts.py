"""Relative texts: how a resident is, to whoever of the family wants to know, and how every alarm ended.

Everybody who wants to know of a problem is told at once, at any hour; good news waits for the hours in which residents
may be rung. Whoever was told of a problem, and nobody else, is told when somebody has taken it and when it is closed:
at once in those hours, until ten at night, and as long as the alarm may still keep them awake; else in the morning.
What is not true any more before it was sent is never sent: a case that is closed within a minute of its acceptance
brings one text and not two. Only what was found reaches the family, never the note that staff have written.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts import relative_links
from contacts.models import Relative, Responder, Role, Wants
from core import actors, clock
from core.actors import Actor, ActorKind
from core.running import events
from escalation import queries
from escalation.cases import letterheads, relative_words
from escalation.cases.family import OWNER as OWNER
from escalation.cases.family import Family
from escalation.cases.relative_words import Channel, Letterhead
from escalation.findings import Finding
from escalation.models import Case, CaseState, News, Report
from escalation.paging.promises import Help, Promise, promise
from ivr.models import Text, TextState, Urgency
from ivr.sms import outbound
from ivr.sms.delivery_state import FAILURES

GOOD_NEWS = "ok"
GOOD_NEWS_KEEPS = timedelta(hours=6)
BAD_NEWS_KEEPS = timedelta(hours=24)
"""How long after it was due a text may still be sent; later it would be taken for news of another day."""
TAKEN_WAITS = timedelta(minutes=1)
"""Long enough for a case that is dealt with at once to bring one text."""
AWAKE = timedelta(hours=2)
"""Whoever was alarmed so short a time ago waits for the end of it, whatever the hour."""
LATEST = time(22, 0)
MOST_FOLLOWING = 6
"""How often one relative is told that a case was taken, or that nothing has come of it; its end is always told."""
ENDED_WELL = frozenset({Finding.FINE, Finding.HELPED, Finding.FALSE_ALARM, Finding.FAMILY_SPOKE})
_UNSENT = FAILURES | {TextState.NOT_WANTED}


def tell_relatives(
    session: Session,
    resident_id: UUID,
    outcome: str,
    at: datetime,
    case: Case | None,
    good_news_from: datetime,
    channel: Channel = Channel.CALLED,
    family: Family | None = None,
) -> None:
    """Queues a text to each relative who wants to know of this outcome; good news waits until ``good_news_from``.

    Good news that still waits when something is wrong is no longer true and is never sent. Of what nobody can know,
    such as a resident who was not rung, nothing is written. ``family`` is what this unit of work has read of them.
    """
    if outcome != GOOD_NEWS and outcome not in relative_words.PROBLEMS:
        return
    if outcome != GOOD_NEWS and (family is None or family.texts_wait):
        outbound.drop_waiting(session, OWNER, resident_id)
    for relative in contacts.relatives_of(session, resident_id) if family is None else family.relatives:
        if not wants(relative, outcome):
            continue
        if outcome == GOOD_NEWS:
            _tell_well(session, relative, at, good_news_from, channel)
        else:
            _tell_problem(session, relative, outcome, at, case)


def wants(relative: Relative, outcome: str) -> bool:
    """Whether the relative wants to be told of this outcome at once; a digest never takes the place of an alarm."""
    if outcome == GOOD_NEWS:
        return relative.wants == Wants.EVERYTHING
    return relative.wants != Wants.NOTHING


def tell_taken(session: Session, case: Case) -> None:
    """Somebody has taken the case: whoever was told of it is told so, unless it is closed within a minute."""
    _drop(session, case, {News.TAKEN, News.RETURNED})
    if case.accepted_by_id is None:
        return
    role = Role(session.get_one(Responder, case.accepted_by_id).role)
    _follow(session, case, News.TAKEN, lambda head, called: relative_words.taken(head, called, role), TAKEN_WAITS)


def tell_returned(session: Session, case: Case) -> None:
    """Whoever had taken it has not said in time how it went; told only to those who were told that it was taken."""
    told = _told(session, case, News.TAKEN) - _drop(session, case, {News.TAKEN})
    now = promise(session, case)
    _follow(session, case, News.RETURNED, lambda head, called: relative_words.returned(head, called, now), only=told)


def tell_closed(session: Session, case: Case, actor: Actor) -> None:
    """A person has dealt with it: whoever was told of it is told what was found, and nothing that came before.

    A relative whose own word has closed it knows.
    """
    finding = Finding(case.finding or Finding.OTHER)
    told = _told(session, case, News.PROBLEM) - _own_numbers(session, actor)
    _drop(session, case, set(News))
    _follow(session, case, News.CLOSED, lambda head, called: relative_words.closed(head, called, finding), only=told,
            finding=finding)  # fmt: skip


def _own_numbers(session: Session, actor: Actor) -> set[str]:
    known = session.get(Relative, actor.id) if actor.kind is ActorKind.RELATIVE else None
    return {known.number} if known else set()


def tell_answered(session: Session, case: Case) -> None:
    """A resident who had been silent says that all is well; the case goes on until a person closes it."""
    if case.state == CaseState.CLOSED and case.finding in ENDED_WELL:
        return
    if not _told(session, case, News.ANSWERED):
        _follow(session, case, News.ANSWERED, relative_words.answered)


def carry(session: Session, case: Case, into: Case) -> None:
    """Whoever was told of the case is told from now on how the other one goes on, into which it was merged.

    That somebody has taken it, or not, is not said any more: it may not be so of the other one.
    """
    _drop(session, case, {News.TAKEN, News.RETURNED})
    for report, _ in queries.reports_of_case(session, case.id):
        report.case_id = into.id
    session.flush()


def tell_digest(session: Session, relative: Relative, body: str, at: datetime, not_after: datetime) -> UUID:
    """Queues a digest, to be sent until ``not_after``; returns the id of its text."""
    return _write(session, relative, body, News.DIGEST, str(relative.wants), at, None, None, not_after)


class ReportTexts:
    """Owns the texts to relatives: one about a problem that does not arrive is a fact of the case."""

    def delivered(self, session: Session, text: Text) -> None:
        """The relative knows; whether the family does is read from the texts themselves."""

    def failed(self, session: Session, text: Text) -> None:
        """The case notes it; whoever of the family wants to know and has not been told is told, else the office."""
        report = session.get_one(Report, text.id)
        if report.case_id is None or report.news != News.PROBLEM:
            return
        events.append(session, actors.system(), "case.relative_not_told", report.case_id,
                      relative=str(report.relative_id), failure=text.failure)  # fmt: skip
        for relative in _not_told(session, report):
            _tell_problem(session, relative, report.outcome, report.at, session.get_one(Case, report.case_id))
            return
        if queries.cases_untold(session, [report.case_id]):
            events.append(session, actors.system(), "case.family_not_told", report.case_id)


def _not_told(session: Session, report: Report) -> list[Relative]:
    """Relatives who want to know and have not been written to: they were added, or asked for it, later."""
    of_case = queries.reports_of_case(session, report.case_id) if report.case_id else ()
    written_to = {each.relative_id for each, _ in of_case}
    relatives = contacts.relatives_of(session, report.resident_id)
    return [each for each in relatives if each.id not in written_to and wants(each, report.outcome)]


def _told(session: Session, case: Case, news: News) -> set[str]:
    """The telephones that were told this about the case, or still will be."""
    return {text.number for report, text in queries.reports_of_case(session, case.id)
            if report.news == news and text.state not in _UNSENT}  # fmt: skip


def _drop(session: Session, case: Case, news: Collection[News]) -> set[str]:
    """What still waits of these is not true any more, and stays unsent; returns whom it would have reached."""
    waiting = {text.id: text.number for report, text in queries.reports_of_case(session, case.id)
               if report.news in news and text.state == TextState.QUEUED}  # fmt: skip
    return {waiting[text_id] for text_id in outbound.drop(session, list(waiting))}


def _follow(
    session: Session,
    case: Case,
    news: News,
    words: Callable[[Letterhead, str], str],
    waits: timedelta = timedelta(0),
    only: Collection[str] | None = None,
    finding: Finding | None = None,
) -> None:
    """Writes to those relatives of today's list who were told of the problem (or ``only`` to these telephones)."""
    if case.resident_id is None:
        return
    told = queries.reports_of_case(session, case.id)
    alarmed = _told(session, case, News.PROBLEM) if only is None else only
    for relative in _once_each(contacts.relatives_of(session, case.resident_id)):
        theirs = [(report, text) for report, text in told if text.number == relative.number]
        if relative.number not in alarmed or relative.wants == Wants.NOTHING or _often_enough(news, theirs):
            continue
        now = clock.now()
        head = letterheads.of(session, relative, now, by_person=finding in relative_words.ASK_TO_RING)
        body = words(head, contacts.resident(session, case.resident_id).called)
        outcome = finding or next((report.outcome for report, _ in reversed(theirs)), str(case.kind))
        sent_from = _may_disturb(session, case, theirs, now + waits)
        _write(session, relative, body, news, outcome, now, case.id, sent_from, sent_from + BAD_NEWS_KEEPS)


def _often_enough(news: News, theirs: Sequence[tuple[Report, Text]]) -> bool:
    """A case that is taken and given back again and again is not told for ever; that it is closed always is."""
    following = sum(report.news in {News.TAKEN, News.RETURNED} and text.state not in _UNSENT for report, text in theirs)
    return news is not News.CLOSED and following >= MOST_FOLLOWING


def _may_disturb(session: Session, case: Case, theirs: Sequence[tuple[Report, Text]], at: datetime) -> datetime:
    """When the end of an alarm may be read: see the rule above."""
    hours = letterheads.hours(session, case.community_id)
    alarms = [text.created_at for report, text in theirs if report.news == News.PROBLEM]
    awake = bool(alarms) and at - max(alarms) < AWAKE
    evening = hours.opens <= at.astimezone(hours.zone).time() < LATEST
    return at if awake or evening or hours.permit(at) else hours.next_permitted(at)


def _once_each(relatives: Sequence[Relative]) -> Sequence[Relative]:
    return list({each.number: each for each in reversed(relatives)}.values())


def _tell_well(session: Session, relative: Relative, at: datetime, not_before: datetime, channel: Channel) -> None:
    called = contacts.resident(session, relative.resident_id).called
    body = relative_words.well(letterheads.of(session, relative, at), called, channel)
    _write(session, relative, body, News.WELL, GOOD_NEWS, at, None, not_before, not_before + GOOD_NEWS_KEEPS)


def _tell_problem(session: Session, relative: Relative, outcome: str, at: datetime, case: Case | None) -> None:
    now = promise(session, case) if case else Promise(Help.NOBODY)
    called = contacts.resident(session, relative.resident_id).called
    head = letterheads.of(session, relative, at)
    told = relative_words.problem(head, called, outcome, now)
    body = relative_words.linked(head, told, relative_links.address_of(session, relative))
    _write(session, relative, body, News.PROBLEM, outcome, at, case.id if case else None, None, at + BAD_NEWS_KEEPS)


def _write(
    session: Session,
    relative: Relative,
    body: str,
    news: News,
    outcome: str,
    at: datetime,
    case_id: UUID | None,
    not_before: datetime | None,
    not_after: datetime,
) -> UUID:
    urgency = Urgency.ALERT if news is News.PROBLEM else Urgency.ROUTINE
    text = outbound.queue(session, relative.number, body, relative.resident_id, owner=OWNER, urgency=urgency,
                       not_before=not_before, not_after=not_after)  # fmt: skip
    session.flush()
    session.add(Report(text_id=text.id, resident_id=relative.resident_id, case_id=case_id, relative_id=relative.id,
                       news=news, outcome=outcome, at=at))  # fmt: skip
    session.flush()
    return text.id
