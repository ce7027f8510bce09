"""Two files side by side: what each of them tells, and in what they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.people.people_words import flag_word
from contacts.models import Area, Resident
from contacts.name_readings import marked
from contacts.people.consent import consents_in_force, opt_outs_in_force
from contacts.phones import formatted
from contacts.places import spelled_place
from contacts.profiles import address_of
from core.i18n import Language, translate

Told = Sequence[str]
"""What one file tells of one thing, each in words; empty where it tells nothing."""


@dataclass(frozen=True)
class Fact:
    """One thing that at least one of the two files tells; ``label`` is a key of the catalogue."""

    label: str
    first: Told
    second: Told

    @property
    def differs(self) -> bool:
        """Whether the files do not say the same, in whatever order."""
        return sorted(self.first) != sorted(self.second)


@dataclass(frozen=True)
class Speaker:
    """In which ``language`` files are told, with the areas around homes; telephones as in ``region``."""

    language: Language
    region: str
    tree: Mapping[UUID, Area]

    def word(self, key: str) -> str:
        """A text of the catalogue."""
        return translate(self.language, key)


def facts(first: Resident, second: Resident, by: Speaker) -> list[Fact]:
    """What the two files tell, the same things beside each other."""
    found = (Fact(label, tuple(told(first, by)), tuple(told(second, by))) for label, told in _FACTS)
    return [each for each in found if each.first or each.second]


def home_of(who: Resident, by: Speaker) -> str:
    """The home in words."""
    address = address_of(who.household, by.tree)
    return spelled_place(by.language, address.building, address.unit, address.room)


def _one(text: object) -> Iterator[str]:
    if text:
        yield str(text)


def _telephones(who: Resident, by: Speaker) -> Iterator[str]:
    for each in who.phones:
        state = "" if each.state == "good" else f" · {by.word(f'phone:{each.state}')}"
        yield formatted(each.number, by.region) + state


def _relatives(who: Resident, by: Speaker) -> Iterator[str]:
    for each in who.relatives:
        yield " ".join(part for part in (each.name, each.relation, formatted(each.number, by.region)) if part)


def _consent(who: Resident, by: Speaker) -> Iterator[str]:
    if opt_outs_in_force(who):
        yield by.word("Wishes no calls")
    else:
        yield by.word("has agreed to be called" if consents_in_force(who) else "has not agreed to be called")


_FACTS: Sequence[tuple[str, Callable[[Resident, Speaker], Iterator[str]]]] = (
    ("likeness:name", lambda who, _: _one(who.name)),
    ("reading", lambda who, _: _one(marked(who.reading))),
    ("form of address", lambda who, _: _one(who.called)),
    ("place", lambda who, by: _one(home_of(who, by))),
    ("telephone", _telephones),
    ("birth year", lambda who, _: _one(who.birth_year)),
    ("language", lambda who, by: _one(by.word(f"spoken:{who.language}"))),
    ("flags", lambda who, by: (flag_word(each, by.language) for each in sorted(one.flag for one in who.flags))),
    ("relatives", _relatives),
    ("consent", _consent),
    ("notes", lambda who, _: _one(who.notes)),
)
"""What is looked at, by its label."""
