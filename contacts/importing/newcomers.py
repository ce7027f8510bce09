"""Newcomers of a list: what a row says of somebody whom nobody knew."""

from contacts.columns.consent_words import Answer
from contacts.importing.enrolment import Change, ConsentChange, Enrolment
from contacts.importing.register import Register
from contacts.models import Wants
from contacts.people.newcomers import Newcomer, Newcomers, NewRelative
from contacts.rows.entries import ResidentEntry
from core.timbre import Timbre


def take_in(newcomers: Newcomers, register: Register, entry: ResidentEntry, consent: str | None) -> Enrolment:
    """Adds somebody of a row to the ``newcomers``, in a home that there is; ``consent`` holds for the whole file."""
    language = entry.language or register.community.language
    change, agreed, refused = _answer(entry, consent)
    who = Newcomer(
        household_id=register.homes.known[entry.address].household_id,
        name=entry.name,
        called=entry.called or entry.name,
        language=language,
        numbers=entry.numbers,
        reading=entry.reading or "",
        birth_year=entry.birth_year,
        pace=entry.pace,
        timbre=entry.voice or Timbre.USUAL,
        call_time=entry.call_time,
        notes=entry.notes or "",
        flags=entry.flags or (),
        relatives=[
            NewRelative(
                each.called(language), each.number, each.relation or "", each.wants or Wants.PROBLEMS, each.email or ""
            )
            for each in entry.relatives or ()
        ],
        agreed=agreed,
        refused=refused,
    )
    register.homes.note(entry.address, entry.way_in)
    resident_id = newcomers.add(who)
    return Enrolment(
        Change.ADDED, resident_id, who.name, who.called, language, change, bool(agreed), reading=who.reading
    )


def _answer(entry: ResidentEntry, whole_file: str | None) -> tuple[ConsentChange, str, str]:
    """What the row has done, with how they have agreed or refused; nobody new has done either before."""
    cell = entry.consent
    answer = cell.answer if cell else Answer.NOTHING
    if cell and answer is Answer.NO:
        return ConsentChange.REFUSED, "", cell.words
    if cell and answer is Answer.YES:
        return ConsentChange.AGREED, cell.words, ""
    if answer is Answer.UNCLEAR or not whole_file:
        return ConsentChange.NOTHING, "", ""
    return ConsentChange.AGREED_FOR_ALL, whole_file, ""
