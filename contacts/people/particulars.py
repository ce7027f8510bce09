"""Particulars: what is told of a person, checked before anything is stored, whoever says it."""

from collections.abc import Callable, Collection, Mapping
from datetime import time
from typing import Any, TypedDict

from contacts import name_readings, phones
from contacts.columns import consent_words
from contacts.columns.consent_words import Answer
from contacts.models import Community, Wants
from contacts.rows import cells, names
from core.errors import UserError
from core.i18n import Language
from core.timbre import Timbre


class Particulars(TypedDict, total=False):
    """What is told of a resident; None, or an empty text, empties what may be empty. Each may be as people write it."""

    name: str
    called: str
    reading: str
    birth_year: int | str | None
    language: Language | str
    pace: int | str | None
    timbre: Timbre | str
    call_time: time | str | None
    notes: str


class RelativeParticulars(TypedDict, total=False):
    """What is told of a relative; ``number`` and the words may be as people write them."""

    name: str
    number: str
    relation: str
    email: str
    language: Language | str
    wants: Wants | str


_READ: Mapping[str, tuple[Callable[[str], Any], Any]] = {
    "birth_year": (cells.birth_year, None),
    "pace": (cells.pace, None),
    "timbre": (cells.voice, Timbre.USUAL),
    "call_time": (cells.time_of_day, None),
}
"""How a text is read, and what stands where nothing is told."""


def checked(told: Particulars, name: str = "") -> dict[str, Any]:
    """The values as they are kept, by the columns of ``Resident``; ``name`` is theirs where none is told.

    Raises ``UserError``.
    """
    found: dict[str, Any] = {**told}
    for field in ("name", "called"):
        if field in told:
            found[field] = filled(found[field], field)
    if "name" in found:
        found["name"] = names.one_person(found["name"])
    if told.get("reading"):
        found["reading"] = name_readings.reading(told["reading"], found.get("name", name))
    if "language" in told:
        found["language"] = cells.language(filled(told["language"], "language"))
    if "notes" in told:
        found["notes"] = told["notes"].strip()
    for each, (reading, nothing) in _READ.items():
        if each in found:
            written = _text(found[each])
            found[each] = reading(written) if written else nothing
    return found


def checked_relative(told: RelativeParticulars) -> dict[str, Any]:
    """The values as they are kept, by the columns of ``Relative``; the number is left as it was written.

    Raises ``UserError``.
    """
    found: dict[str, Any] = {**told}
    if "name" in told:
        found["name"] = names.one_person(filled(told["name"], "relative name"))
    if "relation" in told:
        found["relation"] = " ".join(told["relation"].split())
    if "email" in told:
        found["email"] = cells.email(told["email"], "email")
    if "language" in told:
        found["language"] = cells.language(filled(told["language"], "language"))
    if "wants" in told:
        found["wants"] = cells.wants(filled(told["wants"], "relative wants"))
    return found


def filled(text: str, field: str) -> str:
    """A text without blanks around it and with single ones inside; raises ``UserError`` where it is empty."""
    found = " ".join(str(text).split())
    if not found:
        raise UserError("Nothing is written here.", way_out="Fill it in.", field=field, value="")
    return found


def number_of(community: Community, written: str, ours: Collection[str] = (), field: str = "phone") -> str:
    """The number in E.164; raises ``PhoneError``, also for one of ``ours`` (E.164), that names this field."""
    try:
        number = phones.parse(written, community.region, community.area_code)
        if number in ours:
            raise phones.OurNumberError(written)
    except phones.PhoneError as wrong:
        wrong.field = field
        raise
    return number


def agreement(words: str) -> str:
    """How somebody has agreed to be called; raises ``UserError`` for words that do not say that they have."""
    said = words.strip()
    if not said or consent_words.answer(said) is Answer.YES:
        return said
    raise UserError("“{value}” does not say how and when they have agreed.",
                    way_out="Write for example “signed form 2026-11-01”; leave it out if they have not agreed.",
                    field="consent", value=words)  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
