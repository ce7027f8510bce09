"""Feeds: a responder reads their own duty in their own calendar, under a link that nobody can guess.

Of its secret only the digest is kept, so it is shown once; a new link ends the one before.
"""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

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
from escalation.roster.duty import Stint, stints
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
    now = clock.now()
    roster = roster_of(session, community, now - BACK)
    shifts = {each.id: each.responder_id for each in roster.shifts}
    names = {each.id: each.name for each in contacts.all_responders(session, community.id)}
    theirs = [each for each in stints(roster, now - BACK, now + AHEAD) if each.responder_id == responder.id]
    away = queries.absences(session, community.id, now - BACK, responder.id)
    language = responder.language
    absent = [each for each in roster.absences if each.responder_id == responder.id]
    return [
        *(_duty(each, language, community.name, names.get(shifts[each.shift_id], ""),
                is_own=shifts[each.shift_id] == responder.id,
                is_away=any(one.begins < each.ends and (one.ends is None or one.ends > each.begins)
                            for one in absent)) for each in theirs),
        *(_absence(each, language, ZoneInfo(community.timezone)) for each in away),
    ]  # fmt: skip


def _duty(stint: Stint, language: Language, community: str, whose: str, *, is_own: bool, is_away: bool) -> Entry:
    said = translate(language, "On duty") if is_own else translate(language, "On duty for {name}", name=whose)
    if is_away:
        said = translate(language, "{duty} (you are written down as absent)", duty=said)
    return Entry(f"{stint.shift_id}-{stint.day:%Y%m%d}", stint.begins, stint.ends, said, community)


def _absence(absence: ResponderAbsence, language: Language, _zone: ZoneInfo) -> Entry:
    said = translate(language, "Absent: {reason}", reason=absence.reason) if absence.reason else translate(
        language, "Absent")  # fmt: skip
    ends = absence.ends_at or max(clock.now(), absence.begins_at) + AHEAD
    return Entry(str(absence.id), absence.begins_at, ends, said, "", is_free=True)
