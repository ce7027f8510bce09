"""The printable page of the checklist."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from campaigns.looking.remark_words import RemarkLine
from console.shell.rendering import template
from contacts.columns import vocabulary
from contacts.models import Community
from contacts.people.checklist import ChecklistBuilding, ChecklistLine
from contacts.phones import formatted
from contacts.places import spelled_place
from core import settings
from core.i18n import Language, translate

Remarked = Mapping[UUID, Sequence[RemarkLine]]
"""By resident, what is unusual for them."""
BOXES = ("fine", "needs something", "unwell", "not reached")
"""What is ticked at the door or at the telephone."""


def checklist_sheet(
    community: Community, buildings: Sequence[ChecklistBuilding], day: date, language: Language, remarked: Remarked
) -> str:
    """HTML of the checklist, a page for each building."""
    return template("sheets/sheet_checklist.html").render(
        language=language.value,
        community=community.name,
        buildings=buildings,
        boxes=BOXES,
        day=format_date(day, "full", locale=language.replace("-", "_")),
        emergency=settings.current().emergency_number,
        t=lambda text, **gaps: translate(language, text, **gaps),
        phone=lambda number: formatted(number, community.region),
        building=lambda name: building_word(name, language),
        home=lambda line: spelled_place(language, "", line.unit, line.room),
        remarks=lambda line: remarks(line, day, language),
        unusual=lambda line: [
            each.said(language, ZoneInfo(community.timezone)) for each in remarked.get(line.resident_id, ())
        ],
        rules=remark_rules(remarked, language),
    )


def remark_rules(remarked: Remarked, language: Language) -> list[str]:
    """The rules by which these remarks were made, each once."""
    return list(dict.fromkeys(each.rule(language) for lines in remarked.values() for each in lines))


def building_word(name: str, language: Language) -> str:
    """A building as people read it."""
    return spelled_place(language, name, "", "") or translate(language, "without a building")


def remarks(line: ChecklistLine, day: date, language: Language) -> list[str]:
    """What whoever goes there should know: age, flags, whether they are away, whether they wish no calls."""
    said = [translate(language, "about {age} years old", age=day.year - line.birth_year)] if line.birth_year else []
    said += [vocabulary.chinese(vocabulary.FLAGS, each) if language is Language.CHINESE else vocabulary.english(each)
             for each in line.flags]  # fmt: skip
    if line.away:
        said.append(translate(language, "away until {day}", day=line.away_until.isoformat()) if line.away_until
                    else translate(language, "away"))  # fmt: skip
    if not line.agreed:
        said.append(translate(language, "has not agreed to calls"))
    return said
