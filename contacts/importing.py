"""Importing: spreadsheets of residents and responders; the same file a second time changes nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries, remarks, spreadsheets
from contacts.columns import Column, Field, Layout, layout
from contacts.columns import Kind as Kind  # part of what callers say
from contacts.community import the_community
from contacts.consent_words import Answer, answer
from contacts.consenting import consents_in_force
from contacts.enlisting import enlist, known_responders
from contacts.enrolling import Change, ConsentChange, Enrolment, enrol, open_register, recognised
from contacts.entries import (
    ResidentEntry,
    ResponderEntry,
    RowProblem,
    RowReader,
    resident_entry,
    responder_entry,
)
from contacts.import_report import ByStatement
from contacts.import_report import ImportReport as ImportReport
from contacts.models import Community
from contacts.profiles import Address
from contacts.queries_audience import carried_flags, usual_flags
from contacts.spreadsheets import Row
from core import actors, events
from core.actors import Actor
from core.database import unit_of_work
from core.errors import UserError
from core.i18n import Language

Entry = TypeVar("Entry", ResidentEntry, ResponderEntry)


@dataclass(frozen=True)
class _Sheet:
    """A file that has been read, for one community; ``problems`` grows with every step. ``ours`` are our numbers."""

    community: Community
    actor: Actor
    layout: Layout
    rows: Sequence[Row]
    ours: frozenset[str]
    problems: list[RowProblem]

    @property
    def names(self) -> frozenset[str]:
        """Every name in the file, also in rows that have a mistake."""
        written = (self.layout.text(row, Column(Field.NAME)) or "" for row in self.rows)
        return frozenset(" ".join(name.split()) for name in written)


def run_import(
    kind: Kind,
    path: Path,
    *,
    consent: str | None,
    dry_run: bool,
    actor: Actor | None = None,
    ours: Collection[str] = (),
    remove: Callable[[Session, UUID], object] | None = None,
) -> ImportReport:
    """Stores all good rows in one unit of work, and none of a row that has a problem.

    ``consent`` says for the whole file when and how consent was given; a row's own statement goes first. ``ours`` are
    our own numbers (E.164). Residents whom the file does not name stay as they are, or ``remove`` is done to each, in
    the same unit of work; nobody is removed by a file in which a row was left out, for it may be theirs.
    Raises ``UserError`` when the file as a whole cannot be used.
    """
    _refuse_no_consent(consent)
    rows = spreadsheets.read(path)
    found = layout(kind, rows)
    below = [row for row in rows if row.number > found.header_row]
    with unit_of_work() as session, session.begin_nested() as attempt:
        who = actor or actors.system()
        sheet = _Sheet(the_community(session), who, found, below, frozenset(ours), _header_problems(found))
        report = replace(_store(session, kind, sheet, consent), dry_run=dry_run)
        if remove and all(problem.row_kept for problem in report.problems):
            report = replace(report, removed=report.missing, missing=())
            for gone in report.removed if not dry_run else ():
                remove(session, gone.resident_id)
        if dry_run:
            attempt.rollback()
        else:
            _announce(session, report, who)
    return report


def _store(session: Session, kind: Kind, sheet: _Sheet, consent: str | None) -> ImportReport:
    stored = _residents(session, sheet, consent) if kind is Kind.RESIDENTS else _responders(session, sheet)
    return replace(
        stored,
        problems=tuple(sorted(sheet.problems, key=lambda problem: problem.row)),
        shared=tuple(queries.shared_numbers(session, sheet.community.id)),
        in_homes=tuple(queries.numbers_in_several_homes(session, sheet.community.id)),
    )


def _residents(session: Session, sheet: _Sheet, consent: str | None) -> ImportReport:
    entries = _distinct(sheet, _read(sheet, resident_entry), _resident_keys, Field.NAME)
    entries = _agreeing_on_access(sheet, entries)
    carried, usual = carried_flags(session, sheet.community.id), usual_flags(session, sheet.community.id)
    register = open_register(session, sheet.community, sheet.actor)
    known = recognised(register, entries)
    left = remarks.who_left(register, [entry for entry in entries if entry.row not in known])
    entries = [entry for entry in entries if entry.row not in left]
    done = [(entry, enrol(register, entry, known.get(entry.row), consent)) for entry in entries]
    session.flush()
    residents = [enrolment.resident for _, enrolment in done]
    return replace(
        _counted(Kind.RESIDENTS, [enrolment.change for _, enrolment in done]),
        uncalled=tuple(each.name for each in residents if not consents_in_force(each)),
        withdrawn=_whose(done, ConsentChange.WITHDRAWN),
        kept=_whose(done, ConsentChange.LEFT),
        by_statement=tuple(
            ByStatement(entry.row, entry.name)
            for entry, enrolment in done
            if enrolment.consent is ConsentChange.AGREED_FOR_ALL
        ),
        still_out=tuple(
            remarks.still_out(register, *each) for each in done if each[1].consent is ConsentChange.STILL_OUT
        ),
        left=tuple(left.values()),
        missing=tuple(remarks.missing(register, sheet.names, residents)),
        new_words=tuple(remarks.new_words(entries, carried, usual)),
        spoken=tuple(words for each in residents for words in remarks.spoken(each)),
    )


def _responders(session: Session, sheet: _Sheet) -> ImportReport:
    entries = _distinct(sheet, _read(sheet, responder_entry), lambda entry: [entry.number], Field.PHONE)
    known = known_responders(session, sheet.community, entries)
    changes = [enlist(session, sheet.community, entry, known.get(entry.row)) for entry in entries]
    session.flush()
    return _counted(Kind.RESPONDERS, changes)


def _counted(kind: Kind, changes: Sequence[Change]) -> ImportReport:
    counts = Counter(changes)
    added, changed, unchanged = counts[Change.ADDED], counts[Change.CHANGED], counts[Change.UNCHANGED]
    return ImportReport(kind, added, changed, unchanged, problems=(), dry_run=False)


def _whose(done: Sequence[tuple[ResidentEntry, Enrolment]], consent: ConsentChange) -> tuple[str, ...]:
    return tuple(entry.name for entry, enrolment in done if enrolment.consent is consent)


def _read(sheet: _Sheet, reading: Callable[[RowReader], Entry | None]) -> list[Entry]:
    entries = []
    for row in sheet.rows:
        reader = RowReader(sheet.layout, row, sheet.community, sheet.ours)
        if entry := reading(reader):
            entries.append(entry)
        sheet.problems.extend(reader.problems or reader.questions)
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


def _refuse_no_consent(statement: str | None) -> None:
    """What holds for everybody in a file has to be a yes."""
    if statement is not None and answer(statement) is not Answer.YES:
        raise UserError(
            "“{value}” does not say how and when they have agreed.",
            way_out='Write for example --consent "signed forms, 2026-11-01".',
            field="consent",
            value=statement,
        )


def _announce(session: Session, report: ImportReport, actor: Actor) -> None:
    events.append(
        session,
        "contacts.imported",
        kind=report.kind.value,
        added=report.added,
        changed=report.changed,
        problems=len(report.problems),
        withdrawn=len(report.withdrawn),
        removed=len(report.removed),
        actor=actor.facts,
    )
