"""What a round's report says of a resident, in words: where they live, their flags, what came of their check-in."""

from campaigns.models import CampaignKind
from campaigns.reports.round_report import ReportLine
from contacts.columns import vocabulary
from contacts.places import spelled_place
from core.i18n import Language, translate


def place(line: ReportLine, language: Language) -> str:
    """Where somebody lives, in this language."""
    return spelled_place(language, line.building, line.unit, line.room)


def flag_word(flag: str, language: Language) -> str:
    """A flag in this language; a community's own words stay as they are."""
    return vocabulary.chinese(vocabulary.FLAGS, flag) if language is Language.CHINESE else vocabulary.english(flag)


def outcome_word(kind: str, outcome: str | None, language: Language) -> str:
    """An outcome in words; an ``ok`` of a notice says that it was heard, not that somebody is well."""
    if kind == CampaignKind.NOTICE and outcome == "ok":
        return translate(language, "notice:ok")
    return translate(language, f"outcome:{outcome or 'open'}")
