"""Importing: spreadsheets of residents and responders; the same file a second time changes nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NotRequired, TypedDict, TypeVar, Unpack
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.columns import vocabulary
from contacts.columns.columns import Column, Field, Layout, plain_header
from contacts.columns.columns import Kind as Kind  # part of what callers say
from contacts.columns.consent_words import Answer, answer
from contacts.community.community import the_community
from contacts.files.sheets import Row, Spot
from contacts.importing import remarks, statuses, units
from contacts.importing.enlisting import enlist, in_empty_areas, known_responders, who_left
from contacts.importing.enrolling import enrol
from contacts.importing.enrolment import Change, ConsentChange, Enrolment
from contacts.importing.import_report import ByStatement, PersonChange
from contacts.importing.import_report import ImportReport as ImportReport
from contacts.importing.left_out import left_out
from contacts.importing.lists import Cells, Lists, lists, named
from contacts.importing.newcomers import take_in
from contacts.importing.register import Register, open_register, recognised
from contacts.models import Community, Consent, Household, Phone, Relative, Resident
from contacts.people.newcomers import Newcomers
from contacts.profiles import Address, WayIn
from contacts.queries import import_drafts as queries_drafts
from contacts.queries import numbers as queries_numbers
from contacts.queries import register as queries_register
from contacts.queries.campaign_audience import carried_flags, usual_flags
from contacts.rows.entries import ResidentEntry, ResponderEntry
from contacts.rows.resident_rows import resident_entry
from contacts.rows.responder_rows import responder_entry
from contacts.rows.row_problems import RowProblem
from contacts.rows.row_reader import RowReader
from core import actors
from core.actors import Actor
from core.errors import UserError
from core.i18n import InWords, Language
from core.running import events
from core.storage import statistics
from core.storage.database import unit_of_work

Progress = Callable[[int, int], None]
"""Is told again and again how many people of how many are done."""
_AT_ONCE = 1000
"""So many residents are held in full."""
_ONCE_FOR_SEVERAL = (Column(Field.BUILDING), Column(Field.ROOM), Column(Field.ADDRESS))
"""What offices write once above several people."""
Entry = TypeVar("Entry", ResidentEntry, ResponderEntry)


@dataclass(frozen=True)
class _File:
    """A file that has been read, for one community; ``problems`` grows with every step. ``ours`` are our numbers."""

    community: Community
    actor: Actor
    lists: Lists
    ours: frozenset[str]
    problems: list[RowProblem]
    progress: Progress

    @cached_property
    def _rows(self) -> Mapping[Spot, tuple[Layout, Row]]:
        """Where each row stands; there may be as many mistakes as rows."""
        return {row.spot: (each.layout, row) for each in self.lists.read for row in each.rows}

    def problem(self, spot: Spot, field: Field, error: UserError) -> RowProblem:
        """What is wrong with a cell."""
        column = Column(field)
        layout, row = self._rows[spot]
        return RowProblem(spot, column.title(Language.ENGLISH), layout.text(row, column) or "", error,
                          place=layout.places.get(column))  # fmt: skip

    def question(self, spot: Spot, field: Field, error: UserError) -> RowProblem:
        """What somebody should look at in a cell, although its row was taken without it."""
        return replace(self.problem(spot, field, error), row_kept=True)


class HowToImport(TypedDict):
    """How a file is imported.

    ``consent`` says for the whole file when and how consent was given; a row's own statement goes first. ``actor`` is
    the service itself where none is named. ``ours`` are our own numbers (E.164). Sheets and rows that a spreadsheet
    program hides are left out, except ``with_hidden``; whoever stands in them is not missing. Residents whom the file
    does not name stay as they are, or ``remove`` is done to each, in the same unit of work; nobody is removed by a file
    in which a row was left out, for it may be theirs. A file that tells of health is refused to whoever may not write
    that (``without_health``). ``cells`` are read as they say, whatever the file has there.
    """

    consent: str | None
    dry_run: bool
    actor: NotRequired[Actor]
    ours: NotRequired[Collection[str]]
    with_hidden: NotRequired[bool]
    progress: NotRequired[Progress]
    without_health: NotRequired[bool]
    remove: NotRequired[Callable[[Session, UUID], object] | None]
    cells: NotRequired[Cells]


def run_import(kind: Kind, path: Path, **how: Unpack[HowToImport]) -> ImportReport:
    """Stores all good rows in one unit of work, and none of a row that has a problem.

    Raises ``UserError`` when the file as a whole cannot be used.
    """
    with unit_of_work() as session:
        return import_into(session, kind, path, **how)


def import_into(session: Session, kind: Kind, path: Path, **how: Unpack[HowToImport]) -> ImportReport:
    """The same in a unit of work that does more than this."""
    consent, dry_run, remove = how["consent"], how["dry_run"], how.get("remove")
    _refuse_no_consent(consent)
    community = the_community(session)
    columns = {plain_header(each.header): each.field
               for each in queries_drafts.known_columns(session, community.id, kind.value)}  # fmt: skip
    found = lists(kind, path, with_hidden=how.get("with_hidden", False), cells=how.get("cells", {}), columns=columns)
    if how.get("without_health", False):
        statuses.refuse_health(found)
    with session.begin_nested() as attempt:
        who, progress = how.get("actor") or actors.system(), how.get("progress", _told_nobody)
        file = _File(community, who, found, frozenset(how.get("ours", ())), list(found.problems), progress)
        report = replace(_store(session, kind, file, consent), dry_run=dry_run)
        if remove and all(problem.row_kept for problem in report.problems):
            report = replace(report, removed=report.missing, missing=())
            for gone in report.removed if not dry_run else ():
                remove(session, gone.resident_id)
        if dry_run:
            attempt.rollback()
        else:
            _announce(session, report, who)
            if report.added >= statistics.MANY:
                statistics.renew(session, Resident, Household, Phone, Consent, Relative)
    return report


def _told_nobody(done: int, total: int) -> None:
    """Whoever watches no progress is told of none."""


def _store(session: Session, kind: Kind, file: _File, consent: str | None) -> ImportReport:
    stored = _residents(session, file, consent) if kind is Kind.RESIDENTS else _responders(session, file)
    return replace(
        stored,
        problems=tuple(sorted(file.problems, key=lambda problem: problem.row)),
        shared=tuple(queries_numbers.shared_numbers(session, file.community.id)),
        in_homes=tuple(queries_numbers.numbers_in_several_homes(session, file.community.id)),
        sheets=tuple(each.name for each in file.lists.read),
        skipped=tuple(file.lists.skipped),
        hidden_sheets=tuple(file.lists.hidden_sheets),
        hidden_rows=file.lists.hidden_rows,
        non_people=tuple(file.lists.non_people),
        known_columns=tuple(file.lists.known),
        left_out=left_out(file.lists.read, file.problems),
    )


def _residents(session: Session, file: _File, consent: str | None) -> ImportReport:
    register = open_register(session, file.community, file.actor)
    settled = units.settled(register, _read(file, resident_entry))
    file.problems.extend(file.problem(entry.row, Field.UNIT, error) for entry, error in settled.unclear)
    entries = _distinct(file, settled.clear, _resident_keys, Field.NAME)
    entries = _agreeing_on_access(file, entries)
    carried, usual = carried_flags(session, file.community.id), usual_flags(session, file.community.id)
    known = recognised(register, entries)
    left = remarks.who_left(register, [entry for entry in entries if entry.row not in known])
    entries = [entry for entry in entries if entry.row not in left]
    file.problems.extend(
        file.question(entry.row, Field.GRID, error) for entry, error in statuses.place(register, entries)
    )
    done = _enrolled(register, entries, known, consent, file)
    rows = {entry.row for entry, _ in done}
    there = {enrolment.resident_id for _, enrolment in done}
    return replace(
        _counted(Kind.RESIDENTS, [enrolment.change for _, enrolment in done]),
        uncalled=tuple(enrolment.name for _, enrolment in done if not enrolment.agreed),
        withdrawn=_whose(done, ConsentChange.WITHDRAWN),
        kept=_whose(done, ConsentChange.LEFT),
        by_statement=tuple(
            ByStatement(entry.row, entry.name)
            for entry, enrolment in done
            if enrolment.consent is ConsentChange.AGREED_FOR_ALL
        ),
        still_out=tuple(enrolment.still_out for _, enrolment in done if enrolment.still_out),
        left=tuple(left.values()),
        without_unit=tuple(each for each in settled.without if each.row in rows),
        missing=tuple(remarks.missing(register, named(file.lists.read) | file.lists.unread_names, there)),
        new_words=tuple(remarks.new_words(entries, carried, usual)),
        people=tuple(_person(*each) for each in done if each[1].change is not Change.UNCHANGED),
        spoken=tuple(words for _, enrolment in done for words in remarks.spoken(enrolment)),
    )


def _enrolled(
    register: Register,
    entries: Sequence[ResidentEntry],
    known: Mapping[Spot, UUID],
    consent: str | None,
    file: _File,
) -> list[tuple[ResidentEntry, Enrolment]]:
    """Stores everybody, some at a time, so that only so many are held in full; returns what each row has done."""
    done: list[tuple[ResidentEntry, Enrolment]] = []
    newcomers = Newcomers(register.session, register.actor, register.community)
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        register.homes.build((entry.address, entry.way_in) for entry in some)
        residents = queries_register.in_full(register.session, [known[each.row] for each in some if each.row in known])
        for entry in some:
            resident = residents.get(known[entry.row]) if entry.row in known else None
            done.append((entry, enrol(register, entry, resident, consent) if resident
                         else take_in(newcomers, register, entry, consent)))  # fmt: skip
            file.progress(len(done), len(entries))
        newcomers.store()
        register.session.flush()
        done[start:] = [_standing(register, file, *each) for each in done[start:]]
    return done


def _standing(
    register: Register, file: _File, entry: ResidentEntry, enrolment: Enrolment
) -> tuple[ResidentEntry, Enrolment]:
    """Stores how somebody stands, and says whether that alone has changed them."""
    told = statuses.tell(register, entry, enrolment.resident_id)
    file.problems.extend(file.question(entry.row, each.field, each.error) for each in told.asked)
    if told.changes and enrolment.change is not Change.ADDED:
        changes = (*enrolment.changes, *told.changes)
        return entry, enrolment._replace(change=Change.CHANGED, changes=changes)
    return entry, enrolment


def _person(entry: ResidentEntry, enrolment: Enrolment) -> PersonChange:
    added = enrolment.change is Change.ADDED
    return PersonChange(entry.row, entry.name, remarks.place(entry.address), added, enrolment.changes)


def _responders(session: Session, file: _File) -> ImportReport:
    entries = _distinct(file, _read(file, responder_entry), lambda entry: [entry.number], Field.PHONE)
    known = known_responders(session, file.community, entries)
    left = who_left(session, file.community, [entry for entry in entries if entry.row not in known])
    entries = [entry for entry in entries if entry.row not in left]
    done = [enlist(session, file.actor, file.community, entry, known.get(entry.row)) for entry in entries]
    session.flush()
    empty = tuple(in_empty_areas(session, file.community, entries))
    people = tuple(
        PersonChange(entry.row, entry.name, _role(entry), change is Change.ADDED, changes)
        for entry, (change, changes) in zip(entries, done, strict=True)
        if change is not Change.UNCHANGED
    )
    return replace(_counted(Kind.RESPONDERS, [change for change, _ in done]), empty_areas=empty, people=people,
                   left_responders=tuple(left.values()))  # fmt: skip


def _role(entry: ResponderEntry) -> InWords:
    """What stands beside the name of a responder."""
    return InWords(vocabulary.chinese(vocabulary.ROLES, entry.role), vocabulary.english(entry.role))


def _counted(kind: Kind, changes: Sequence[Change]) -> ImportReport:
    counts = Counter(changes)
    added, changed, unchanged = counts[Change.ADDED], counts[Change.CHANGED], counts[Change.UNCHANGED]
    return ImportReport(kind, added, changed, unchanged, problems=(), dry_run=False)


def _whose(done: Sequence[tuple[ResidentEntry, Enrolment]], consent: ConsentChange) -> tuple[str, ...]:
    return tuple(entry.name for entry, enrolment in done if enrolment.consent is consent)


def _read(file: _File, reading: Callable[[RowReader], Entry | None]) -> list[Entry]:
    entries = []
    for found in file.lists.read:
        above: dict[Column, Row] = {}
        for row in found.rows:
            reader = RowReader(found.layout, row, file.community, file.ours, above)
            if entry := reading(reader):
                entries.append(entry)
            file.problems.extend(reader.problems)
            if entry:
                file.problems.extend(reader.questions)
            else:  # what says that the rest was imported would not be true
                file.problems.extend(replace(each, row_kept=False) for each in reader.questions if not each.cell_read)
            above |= {column: row for column in _ONCE_FOR_SEVERAL if found.layout.text(row, column)}
    return entries


def _resident_keys(entry: ResidentEntry) -> Sequence[Hashable]:
    return (entry.name, entry.address), (entry.name, entry.numbers[0])


def _distinct(
    file: _File, entries: Iterable[Entry], keys: Callable[[Entry], Sequence[Hashable]], field: Field
) -> list[Entry]:
    """The entries without those that say again what an earlier row has said."""
    first: dict[Hashable, Spot] = {}
    kept = []
    for entry in entries:
        if earlier := next((first[key] for key in keys(entry) if key in first), None):
            error = UserError(
                "Row {earlier} already names this person.", way_out="Keep one of the two rows.", earlier=earlier.words
            )
            file.problems.append(file.problem(entry.row, field, error))
            continue
        first |= dict.fromkeys(keys(entry), entry.row)
        kept.append(entry)
    return kept


def _agreeing_on_access(file: _File, entries: Iterable[ResidentEntry]) -> list[ResidentEntry]:
    """What one row tells of the way into a home holds for everybody there; rows that contradict it are left out."""
    told: dict[tuple[Address, str], tuple[Spot, str]] = {}
    agreeing = []
    for entry in entries:
        cells = {what: text for what, text in asdict(entry.way_in).items() if text}
        earlier = {what: told[entry.address, what] for what in cells if (entry.address, what) in told}
        if wrong := next((what for what, (_, text) in earlier.items() if text != cells[what]), None):
            error = UserError(
                "Row {earlier} tells another way into the same home.",
                way_out="Write the same in both rows.",
                earlier=earlier[wrong][0].words,
            )
            file.problems.append(file.problem(entry.row, _WAYS_IN[wrong], error))
            continue
        told |= {(entry.address, what): (entry.row, text) for what, text in cells.items() if what not in earlier}
        agreeing.append(entry)
    return [replace(entry, way_in=_completed(entry, told)) for entry in agreeing]


_WAYS_IN = {"access_notes": Field.ACCESS_NOTES, "key_holder": Field.KEY_HOLDER,
            "key_holder_number": Field.KEY_HOLDER_PHONE}  # fmt: skip


def _completed(entry: ResidentEntry, told: Mapping[tuple[Address, str], tuple[Spot, str]]) -> WayIn:
    others = {what: told[entry.address, what][1] for what in _WAYS_IN if (entry.address, what) in told}
    return replace(entry.way_in, **others)


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
        actor,
        "contacts.imported",
        kind=report.kind.value,
        added=report.added,
        changed=report.changed,
        problems=report.people_with_mistakes,
        withdrawn=len(report.withdrawn),
        removed=len(report.removed),
    )
