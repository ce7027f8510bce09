"""The printable page of a round's report."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.reports import round_report, verification
from campaigns.reports.report_words import flag_word, outcome_word, place
from campaigns.reports.round_report import FullReport
from campaigns.reports.verification import Certificate
from console.sheets import charts
from console.shell.rendering import template
from console.view.times import short_moment
from contacts.models import Community
from contacts.places import spelled_place
from core.i18n import Language, translate


@dataclass(frozen=True)
class Printed:
    """A report with its certificate, and what its community's times and numbers are written by."""

    report: FullReport
    certificate: Certificate
    zone: ZoneInfo
    region: str


def printed(session: Session, round_id: UUID, language: Language) -> Printed:
    """A round as it stands, to be printed; raises ``NotFoundError``."""
    full = round_report.full_report(session, round_id, language)
    certificate = verification.verify_round(session, round_id)
    community = session.get_one(Community, full.community_id)
    return Printed(full, certificate, ZoneInfo(community.timezone), community.region)


def round_sheet(shown: Printed, language: Language) -> str:
    """HTML of the whole report, in one file."""
    return template("sheets/sheet_round.html").render(
        language=language.value, t=lambda text, **gaps: translate(language, text, **gaps),
        **round_words(shown, language),
    )  # fmt: skip


def round_words(shown: Printed, language: Language) -> dict[str, Any]:
    """What the body of the report is said with, wherever it stands."""
    zone, report = shown.zone, shown.report
    return {
        "report": report,
        "morning": charts.morning(report.time_line, zone, language),
        "certificate": shown.certificate,
        "at": lambda instant: short_moment(instant, zone, language) if instant else "–",
        "flag": lambda key: flag_word(key, language),
        "cluster": lambda each: each.said(language, shown.region),
        "remark": lambda each: each.said(language, zone),
        "place": lambda line: place(line, language),
        "plain": str,
        "link": None,
        "building": lambda name: spelled_place(language, name, "", "") or "–",
        "outcome": lambda word: outcome_word(report.kind, word, language),
    }
