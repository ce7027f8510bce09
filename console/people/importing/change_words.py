"""What a list changes of somebody, in words: what it was, and what it would be."""

from collections.abc import Mapping
from typing import Any

from console.people.people_words import flag_word
from contacts import places
from contacts.file_labels import label_of
from contacts.name_readings import marked
from contacts.phones import formatted
from core.i18n import Language, listed, translate

NOTHING = "–"
_KINDS = {"timbre": "voice", "telephone_state": "phone", "language": "spoken", "role": "role",
          "languages": "speaks", "skills": "skill"}  # fmt: skip
"""What is a word of the catalogue, and under which kind."""


def label(what: str, language: Language) -> str:
    """What is changed."""
    return translate(language, label_of(what))


def value(what: str, known: Any, language: Language, region: str) -> str:
    """What it was, or would be; of health nothing is told but that it is written."""
    if what == "health_notes":
        return translate(language, "written apart")
    if what == "pin":
        return translate(language, "written down" if known else "none written down")
    if isinstance(known, bool):
        return translate(language, "has agreed to be called" if known else "has not agreed to be called")
    if known in (None, "", []):
        return NOTHING
    if isinstance(known, list):
        return listed(language, [_item(what, each, language, region) for each in known])
    return _item(what, known, language, region)


def _item(what: str, known: Any, language: Language, region: str) -> str:
    if what == "areas":
        return str(known[language.value])
    if isinstance(known, Mapping):
        return _whole(what, known, language, region)
    if what == "flags":
        return flag_word(known, language)
    if what in {"telephones", "key_holder_number", "number", "second_number"}:
        return formatted(known, region)
    if what in _KINDS:
        return translate(language, f"{_KINDS[what]}:{known}")
    return marked(known) if what == "reading" else str(known)[:5] if what == "call_time" else str(known)


def _whole(what: str, known: Mapping[str, Any], language: Language, region: str) -> str:
    if what == "home":
        return places.spelled_place(language, known["building"], known["unit"], known["room"])
    if what == "absences":
        last = known["last"]
        text = "paused from {first} to {last}" if last else "paused from {first} until it is resumed"
        return translate(language, text, first=known["first"], last=last)
    wants = translate(language, f"wants:{known['wants']}")
    parts = (known["name"], known["relation"], formatted(known["number"], region), known["email"], wants)
    return " ".join(part for part in parts if part)
