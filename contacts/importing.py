"""Importing: spreadsheets of residents and responders; the same file a second time changes nothing."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from contacts import spreadsheets
from contacts.columns import Column, Field, Layout, layout
from contacts.columns import Kind as Kind  # part of what callers say
from contacts.community import the_community
from contacts.enlisting import enlist, known_responders
from contacts.enrolling import Change, enrol, open_register, recognised
from contacts.entries import (
    ResidentEntry,
    ResponderEntry,
    RowProblem,
    RowReader,
    resident_entry,
    responder_entry,
)
from contacts.models import Community
from contacts.profiles import Address
from contacts.queries import SpokenWords
from contacts.spreadsheets import Row
from core import events
from core.database import unit_of_work
from core.errors import UserError
from core.i18n import Language

Entry = TypeVar("Entry", ResidentEntry, ResponderEntry)


@dataclass(frozen=True)
class ImportReport:
    """What an import has done, or in a dry run would have done.

    Rows with ``problems`` were left out; ``uncalled`` are enrolled but never called, because nobody has consented.
    ``spoken`` is how the residents of the file are called aloud.
    """

    kind: Kind
    added: int
    changed: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    uncalled: tuple[str, ...]
    spoken: tuple[SpokenWords, ...]
    dry_run: bool


@dataclass(frozen=True)
class _Sheet:
    """A file that has been read, for one community; ``problems`` grows with every step."""

    community: Community
    layout: Layout
    rows: Sequence[Row]
    problems: list[RowProblem]


def run_import(kind: Kind, path: Path, *, consent: str | None, dry_run: bool) -> ImportReport:
    """Stores all good rows in one unit of work, and none of a row that has a problem.

    ``consent`` says for the whole file when and how consent was given; a row's own statement goes first.
    Raises ``UserError`` when the file as a whole cannot be used.
    """
    rows = spreadsheets.read(path)
    found = layout(kind, rows)
    below = [row for row in rows if row.number > found.header_row]
    with unit_of_work() as session, session.begin_nested() as attempt:
        sheet = _Sheet(the_community(session), found, below, _header_problems(found))
        report = _store(session, kind, sheet, consent, dry_run)
        if dry_run:
            attempt.rollback()
        else:
            _announce(session, report)
    return report


def _store(session: Session, kind: Kind, sheet: _Sheet, consent: str | None, dry_run: bool) -> ImportReport:
    if kind is Kind.RESIDENTS:
        changes, uncalled, spoken = _store_residents(session, sheet, consent)
    else:
        changes, uncalled, spoken = _store_responders(session, sheet), (), ()
    return ImportReport(
        kind=kind,
        added=changes[Change.ADDED],
        changed=changes[Change.CHANGED],
        unchanged=changes[Change.UNCHANGED],
        problems=tuple(sorted(sheet.problems, key=lambda problem: problem.row)),
        uncalled=uncalled,
        spoken=spoken,
        dry_run=dry_run,
    )


def _store_residents(
    session: Session, sheet: _Sheet, consent: str | None
) -> tuple[Counter[Change], tuple[str, ...], tuple[SpokenWords, ...]]:
    entries = _distinct(sheet, _read(sheet, resident_entry), _resident_keys, Field.NAME)
    entries = _agreeing_on_access(sheet, entries)
    register = open_register(session, sheet.community)
    known = recognised(register, entries)
    changes: Counter[Change] = Counter()
    uncalled, spoken = [], []
    for entry in entries:
        change, resident = enrol(register, entry, known.get(entry.row), consent)
        changes[change] += 1
        spoken += [
            SpokenWords(resident.name, said, resident.language)
            for said in dict.fromkeys((resident.called, resident.name))
        ]
        if all(agreed.withdrawn_at for agreed in resident.consents):
            uncalled.append(entry.name)
    session.flush()
    return changes, tuple(uncalled), tuple(spoken)


def _store_responders(session: Session, sheet: _Sheet) -> Counter[Change]:
    entries = _distinct(sheet, _read(sheet, responder_entry), lambda entry: [entry.number], Field.PHONE)
    known = known_responders(session, sheet.community, entries)
    changes = Counter(enlist(session, sheet.community, entry, known.get(entry.row)) for entry in entries)
    session.flush()
    return changes


def _read(sheet: _Sheet, reading: Callable[[RowReader], Entry | None]) -> list[Entry]:
    entries = []
    for row in sheet.rows:
        reader = RowReader(sheet.layout, row, sheet.community)
        if entry := reading(reader):
            entries.append(entry)
        sheet.problems.extend(reader.problems)
    return entries


def _resident_keys(entry: ResidentEntry) -> Sequence[Hashable]:
    return (entry.name, entry.address), (entry.name, entry.numbers[0])


def _distinct(
    sheet: _Sheet, entries: Iterable[Entry], keys: Callable[[Entry], Sequence[Hashable]], field: Field
) -> list[Entry]:
    """The entries without those that say again what an earlier row has said."""
    first: dict[Hashable, int] = {}
    kept = []
    for entry in entries:
        if earlier := next((first[key] for key in keys(entry) if key in first), None):
            error = UserError(
                "Row {earlier} already names this person.", way_out="Keep one of the two rows.", earlier=earlier
            )
            sheet.problems.append(_problem(sheet, entry.row, field, error))
            continue
        first |= dict.fromkeys(keys(entry), entry.row)
        kept.append(entry)
    return kept


def _agreeing_on_access(sheet: _Sheet, entries: Iterable[ResidentEntry]) -> list[ResidentEntry]:
    """What one row tells of the way into a home holds for everybody there; rows that contradict it are left out."""
    told: dict[Address, tuple[int, str]] = {}
    agreeing = []
    for entry in entries:
        row, notes = told.setdefault(entry.address, (entry.row, entry.access_notes)) if entry.access_notes else (0, "")
        if notes == (entry.access_notes or ""):
            agreeing.append(entry)
            continue
        error = UserError(
            "Row {earlier} tells another way into the same home.", way_out="Write the same in both rows.", earlier=row
        )
        sheet.problems.append(_problem(sheet, entry.row, Field.ACCESS_NOTES, error))
    return [
        replace(entry, access_notes=told[entry.address][1]) if entry.address in told else entry for entry in agreeing
    ]


def _header_problems(found: Layout) -> list[RowProblem]:
    return [RowProblem(found.header_row, str(error.value), str(error.value), error) for error in found.unknown]


def _problem(sheet: _Sheet, number: int, field: Field, error: UserError) -> RowProblem:
    column = Column(field)
    row = next(row for row in sheet.rows if row.number == number)
    return RowProblem(number, column.title(Language.ENGLISH), sheet.layout.text(row, column) or "", error)


def _announce(session: Session, report: ImportReport) -> None:
    events.append(
        session,
        "contacts.imported",
        kind=report.kind.value,
        added=report.added,
        changed=report.changed,
        problems=len(report.problems),
    )
