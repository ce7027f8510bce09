"""Digests are written: one text to one relative for each day or week, with what the resident has answered.

A digest is a row with its text, in one transaction; its key is the relative and the day on which it was due, so that no
restart loses one and none is written twice. Where there is nothing to tell the row stands without a text. It tells of
the time since the last one that arrived, so that what a failed text would have told comes with the next.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.digests import digest_words
from campaigns.digests.digest_words import Entry, Then
from campaigns.models import CheckIn, Outcome
from campaigns.outcomes import QUIET, SAID
from campaigns.planning import digest_times
from campaigns.planning.digest_times import LENGTH, Due
from campaigns.queries import digests as queries
from contacts import queries as contacts
from contacts import relative_links
from contacts.models import Relative, Wants
from core import clock
from core.storage.database import alone, reading, write_behind
from escalation import queries as escalation
from escalation.cases import letterheads, relative_texts, relative_words
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Digest

DIGESTS = "campaigns.digests"
"""The wake-up for this."""
DIGESTS_SECONDS = 60.0
BATCH = 20
"""So many are written in one unit of work, behind everybody who waits to write."""
_ALONE = "writes digests"
_CLOSED = {Finding.FINE: Then.FINE, Finding.FALSE_ALARM: Then.FINE, Finding.HELPED: Then.HELPED,
           Finding.FAMILY_SPOKE: Then.FAMILY}  # fmt: skip
_SAID = frozenset({CaseKind.UNWELL, CaseKind.WANTS_PERSON, CaseKind.NEEDS_SUPPLIES})
"""What a resident may have told us in no round."""


def write_due() -> None:
    """Writes every digest that is due."""
    with reading() as session:
        communities = contacts.community_ids(session)
    for community_id in communities:
        for wish in LENGTH:
            while write_behind(partial(_write_some, community_id, wish)):
                pass


def _write_some(community_id: UUID, wish: Wants, session: Session) -> bool:
    """Some of those of one community; False when none is left."""
    now = clock.now()
    due = digest_times.due(wish, letterheads.hours(session, community_id), now)
    if due is None:
        return False
    alone(session, _ALONE)
    relatives = queries.relatives_due(session, community_id, wish, due, BATCH)
    _write(session, relatives, due, now)
    return bool(relatives)


def _write(session: Session, relatives: Sequence[Relative], due: Due, now: datetime) -> None:
    told = queries.told_until(session, [each.id for each in relatives])
    begin = {each.id: digest_times.begins(each.wants, due.at, now, told.get(each.id), each.wants_since)
             for each in relatives}  # fmt: skip
    entries = _entries(session, {each.resident_id for each in relatives}, min(begin.values(), default=now), now)
    for relative in relatives:
        news = [each for each in entries.get(relative.resident_id, ()) if begin[relative.id] < each.at]
        text_id = _text(session, relative, news, due, now) if news else None
        session.add(Digest(resident_id=relative.resident_id, relative_id=relative.id, due_on=due.day, told_until=now,
                           text_id=text_id))  # fmt: skip
    session.flush()


def _text(session: Session, relative: Relative, news: Sequence[Entry], due: Due, now: datetime) -> UUID:
    head = letterheads.of(session, relative, now)
    called = contacts.resident(session, relative.resident_id).called
    address = relative_links.address_of(session, relative)
    body = relative_words.linked(head, digest_words.digest(head, called, news), address)
    return relative_texts.tell_digest(session, relative, body, now, due.until)


def _entries(
    session: Session, resident_ids: set[UUID], since: datetime, until: datetime
) -> Mapping[UUID, Sequence[Entry]]:
    """By resident, what was decided since then and what they have told us in no round, in its order."""
    cases = queries.cases_since(session, resident_ids, since, until)
    kept = escalation.kept(session, cases)
    of_check_in = {case.check_in_id: kept[case.id] for case in cases if case.check_in_id}
    found: dict[UUID, list[Entry]] = {each: [] for each in resident_ids}
    for check_in in queries.decided(session, resident_ids, since, until):
        found[check_in.resident_id].append(_answer(check_in, of_check_in.get(check_in.id)))
    for case in cases:
        if case.check_in_id is None and case.kind in _SAID and case.opened_at > since and case.resident_id:
            found[case.resident_id].append(Entry(case.opened_at, Outcome(case.kind.value), _then(kept[case.id])))
    return {each: sorted(theirs, key=lambda entry: entry.at) for each, theirs in found.items()}


def _answer(check_in: CheckIn, case: Case | None) -> Entry:
    at, outcome = check_in.decided_at or clock.now(), Outcome(check_in.outcome or Outcome.NOT_ASKED)
    is_well_after_all = outcome not in QUIET and outcome not in SAID and check_in.answered_at is not None
    if is_well_after_all and (case is None or case.state != CaseState.CLOSED):
        return Entry(at, outcome, Then.ANSWERED)
    return Entry(at, outcome, _then(case) if case else None)


def _then(case: Case) -> Then:
    if case.state == CaseState.CLOSED:
        finding = Finding(case.finding or Finding.OTHER)
        return Then.ASK if finding in relative_words.ASK_TO_RING else _CLOSED.get(finding, Then.CLOSED)
    return Then.OPEN if case.state == CaseState.OPEN else Then.TAKEN
