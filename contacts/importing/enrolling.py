"""Enrolling: brings residents who are known to what the rows of a spreadsheet say."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from contacts.columns.columns import Field
from contacts.columns.consent_words import Answer, ConsentCell
from contacts.importing import remarks
from contacts.importing.enrolment import Change, ConsentChange, Enrolment
from contacts.importing.register import Register
from contacts.models import Resident, Wants
from contacts.people import consent as consenting
from contacts.people import households, relative_changes, resident_changes
from contacts.people.consent import ByList
from contacts.people.particulars import Particulars
from contacts.people.relative_changes import RelativeParticulars
from contacts.profiles import Address
from contacts.rows.entries import RelativeEntry, ResidentEntry
from core.actors import Actor
from core.changes import Changed
from core.timbre import Timbre

_CHANGES = {ConsentChange.AGREED, ConsentChange.AGREED_FOR_ALL, ConsentChange.WITHDRAWN, ConsentChange.REFUSED}
_YES = {
    ByList.NOTHING_NEW: ConsentChange.NOTHING,
    ByList.DONE: ConsentChange.AGREED,
    ByList.OPTED_OUT: ConsentChange.STILL_OUT,
}


def enrol(register: Register, entry: ResidentEntry, known: Resident, consent: str | None) -> Enrolment:
    """Stores what a row says of somebody known, in a home that there is; ``consent`` holds for the whole file."""
    session, actor = register.session, register.actor
    had_agreed = _agreement(known)
    changes = [
        *_move(register, known, entry.address),
        *resident_changes.tell(session, actor, known, _particulars(entry, known)),
        *resident_changes.renumber(session, actor, known, _numbers(entry, known)),
        *(() if entry.flags is None else resident_changes.flag(session, actor, known, entry.flags)),
        *_relate(session, actor, known, entry),
        *register.homes.note(entry.address, entry.way_in),
    ]
    done = _agree(register, known, entry.consent, consent)
    if done in _CHANGES:
        changes.append(Changed("consent", None if done is ConsentChange.REFUSED else had_agreed, _agreement(known)))
    change = Change.CHANGED if changes else Change.UNCHANGED
    still_out = remarks.still_out(register, entry, known) if done is ConsentChange.STILL_OUT else None
    agreed = bool(consenting.consents_in_force(known))
    return Enrolment(change, known.id, known.name, known.called, known.language, done, agreed, still_out, known.reading,
                     tuple(changes))  # fmt: skip


def _agreement(resident: Resident) -> str | bool:
    """How and when they have agreed; False: they have not."""
    found = consenting.consents_in_force(resident)
    return (found[-1].statement or True) if found else False


def _move(register: Register, known: Resident, address: Address) -> list[Changed]:
    """They live at this address, in a home that there is."""
    if not households.put(register.session, register.actor, known, register.homes.known[address].household_id):
        return []
    _, before = register.home_of[known.id]
    return [Changed("home", asdict(before), asdict(address))]


def _particulars(entry: ResidentEntry, resident: Resident) -> Particulars:
    """What the row tells of the person: an emptied cell empties it, a missing column leaves it as it is."""
    told = Particulars(name=entry.name)
    if entry.notes is not None:
        told["notes"] = entry.notes
    if entry.language is not None:
        told["language"] = entry.language
    if entry.called is not None:
        told["called"] = entry.called or entry.name
    if Field.READING in entry.columns:
        told["reading"] = entry.reading or ""
    if Field.BIRTH_YEAR in entry.columns or (
        entry.birth_year and abs(entry.birth_year - (resident.birth_year or 0)) > 1
    ):
        told["birth_year"] = entry.birth_year
    if Field.CALL_TIME in entry.columns:
        told["call_time"] = entry.call_time
    if Field.PACE in entry.columns:
        told["pace"] = entry.pace
    if Field.VOICE in entry.columns:
        told["timbre"] = entry.voice or Timbre.USUAL
    return told


def _numbers(entry: ResidentEntry, resident: Resident) -> list[str]:
    """The first two numbers are the file's; others stay behind them."""
    before = [phone.number for phone in resident.phones]
    kept = before[2:] if Field.SECOND_PHONE in entry.columns else before[1:]
    return list(dict.fromkeys([*entry.numbers, *kept]))


def _relate(session: Session, actor: Actor, resident: Resident, entry: ResidentEntry) -> list[Changed]:
    """Relatives are known by their number; whoever is no longer written down is no longer told anything."""
    if entry.relatives is None:
        return []
    before = {relative.number: relative for relative in resident.relatives}
    gone = before.keys() - {each.number for each in entry.relatives} if entry.all_relatives else frozenset[str]()
    changes = [relative_changes.drop(session, actor, resident, before[number]) for number in sorted(gone)]
    for each in entry.relatives:
        known = before.get(each.number)
        if known is not None:
            told = _told(each)
        else:
            told = RelativeParticulars(name=each.called(resident.language), number=each.number,
                                       relation=each.relation or "", wants=each.wants or Wants.PROBLEMS,
                                       email=each.email or "")  # fmt: skip
        changes += relative_changes.tell(session, actor, resident, known, told)
    return changes


def _told(entry: RelativeEntry) -> RelativeParticulars:
    """Only what the file tells."""
    told = RelativeParticulars()
    if entry.name is not None:
        told["name"] = entry.name
    if entry.relation is not None:
        told["relation"] = entry.relation
    if entry.wants is not None:
        told["wants"] = entry.wants
    if entry.email is not None:
        told["email"] = entry.email
    return told


def _agree(register: Register, resident: Resident, cell: ConsentCell | None, whole_file: str | None) -> ConsentChange:
    """The row's own word goes first; what holds for the whole file never overrules a refusal, nor fills a question."""
    answer = cell.answer if cell else Answer.NOTHING
    if cell and answer is Answer.NO:
        return _refuse(register, resident, cell.words)
    if cell and answer is Answer.YES:
        return _YES[consenting.agree_by_list(register.session, register.actor, resident, cell.words)]
    if answer is Answer.UNCLEAR:
        return ConsentChange.NOTHING
    if whole_file and consenting.opt_outs_in_force(resident):
        return ConsentChange.STILL_OUT
    if whole_file:
        done = _YES[consenting.agree_by_list(register.session, register.actor, resident, whole_file)]
        return ConsentChange.AGREED_FOR_ALL if done is ConsentChange.AGREED else done
    return ConsentChange.LEFT if cell and consenting.consents_in_force(resident) else ConsentChange.NOTHING


def _refuse(register: Register, resident: Resident, words: str) -> ConsentChange:
    had_agreed = bool(consenting.consents_in_force(resident))
    done = consenting.refuse_by_list(register.session, register.actor, resident, words)
    if done is ByList.NOTHING_NEW:
        return ConsentChange.NOTHING
    return ConsentChange.WITHDRAWN if had_agreed else ConsentChange.REFUSED
