"""Feeds: a responder reads their own duty in their own calendar, under a link that nobody can guess.

Of its secret only the digest is kept, so it is shown once; a new link ends the one before.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community, Responder
from contacts.people.responder_changes import helping
from core import clock, settings
from core.actors import Actor
from core.errors import NotFoundError
from core.i18n import Language, translate
from core.identity import secrets
from core.running import events
from escalation.queries import roster as queries
from escalation.roster import calendar_text
from escalation.roster.calendar_text import Entry
from escalation.roster.duty import Away, Stint, stints
from escalation.roster.reading import roster_of
from escalation.shifts import ResponderAbsence, RosterFeed

BACK = timedelta(days=28)
AHEAD = timedelta(days=182)
"""What a calendar shows; it asks anew every few hours."""


class NoFeedError(NotFoundError):
    """The link was never one, or has been replaced or revoked (HTTP 404)."""


def new_link(session: Session, actor: Actor, responder_id: UUID) -> str:
    """The address of the responder's calendar, shown this once; every earlier one is over.

    Raises as ``helping`` does.
    """
    responder, secret = helping(session, responder_id), secrets.new_secret()
    known = session.get(RosterFeed, responder.id) or RosterFeed(responder_id=responder.id)
    known.secret, known.made_at = secrets.kept(secret), clock.real_now()
    session.add(known)
    session.flush()
    events.append(session, actor, "roster_feed.made", responder.id)
    return f"{settings.current().public_url.rstrip('/')}/roster/{secret}.ics"


def revoke(session: Session, actor: Actor, responder_id: UUID) -> None:
    """The link shows nothing any more; raises ``NotFoundError`` where there is none."""
    responder = helping(session, responder_id)
    known = session.get(RosterFeed, responder.id)
    if known is None:
        raise NoFeedError("{value} has no link.", way_out="There is nothing to revoke.", field="responder",
                          value=responder.name)  # fmt: skip
    session.delete(known)
    session.flush()
    events.append(session, actor, "roster_feed.revoked", responder.id)


def calendar(session: Session, secret: str) -> str:
    """The calendar (RFC 5545) of whoever has this secret, in their language; raises ``NoFeedError``."""
    known = queries.feed_with(session, secrets.kept(secret))
    if known is None:
        raise NoFeedError("There is no such calendar.", way_out="Ask your office for a new link.")
    responder = session.get_one(Responder, known.responder_id)
    community = session.get_one(Community, responder.community_id)
    name = translate(responder.language, "Duty of {name}", name=responder.name)
    return calendar_text.written(name, _entries(session, community, responder), clock.now())


def _entries(session: Session, community: Community, responder: Responder) -> list[Entry]:
    now, language = clock.now(), responder.language
    roster = roster_of(session, community, now - BACK)
    names = {each.id: each.name for each in contacts.all_responders(session, community.id)}
    whose = {each.id: each.responder_id for each in roster.shifts}
    absent = [each for each in roster.absences if each.responder_id == responder.id]
    duties = []
    for stint in stints(roster, now - BACK, now + AHEAD):
        if stint.responder_id == responder.id:
            owner = whose[stint.shift_id]
            said = _said("" if owner == responder.id else names.get(owner, ""), language)
            duties.append(_duty(stint, _if_away(said, stint, absent, language), community.name))
    away = queries.absences(session, community.id, now - BACK, responder.id)
    return duties + [_absence(each, language) for each in away]


def _said(other: str, language: Language) -> str:
    return translate(language, "On duty for {name}", name=other) if other else translate(language, "On duty")


def _if_away(said: str, stint: Stint, absent: Sequence[Away], language: Language) -> str:
    """What somebody is to do, with what they have said of the same time."""
    for each in absent:
        if each.begins < stint.ends and (each.ends is None or each.ends > stint.begins):
            return translate(language, "{duty} (you are written down as absent)", duty=said)
    return said


def _duty(stint: Stint, said: str, community: str) -> Entry:
    return Entry(f"{stint.shift_id}-{stint.day:%Y%m%d}", stint.begins, stint.ends, said, community)


def _absence(absence: ResponderAbsence, language: Language) -> Entry:
    reason = absence.reason
    said = translate(language, "Absent: {reason}", reason=reason) if reason else translate(language, "Absent")
    ends = absence.ends_at or max(clock.now(), absence.begins_at) + AHEAD
    return Entry(str(absence.id), absence.begins_at, ends, said, "", is_free=True)
