"""What a relative's page shows: how their resident is, what is open, what is arranged. Plain values, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.family import plan, stay, word
from campaigns.family.news import News, news_of
from campaigns.family.plan import Helpers, Plan
from console.people.answer_calendar import AnswerMonth, answer_month
from console.view.signs import Sign
from console.view.times import day_and_time, local
from contacts import phones
from contacts import queries as contacts
from contacts.models import Community, Relative, Resident, Responder, Wants
from contacts.people.absences import Days, local_today
from core import clock, settings
from core.i18n import Language, translate
from escalation import queries as escalation
from escalation.cases import letterheads
from escalation.cases.relative_words import FINDINGS, PROBLEMS
from escalation.findings import Finding
from escalation.models import HELD, Case, CaseState
from escalation.paging.promises import promise

WISHES = (Wants.EVERYTHING, Wants.PROBLEMS, Wants.DAILY, Wants.WEEKLY)
"""What a relative can choose to be told."""
_SIGNS: Mapping[str, Sign] = {
    "ok": Sign.WELL, "family_spoke": Sign.WELL, "needs_supplies": Sign.NEEDS_SUPPLIES, "unwell": Sign.UNWELL,
    "wants_person": Sign.WANTS_PERSON, "no_key": Sign.NO_KEY, "not_reached": Sign.NOT_REACHED,
    "unreachable": Sign.NOT_REACHED, "not_asked": Sign.NOT_ASKED, "away": Sign.EXCUSED, "not_rung": Sign.EXCUSED,
}  # fmt: skip
"""Of every sentence but those that say that nothing has come of it yet."""


@dataclass(frozen=True)
class OpenLine:
    """Something that is open: what it is, since when, and how it stands with the help, all in words."""

    what: str
    since: str
    help: str


@dataclass(frozen=True)
class FamilyPage:
    """The whole page. ``today_said`` is today in one sentence, ``is_well`` that it is a good one, ``ended`` what has
    come of a problem; ``may_say_well``: the relative's word would end something. ``is_texted``: they are told of
    problems by text. ``number`` is one of our lines, empty where there is none."""

    called: str
    today_said: str
    sign: Sign
    is_well: bool
    ended: str
    open: Sequence[OpenLine]
    may_say_well: bool
    away: Days | None
    planned: Sequence[Days]
    month: AnswerMonth
    today: date
    latest_day: date
    next_at: str
    attempts: int
    silent: Helpers
    unwell: Helpers
    wants: Wants
    is_texted: bool
    number: str
    emergency: str


def family_page(session: Session, relative: Relative, language: Language, month: str = "") -> FamilyPage:
    """What is so now of the relative's resident; ``month`` is which one of the answers (2026-11)."""
    who = contacts.resident(session, relative.resident_id)
    zone = ZoneInfo(session.get_one(Community, who.community_id).timezone)
    today, news, arranged = local_today(session, who), news_of(session, who.id, zone), plan.plan_of(session, who.id)
    opened = [each for each in escalation.unclosed_cases(session, [who.id]) if each.kind in PROBLEMS]
    away = next((each for each in arranged.away if each.cover(today)), None)
    return FamilyPage(
        called=who.called,
        today_said=_sentence(news, who, zone, language),
        sign=_SIGNS.get(news.sentence, Sign.WAITING),
        is_well=news.sentence in {"ok", "family_spoke"} and not opened,
        ended=_ended(news, who, language),
        open=[_open_line(session, each, who, zone, language) for each in opened],
        may_say_well=_may_say_well(session, who.id),
        away=away,
        planned=[each for each in arranged.away if each is not away],
        month=answer_month(session, who.id, zone, today, month),
        today=today,
        latest_day=today + stay.LONGEST,
        next_at=_next_at(arranged, zone, language),
        attempts=arranged.attempts,
        silent=arranged.silent,
        unwell=arranged.unwell,
        wants=Wants(relative.wants),
        is_texted=relative.wants != Wants.NOTHING and phones.can_receive_texts(relative.number),
        number=letterheads.of(session, relative, clock.now()).number,
        emergency=settings.current().emergency_number,
    )


def _sentence(news: News, who: Resident, zone: ZoneInfo, language: Language) -> str:
    at = local(news.at, zone) if news.at else ""
    return translate(language, f"family:{news.sentence}", called=who.called, time=at)


def _ended(news: News, who: Resident, language: Language) -> str:
    """What was found by whoever has closed today's case, as the family is told it; empty while there is none."""
    if news.case is None or not news.is_helped or news.case.state != CaseState.CLOSED:
        return ""
    said = translate(language, FINDINGS[Finding(news.case.finding or Finding.OTHER)], called=who.called)
    return said[:1].upper() + said[1:]


def _may_say_well(session: Session, resident_id: UUID) -> bool:
    return bool(word.no_contact_cases(session, resident_id) or word.unanswered(session, resident_id))


def _open_line(session: Session, case: Case, who: Resident, zone: ZoneInfo, language: Language) -> OpenLine:
    what = translate(language, PROBLEMS[case.kind], called=who.called)
    return OpenLine(what[:1].upper() + what[1:], day_and_time(case.opened_at, zone, language),
                    _help(session, case, who, zone, language))  # fmt: skip


def _help(session: Session, case: Case, who: Resident, zone: ZoneInfo, language: Language) -> str:
    """Who has it is told by their part in the community; neither name nor number is a relative's to know."""
    if case.state in HELD and case.accepted_by_id is not None:
        role = translate(language, f"role:{session.get_one(Responder, case.accepted_by_id).role}")
        at = local(case.moved_at or case.accepted_at or case.opened_at, zone)
        return translate(language, f"family:help_{case.state}", called=who.called, role=role, time=at)
    now = promise(session, case)
    later = day_and_time(now.at, zone, language) if now.at else ""
    return translate(language, f"family:help_{now.help}", called=who.called, later=later)


def _next_at(arranged: Plan, zone: ZoneInfo, language: Language) -> str:
    """The first round of a day on which they are rung."""
    at = arranged.next_at
    if at is None or any(each.cover(at.astimezone(zone).date()) for each in arranged.away):
        return ""
    return day_and_time(at, zone, language)
