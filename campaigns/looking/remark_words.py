"""Remarks in words, with the rule by which each was made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.midnight import midnight
from campaigns.noticed import Remark, RemarkKind
from campaigns.queries import histories as queries
from contacts.models import Community
from core.i18n import Language, translate

SAID: Mapping[RemarkKind, str] = {
    RemarkKind.LATER: "answered {minutes} minutes later than usual",
    RemarkKind.MORE_CALLS: "answered only at call {calls}, which has been more than ever in four weeks",
    RemarkKind.UNWELL_AGAIN: "has said {times} times within a week that they are unwell",
    RemarkKind.FIRST_SILENCE: "was silent for the first time since {since}",
    RemarkKind.SILENT_ROUNDS: "has been silent in {rounds} rounds running, since {since}",
}
RULES: Mapping[RemarkKind, str] = {
    RemarkKind.LATER: "Compared with their own answers of four weeks, at least ten: half an hour later than usual or"
    " more, and four times as much as that varies. What the whole round was later is taken off.",
    RemarkKind.MORE_CALLS: "Compared with their own answers of four weeks, at least twenty: none of them took so many"
    " calls.",
    RemarkKind.UNWELL_AGAIN: "They have said twice or oftener within seven days that they are unwell.",
    RemarkKind.FIRST_SILENCE: "They had answered every time for two months or longer, in at least thirty rounds.",
    RemarkKind.SILENT_ROUNDS: "They have said nothing in three rounds running or more. They are rung in every round.",
}
ON_FILE = 20
"""So many remarks, the latest, are shown on a file."""


@dataclass(frozen=True)
class RemarkLine:
    """One remark; ``facts`` fill the gaps of its words."""

    resident_id: UUID
    round_id: UUID
    kind: RemarkKind
    at: datetime
    facts: Mapping[str, int | str]

    def said(self, language: Language, zone: ZoneInfo) -> str:
        """What was unusual, as what follows the name; days are those of ``zone``."""
        return translate(language, SAID[self.kind], **{name: _local(each, zone) for name, each in self.facts.items()})

    def rule(self, language: Language) -> str:
        """By which rule it was remarked."""
        return translate(language, RULES[self.kind])


class HasRemarks(Protocol):
    """Somebody about whom something was remarked."""

    @property
    def remarks(self) -> Sequence[RemarkLine]:
        """What that is."""


def lately(session: Session, community: Community, now: datetime) -> dict[UUID, list[RemarkLine]]:
    """By resident, what was remarked yesterday and today in community time; of each kind the latest."""
    zone = ZoneInfo(community.timezone)
    since = midnight(zone, midnight(zone, now) - timedelta(hours=1))
    found: dict[UUID, dict[RemarkKind, RemarkLine]] = {}
    for each in queries.remarks_since(session, community.id, since):
        found.setdefault(each.resident_id, {})[each.kind] = _line(each)
    return {resident_id: list(lines.values()) for resident_id, lines in found.items()}


def of_resident(session: Session, resident_id: UUID) -> list[RemarkLine]:
    """What was remarked about one resident, the latest first."""
    return _lines(queries.remarks_of(session, resident_id, ON_FILE))


def of_round(session: Session, round_id: UUID) -> list[RemarkLine]:
    """What was remarked in a round."""
    return _lines(queries.remarks_of_round(session, round_id))


def rules_of(people: Iterable[HasRemarks], language: Language) -> list[str]:
    """The rules by which these remarks were made, each once."""
    kinds = {line.kind for person in people for line in person.remarks}
    return [translate(language, RULES[kind]) for kind in RemarkKind if kind in kinds]


def _lines(found: Sequence[Remark]) -> list[RemarkLine]:
    return list(map(_line, found))


def _line(remark: Remark) -> RemarkLine:
    return RemarkLine(remark.resident_id, remark.round_id, RemarkKind(remark.kind), remark.at, remark.facts)


def _local(value: int | str, zone: ZoneInfo) -> int | str:
    return datetime.fromisoformat(value).astimezone(zone).date().isoformat() if isinstance(value, str) else value
