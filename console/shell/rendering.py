"""What the templates say it with, in one language."""

from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from campaigns.models import Outcome
from console.shell import links
from console.shell.visitors import is_staff
from console.view.mornings import CheckInLine
from console.view.roster import place_in
from console.view.signs import Sign, sign_of
from contacts import places
from contacts.phones import formatted
from core import clock, settings
from core.i18n import Language, translate
from core.settings import Telephony
from escalation.findings import Finding
from escalation.models import CaseKind
from escalation.paging import reach

TEMPLATES = Path(__file__).parents[1] / "templates"
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)
_environment.filters["is_staff"] = is_staff
_environment.globals.update(formatted=formatted, spoken_building=places.spoken_building, spoken_unit=places.spoken_unit,
                            colons={Language.CHINESE.value: "：", Language.ENGLISH.value: ": "})  # fmt: skip


def template(name: str) -> Template:
    """One of the pages' templates."""
    return _environment.get_template(name)


def frame_of(language: Language) -> dict[str, Any]:
    """What the frame around every page says it with."""
    chosen = settings.current()
    return {
        "language": language.value,
        "other": _other(language).value,
        "real_now": clock.real_now(),
        "simulated": chosen.telephony is Telephony.EXCHANGE,
        "region": chosen.region,
        "t": lambda text, **gaps: translate(language, text, **gaps),
        "also": lambda text: translate(_other(language), text),
    }


def _other(language: Language) -> Language:
    return next(each for each in Language if each is not language)


def page_words(language: Language) -> dict[str, Any]:
    """What the parts of Today say it with."""
    frame = frame_of(language)
    return frame | {
        "comma": "，" if language is Language.CHINESE else ", ",
        "stop": "。" if language is Language.CHINESE else ".",
        "exchange_page": links.exchange_page() if frame["simulated"] else None,
        "telephone": links.telephone if frame["simulated"] else _no_telephone,
        "sign_of_kind": _sign_of_kind,
        "findings": list(Finding),
        "danger": lambda gap: reach.describe(gap, language),
        "danger_way_out": reach.WAY_OUT,
        "answer": lambda line: translate(language, _answer(line)),
        "phrase": lambda each: each.say(language),
        "place": lambda spot: place_in(language, spot) if spot else "",
        "spoken_day": lambda day: format_date(day, "full", locale=language.replace("-", "_")),
    }


def _answer(line: CheckInLine) -> str:
    """What came of somebody's morning, or why nothing will, as a word of the catalogue."""
    if line.reason:
        return f"reason:{line.reason}" if line.outcome else f"unasked:{line.reason}"
    return f"outcome:{line.outcome}" if line.outcome else f"sign:{line.sign}"


def _sign_of_kind(kind: str) -> Sign:
    """Every kind of case is the outcome it came from; a message comes from somebody who wants a person."""
    if kind == CaseKind.WANTS_NO_CALLS:
        return Sign.EXCUSED
    if kind in {CaseKind.NOTICE_NOT_HEARD, CaseKind.SILENCE_CLUSTER}:
        return Sign.NOT_REACHED
    return Sign.WANTS_PERSON if kind == CaseKind.MESSAGE else sign_of(Outcome(kind), None)


def _no_telephone(_: str) -> None:
    """Real telephones cannot be opened in a browser."""
