"""The printable page of a round's report."""

from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from campaigns.models import CampaignKind
from campaigns.reports.round_report import FullReport, ReportLine
from campaigns.reports.verification import Certificate
from console.shell.rendering import template
from contacts.columns import vocabulary
from contacts.places import spelled_place
from core.i18n import Language, translate


def round_sheet(report: FullReport, certificate: Certificate, zone: ZoneInfo, region: str, language: Language) -> str:
    """HTML of the whole report; ``zone`` and ``region`` are the community's."""
    locale = language.replace("-", "_")
    return template("sheet_round.html").render(
        language=language.value,
        report=report,
        certificate=certificate,
        t=lambda text, **gaps: translate(language, text, **gaps),
        at=lambda instant: format_datetime(instant, "short", tzinfo=zone, locale=locale) if instant else "–",
        flag=lambda key: (
            vocabulary.chinese(vocabulary.FLAGS, key) if language is Language.CHINESE else vocabulary.english(key)
        ),
        cluster=lambda each: each.said(language, region),
        remark=lambda each: each.said(language, zone),
        place=lambda line: place(line, language),
        building=lambda name: spelled_place(language, name, "", "") or "–",
        outcome=lambda word: outcome_word(report.kind, word, language),
    )


def place(line: ReportLine, language: Language) -> str:
    """Where somebody lives, in this language."""
    return spelled_place(language, line.building, line.unit, line.room)


def outcome_word(kind: str, outcome: str | None, language: Language) -> str:
    """An outcome in words; an ``ok`` of a notice says that it was heard, not that somebody is well."""
    if kind == CampaignKind.NOTICE and outcome == "ok":
        return translate(language, "notice:ok")
    return translate(language, f"outcome:{outcome or 'open'}")
