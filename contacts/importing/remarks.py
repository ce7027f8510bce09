"""Remarks: what an office should know of the rows that were imported, beside what is wrong with them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from contacts.columns import vocabulary
from contacts.files.sheets import Spot
from contacts.importing.enrolment import Enrolment
from contacts.importing.import_report import Left, Missing, NewWord, StillOut
from contacts.importing.register import Register
from contacts.models import Resident
from contacts.name_readings import by_character
from contacts.people import consent
from contacts.places import spoken_place
from contacts.profiles import Address
from contacts.queries.names import SpokenWords
from contacts.rows.entries import ResidentEntry
from core.i18n import InWords, Language


def still_out(register: Register, entry: ResidentEntry, resident: Resident) -> StillOut:
    """Somebody who wants no calls, and whom the file would have opted in."""
    own = consent.opted_out(resident)
    opt_out = own or consent.opt_outs_in_force(resident)[-1]
    return StillOut(entry.row, entry.name, _day(register, opt_out.said_at), opt_out.how, own is not None)


def new_words(entries: Sequence[ResidentEntry], carried: Collection[str], usual: Collection[str]) -> Iterator[NewWord]:
    """The community's own words that nobody carried before, each once: one of them may be a slip of the pen.

    What is offered instead are words of the vocabulary, and ``usual`` ones, which several residents carry.
    """
    known = set(carried)
    for entry in entries:
        for word in sorted((entry.flags or frozenset()) - known):
            known.add(word)
            if vocabulary.flag(word) is None:
                yield NewWord(word, entry.row, vocabulary.nearest_flags(word, usual))


def who_left(register: Register, entries: Sequence[ResidentEntry]) -> dict[Spot, Left]:
    """The rows (by where they stand) of people who have been removed: a list does not bring them back."""
    found = {}
    for entry in entries:
        gone = register.gone.get((entry.name, entry.address)) or register.gone.get((entry.name, entry.numbers[0]))
        if gone is not None:
            found[entry.row] = Left(entry.row, entry.name, _day(register, gone.at), gone.because)
    return found


def missing(register: Register, names: Collection[str], there: Collection[UUID]) -> Iterator[Missing]:
    """Who is enrolled and not in the file; somebody of one of these ``names`` may be in a row that has a mistake."""
    for (name, address), resident_id in register.by_home.items():
        if resident_id not in there and name not in names:
            yield Missing(resident_id, name, place(address))


def spoken(enrolment: Enrolment) -> Iterator[SpokenWords]:
    """How the voice calls them."""
    reading = by_character(enrolment.name, enrolment.reading)
    for said in dict.fromkeys((enrolment.called, enrolment.name)):
        yield SpokenWords(enrolment.name, said, enrolment.language, reading)


def _day(register: Register, at: datetime) -> date:
    return at.astimezone(ZoneInfo(register.community.timezone)).date()


def place(address: Address) -> InWords:
    """Where somebody lives, as it is said."""
    parts = (address.building, address.unit, address.room)
    return InWords(spoken_place(Language.CHINESE, *parts), spoken_place(Language.ENGLISH, *parts))
