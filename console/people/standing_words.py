"""How a resident stands with us, in one plain sentence: whether they are rung, and if not, why and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.people.resident_file import Standing, Status, standing
from campaigns.people.resident_status import next_round
from console.people.people_words import day_word
from console.view.times import local
from contacts.models import Removal, Resident
from contacts.people import absences
from contacts.people import consent as consenting
from contacts.people.absences import Days
from core.i18n import Language, translate


@dataclass(frozen=True)
class StandingLine:
    """The ``sentence``, whether all is as it should be (``is_rung``), and absences that lie ahead, each in words."""

    status: Status
    sentence: str
    is_rung: bool
    ahead: list[str]


def standing_line(session: Session, resident: Resident, language: Language, zone: ZoneInfo) -> StandingLine:
    """The resident today."""
    now = standing(session, resident)
    today = absences.local_today(session, resident)
    away = [each for each in absences.absences(session, resident.id) if not each.cover(today)]
    why = _why_not(resident, now, language)
    begins = next_round(session, resident.id) if not why else None
    sentence = why or _rung(begins, language, zone)
    is_rung = not why and begins is not None
    return StandingLine(now.status, sentence, is_rung, [_away(each, language) for each in away])


def _why_not(resident: Resident, now: Standing, language: Language) -> str:
    """Why nobody rings them; empty where a campaign may."""
    if now.status in {Status.LEFT, Status.DECEASED}:
        return _gone(resident, now, language)
    if consenting.opted_out(resident):
        return translate(language, "Wishes no calls, and is never rung.")
    if not consenting.consents_in_force(resident):
        return translate(language, "Has not agreed to be called yet, and is never rung.")
    if now.status is Status.PAUSED:
        return _away(Days(now.since or date.min, now.until, now.reason), language, is_now=True)
    if not resident.numbers:
        return translate(language, "Has no telephone that may be rung.")
    return (
        translate(language, "A trial call is under way: what is pressed is practice.")
        if (now.status is Status.TRIAL)
        else ""
    )


def _gone(resident: Resident, now: Standing, language: Language) -> str:
    words = {Removal.DECEASED: "Died; looked after no more since {day}.",
             Removal.MOVED_AWAY: "Moved away; looked after no more since {day}."}  # fmt: skip
    text = words.get(Removal(resident.removed_because or Removal.OTHER), "Looked after no more since {day}.")
    said = translate(language, text, day=day_word(now.since, language) if now.since else "")
    return f"{said} {now.reason}".strip()


def _away(days: Days, language: Language, *, is_now: bool = False) -> str:
    """``Paused until Friday, 4 December 2026: at her daughter's.``"""
    last = day_word(days.last, language) if days.last else ""
    if is_now:
        text = "Paused until {last}" if last else "Paused until somebody resumes the calls"
    else:
        text = "Away from {first} to {last}" if last else "Away from {first} on"
    said = translate(language, text, first=day_word(days.first, language), last=last)
    reason = translate(language, ": {reason}", reason=days.reason) if days.reason else ""
    return translate(language, "{sentence}.", sentence=said + reason)


def _rung(begins: datetime | None, language: Language, zone: ZoneInfo) -> str:
    if begins is None:
        return translate(language, "May be rung, but no campaign that is active is meant for them.")
    return translate(language, "Is rung; the next round begins on {day} at {time}.",
                     day=day_word(begins.astimezone(zone).date(), language), time=local(begins, zone))  # fmt: skip
