"""What the page of the settings tells beside its forms: what was changed and by whom, periods, and versions."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.privacy import periods
from campaigns.privacy.periods import Kind
from campaigns.reports.community_history import Change, history
from contacts.models import Community
from core import zones
from core.i18n import Language, translate
from core.storage.migrating import revisions

CHANGES = 20


@dataclass(frozen=True)
class Period:
    """For how many ``days`` one ``kind`` of thing is kept, and the setting that says so."""

    kind: Kind
    days: int
    setting: str


@dataclass(frozen=True)
class SettingsPage:
    """``versions`` are (what, which); ``earlier`` is the event before which there are earlier changes, if there are."""

    changes: Sequence[Change]
    earlier: int | None
    periods: Sequence[Period]
    versions: Sequence[tuple[str, str]]


def settings_page(
    session: Session, community: Community, language: Language, version: str, before: int | None = None
) -> SettingsPage:
    """As it is now, with the changes ``before`` an event; ``version`` is Zao'an's own."""
    changes = history(session, community, language, CHANGES, before)
    return SettingsPage(
        changes,
        changes[-1].event_id if len({each.event_id for each in changes}) == CHANGES else None,
        [Period(kind, periods.days(kind), f"ZAOAN_{periods.SETTINGS[kind].upper()}") for kind in Kind],
        [("Zao'an", version), *_below(session, language)],
    )


def _below(session: Session, language: Language) -> Sequence[tuple[str, str]]:
    """What Zao'an stands on."""
    dialect = session.connection().dialect
    number = ".".join(str(each) for each in (getattr(dialect, "server_version_info", None) or ()))
    name = "PostgreSQL" if dialect.name == "postgresql" else "SQLite"
    return [
        (translate(language, "Schema of the database"), revisions()[-1]),
        (translate(language, "Database"), f"{name} {number}"),
        ("Python", platform.python_version()),
        (translate(language, "Time zone data"), zones.version()),
    ]
