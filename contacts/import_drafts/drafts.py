"""Lists that a user sends, looks at, mends and imports: nothing is stored of anybody before they say so.

What was sent is kept encrypted, for its user alone and for ``KEPT``. ``Telling`` makes of a report the plan that is
shown; what is imported is exactly what was shown, or nothing.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contacts.columns.columns import Field, Kind
from contacts.import_drafts import known_columns
from contacts.importing.import_report import ImportReport
from contacts.importing.importing import import_into
from contacts.importing.lists import Cells
from contacts.models import ImportDraft
from contacts.queries import import_drafts as queries
from core import clock
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.storage.held_rows import hold

KEPT = timedelta(hours=2)
MOST_MEGABYTES = 10
"""Of a file that is sent by a page; a list of 20,000 residents has less than a third."""
MOST_CELLS, LONGEST_CELL = 500, 2000
_LONGEST_STEM = 40
Telling = Callable[[ImportReport], str]


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, and how it is imported: ``consent`` says how and when everybody in it has agreed."""

    filename: str
    content: bytes
    consent: str = ""
    with_hidden: bool = False
    kind: Kind = Kind.RESIDENTS


@dataclass(frozen=True)
class Office:
    """Who imports into which community, which numbers are ours (E.164), and how a plan is told."""

    actor: Actor
    community_id: UUID
    ours: Collection[str]
    tell: Telling


def check(session: Session, office: Office, sent: Sent) -> ImportDraft:
    """Keeps the file with what it would do; raises ``UserError`` where it is too large or cannot be used."""
    forget_old(session)
    _refuse_large(sent)
    draft = ImportDraft(community_id=office.community_id, user_id=office.actor.id, filename=_tidy(sent.filename),
                        consent=_printable(sent.consent), with_hidden=sent.with_hidden, content=sent.content, cells="",
                        checked_at=clock.real_now(), kind=sent.kind.value)  # fmt: skip
    _look(session, office, draft)
    session.add(draft)
    session.flush()
    return draft


def mend(
    session: Session,
    office: Office,
    draft_id: UUID,
    cells: Cells,
    columns: Mapping[str, Field | None] = MappingProxyType({}),
) -> ImportDraft:
    """Reads these cells as they say from now on, and looks again; the office's file stays as it is.

    ``columns`` are what headers tell, which is kept for the next list (``known_columns``). Raises ``NotFoundError``,
    and ``UserError`` where too much is written.
    """
    draft = _held(session, office, draft_id)
    if draft.done_at is not None:
        return draft
    known = {**mended(draft), **{where: _printable(text) for where, text in cells.items()}}
    if len(known) > MOST_CELLS or any(len(text) > LONGEST_CELL for text in known.values()):
        raise UserError("More was written than can be mended here.",
                        way_out="Mend the file itself, and choose it again.", field="cells")  # fmt: skip
    draft.cells = json.dumps([[*where, text] for where, text in sorted(known.items())], ensure_ascii=False)
    known_columns.keep(session, office.actor, office.community_id, Kind(draft.kind), columns)
    _look(session, office, draft)
    draft.checked_at = clock.real_now()
    session.flush()
    return draft


def carry_out(session: Session, office: Office, draft_id: UUID, seen: str) -> ImportDraft:
    """Imports what was ``seen`` (its ``version``); a second time it does nothing.

    Where the list would do anything else by now, it is not imported: its plan is the new one, and ``done_at`` stays
    None. Raises ``NotFoundError``.
    """
    draft = _held(session, office, draft_id)
    if draft.done_at is not None or seen != version(draft):
        return draft
    attempt = session.begin_nested()
    report = _run(session, office, draft, dry_run=False)
    plan = office.tell(report)
    if plan == draft.plan:
        attempt.commit()
        draft.done_at, draft.content, draft.cells = clock.real_now(), b"", ""
    else:
        attempt.rollback()
        draft.plan, draft.checked_at, draft.left_out = plan, clock.real_now(), _left_out(report)
    session.flush()
    return draft


def find(session: Session, community_id: UUID, user_id: UUID | None, draft_id: UUID) -> ImportDraft:
    """A list that this user has sent; raises ``NotFoundError`` where there is none, or none any more."""
    draft = queries.draft(session, community_id, user_id, draft_id)
    if draft is None or draft.checked_at < clock.real_now() - KEPT:
        raise NotFoundError("This list is not kept any more.", way_out="Choose the file again.", field="draft",
                            value=draft_id)  # fmt: skip
    return draft


def version(draft: ImportDraft) -> str:
    """Whoever has seen this has seen this plan."""
    return sha256(draft.plan.encode()).hexdigest()[:24]


def mended(draft: ImportDraft) -> Mapping[tuple[int, int, int], str]:
    """What was written in place of cells."""
    return {(position, number, place): text for position, number, place, text in json.loads(draft.cells or "[]")}


def forget(session: Session, _words: Collection[str]) -> int:
    """Deletes all lists, whose files nobody looks through for somebody; returns how many."""
    return session.execute(delete(ImportDraft)).rowcount  # type: ignore[attr-defined, no-any-return]


def forget_old(session: Session) -> int:
    """Deletes the lists whose time is over; returns how many."""
    over = queries.checked_before(session, clock.real_now() - KEPT)
    if over:
        session.execute(delete(ImportDraft).where(ImportDraft.id.in_(over)))
    return len(over)


def look_again(session: Session, office: Office, draft_id: UUID) -> ImportDraft:
    """What the list would do now, after a column was taken back; raises ``NotFoundError``."""
    draft = _held(session, office, draft_id)
    if draft.done_at is None:
        _look(session, office, draft)
        session.flush()
    return draft


def rows_left_out(draft: ImportDraft) -> Sequence[Sequence[str]]:
    """The headers of a list, and the cells of each row with a problem, in the order in which the file has them."""
    kept = json.loads(draft.left_out or "[]")
    return [row["cells"] for row in kept]


def places_left_out(draft: ImportDraft) -> Sequence[tuple[int, int]]:
    """Where these rows stand in the file: the position of the sheet, and the number of the row."""
    return [(row["at"][0], row["at"][1]) for row in json.loads(draft.left_out or "[]")[1:]]


def _look(session: Session, office: Office, draft: ImportDraft) -> None:
    report = _run(session, office, draft, dry_run=True)
    draft.plan, draft.left_out = office.tell(report), _left_out(report)


def _left_out(report: ImportReport) -> str | None:
    """As a document: the headers, and each row with where it stands; None where nothing was left out."""
    found = report.left_out
    if not found.rows:
        return None
    rows = [{"at": [spot.position, spot.number], "cells": list(cells)} for spot, cells in found.rows]
    return json.dumps([{"at": None, "cells": list(found.headers)}, *rows], ensure_ascii=False)


def _held(session: Session, office: Office, draft_id: UUID) -> ImportDraft:
    draft = find(session, office.community_id, office.actor.id, draft_id)
    hold(session, draft)
    return draft


def _run(session: Session, office: Office, draft: ImportDraft, *, dry_run: bool) -> ImportReport:
    with TemporaryDirectory(prefix="zaoan-import-") as folder:
        path = Path(folder) / draft.filename
        path.write_bytes(draft.content)
        return import_into(session, Kind(draft.kind), path, consent=draft.consent or None, dry_run=dry_run,
                           actor=office.actor, ours=office.ours, with_hidden=draft.with_hidden,
                           cells=mended(draft))  # fmt: skip


def _tidy(filename: str) -> str:
    """The last part of a name as a browser sends it, short and without what no file system takes."""
    path = Path(_printable(filename.replace("\\", "/").rsplit("/", 1)[-1]) or "list")
    return f"{path.stem.strip('. ')[:_LONGEST_STEM] or 'list'}{path.suffix[:10]}"


def _printable(text: str) -> str:
    """Without what nobody can type into a cell, and what no database keeps."""
    return "".join(each for each in text if each.isprintable()).strip()


def _refuse_large(sent: Sent) -> None:
    if not sent.content:
        raise UserError("No file was chosen, or it is empty.", way_out="Choose your list.", field="file", value="")
    if len(sent.content) > MOST_MEGABYTES * 1_000_000:
        raise UserError("“{value}” has more than {most} MB.",
                        way_out="Delete what is not part of the list, or divide it into several files.", field="file",
                        value=_tidy(sent.filename), most=MOST_MEGABYTES)  # fmt: skip
