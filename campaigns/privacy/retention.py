"""What is kept for a time goes when it is over, some at a time, so that nobody's answer waits for it.

Calls, with the events about them, recordings, and what systems outside were told have tasks of their own
(``call_retention``, ``recording_retention``, ``core.subscriptions.delivering``).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.noticed import Remark
from campaigns.people import choices
from campaigns.privacy import erasure
from campaigns.privacy.periods import Kind, days, limit
from campaigns.queries.keeping import periods as queries
from contacts.community.community import the_community
from core import actors
from core.i18n import translate
from core.identity.models import AuditEntry, Invitation, UserSession
from core.links.models import Link, LinkUse
from core.running import events
from core.running.events import Event
from core.storage.database import leave_no_traces, reading, write, write_behind
from escalation.models import CaseText, Digest, Report
from ivr.models import Text, TextIn

BITE, PEOPLE = 500, 20
"""So many rows, and people, are looked for at once."""
WHY = "They left more than {days} days ago."
Find = Callable[[Session, Any, int], Sequence[Any]]
_FIRST = UUID(int=0)


def carry_out() -> None:
    """Deletes whatever is over, and erases those who left long ago."""
    _forget_lists()
    gone = {
        Kind.TEXTS: _go(Kind.TEXTS, queries.texts_over, Report.text_id, Text.id)
        + _go(Kind.TEXTS, queries.texts_in_over, CaseText.text_id, TextIn.id)
        + _go(Kind.TEXTS, queries.digests_over, Digest.id),
        Kind.HISTORY: _go(Kind.HISTORY, queries.history_over, Event.id)
        + _go(Kind.HISTORY, queries.remarks_over, Remark.id),
        Kind.SESSIONS: _go(Kind.SESSIONS, queries.sessions_over, UserSession.id)
        + _go(Kind.SESSIONS, queries.invitations_over, Invitation.id)
        + _go(Kind.SESSIONS, queries.links_over, LinkUse.link_id, Link.id),
        Kind.AUDIT: _go(Kind.AUDIT, queries.audit_over, AuditEntry.id),
        Kind.PEOPLE: _erase_gone(),
    }
    if told := {kind.value: count for kind, count in gone.items() if count}:
        write(lambda session: events.append(session, actors.system(), "retention.carried_out", **told))
        leave_no_traces()


def _forget_lists() -> None:
    """Lists that somebody has sent and not imported, and residents whom somebody has chosen on the list."""
    from contacts.import_drafts import drafts  # loads all that reads lists

    if write_behind(drafts.forget_old) + write_behind(choices.forget_old):
        leave_no_traces()


def _go(kind: Kind, find: Find, *keys: InstrumentedAttribute[Any]) -> int:
    """Deletes what is over by these keys, what refers to others first; returns how many rows of the last table."""
    before, deleted = limit(kind), 0
    while True:
        with reading() as session:
            over = find(session, before, BITE)
        if not over:
            return deleted
        deleted += write_behind(partial(_delete, over, keys))


def _delete(over: Sequence[Any], keys: Sequence[InstrumentedAttribute[Any]], session: Session) -> int:
    for key in keys:
        session.execute(delete(key.class_).where(key.in_(over)))
    return len(over)


def _erase_gone() -> int:
    """Of whom something is still under way is looked at again the next time."""
    before, after, erased = limit(Kind.PEOPLE), _FIRST, 0
    while True:
        with reading() as session:
            ids = queries.people_over(session, before, after, PEOPLE)
        if not ids:
            return erased
        erased += sum(write_behind(partial(_erase, each)) for each in ids)
        after = ids[-1]


def _erase(resident_id: UUID, session: Session) -> int:
    why = translate(the_community(session).language, WHY, days=days(Kind.PEOPLE))
    return int(erasure.erase_unless_refused(session, actors.system(), resident_id, why))
