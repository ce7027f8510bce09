"""Reports to relatives: a short text about a check-in, to whoever wants it, and what follows when none arrives.

Everybody who wants to know of a problem is told at once, at any hour; good news waits for the morning.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community, Relative, Wants
from core import events
from core.i18n import translate
from escalation import queries
from escalation.models import Case, Report
from ivr import texts
from ivr.models import Text, Urgency

OWNER = "report"
GOOD_NEWS = "ok"
GOOD_NEWS_KEEPS = timedelta(hours=6)
BAD_NEWS_KEEPS = timedelta(hours=24)
"""How long after it was due a report may still be sent; later it would be taken for news of another day."""

MESSAGES = {
    "ok": "Zao'an: {called} answered at {time} and is well.",
    "needs_supplies": "Zao'an: {called} answered at {time} and needs something. We are telling the community.",
    "unwell": "Zao'an: {called} said at {time} that they are unwell. We are telling a helper.",
    "wants_person": "Zao'an: {called} answered at {time} and would like to talk to a person.",
    "no_key": "Zao'an: {called} answered at {time} but pressed no key. We are asking somebody to look in.",
}
NOT_REACHED = "Zao'an: {called} has not answered by {time}. We are asking somebody to look in."


def tell_relatives(
    session: Session, resident_id: UUID, outcome: str, at: datetime, case: Case | None, good_news_from: datetime
) -> None:
    """Queues a text to each relative who wants to know of this outcome; good news waits until ``good_news_from``.

    Good news that still waits when something is wrong is no longer true and is never sent.
    """
    if outcome != GOOD_NEWS:
        texts.drop_waiting(session, OWNER, resident_id)
    for relative in contacts.relatives_of(session, resident_id):
        if wants(relative, outcome):
            _tell(session, relative, outcome, at, case.id if case else None, good_news_from)


def wants(relative: Relative, outcome: str) -> bool:
    """Whether the relative wants to be told of this outcome."""
    return relative.wants == Wants.EVERYTHING or (relative.wants == Wants.PROBLEMS and outcome != GOOD_NEWS)


class ReportTexts:
    """Owns the texts to relatives: one about a problem that does not arrive is a fact of the case."""

    def delivered(self, session: Session, text: Text) -> None:
        """The relative knows; whether the family does is read from the texts themselves."""

    def failed(self, session: Session, text: Text) -> None:
        """The case notes it; whoever of the family wants to know and has not been told is told, else the office."""
        report = session.get_one(Report, text.id)
        if report.case_id is None:
            return
        events.append(session, "case.relative_not_told", report.case_id, number=text.number, failure=text.failure)
        told = queries.reports_of_case(session, report.case_id)
        for relative in _not_told(session, report, told):
            _tell(session, relative, report.outcome, report.at, report.case_id, report.at)
            return
        if queries.cases_untold(session, [report.case_id]):
            events.append(session, "case.family_not_told", report.case_id)


def _not_told(session: Session, report: Report, told: Sequence[Report]) -> list[Relative]:
    """Relatives who want to know and have not been written to: they were added, or asked for it, later."""
    written_to = {each.relative_id for each in told}
    relatives = contacts.relatives_of(session, report.resident_id)
    return [each for each in relatives if each.id not in written_to and wants(each, report.outcome)]


def _tell(
    session: Session, relative: Relative, outcome: str, at: datetime, case_id: UUID | None, good_news_from: datetime
) -> None:
    good = outcome == GOOD_NEWS
    text = texts.queue(
        session,
        relative.number,
        _words(session, relative, outcome, at),
        relative.resident_id,
        owner=OWNER,
        urgency=Urgency.ROUTINE if good else Urgency.ALERT,
        not_before=good_news_from if good else None,
        not_after=good_news_from + GOOD_NEWS_KEEPS if good else at + BAD_NEWS_KEEPS,
    )
    session.flush()
    session.add(Report(text_id=text.id, resident_id=relative.resident_id, case_id=case_id, relative_id=relative.id,
                       outcome=outcome, at=at))  # fmt: skip
    session.flush()


def _words(session: Session, relative: Relative, outcome: str, at: datetime) -> str:
    resident = contacts.resident(session, relative.resident_id)
    zone = ZoneInfo(session.get_one(Community, resident.community_id).timezone)
    time = at.astimezone(zone).strftime("%H:%M")
    return translate(relative.language, MESSAGES.get(outcome, NOT_REACHED), called=resident.called, time=time)
