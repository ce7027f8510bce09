"""``POST /api/v1/residents:import``: a spreadsheet of residents, first as a trial and then for good."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.idempotency import Answer, Key, once
from api.language import language_of
from api.people.bodies import NO_NUL
from api.program import Program
from contacts.columns.columns import Kind
from contacts.files.bounds import MOST_MEGABYTES
from contacts.importing.import_report import ImportReport
from contacts.importing.importing import import_into
from core.errors import UserError
from core.identity.roles import Scope
from core.identity.visitor import Visitor
from ivr import queries as telephone

router = APIRouter(tags=["residents"])
MOST_BYTES = MOST_MEGABYTES * 1_000_000
SENT = {"requestBody": {"required": True, "content": {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}  # fmt: skip


class TooLargeError(UserError):
    """More was sent than a list can have (HTTP 413)."""

    status = 413


class Problem(BaseModel):
    """What is wrong with a cell; the row was left out, except for this cell where `row_imported`."""

    row: int = Field(description="As spreadsheet programs count: the first row is 1.")
    sheet: str = Field(description="Named where a file has several.")
    column: str
    value: str
    detail: str = Field(description="What is wrong and how to mend it, in words.")
    row_imported: bool


class Named(BaseModel):
    """Somebody who is enrolled."""

    id: UUID
    name: str


class Imported(BaseModel):
    """What the import has done, or in a dry run would have done."""

    dry_run: bool
    added: int
    changed: int
    unchanged: int
    with_mistakes: int = Field(description="Rows of people with at least one mistake.")
    problems: list[Problem]
    uncalled: list[str] = Field(description="Enrolled, and never called, because they have not agreed.")
    withdrawn: list[str] = Field(description="Had agreed until this file, which says that they do not.")
    missing: list[Named] = Field(description="Enrolled, and not in this file; they stay as they are.")
    new_flags: list[str] = Field(description="Flags that nobody carried before.")
    sheets_read: list[str]
    sheets_not_read: list[str]


@router.post("/api/v1/residents:import", response_model=Imported, openapi_extra=SENT)
async def import_residents(
    request: Request,
    program: Program,
    filename: Annotated[str, Query(max_length=200, examples=["residents.csv"],
                                   description="Its ending says what it is: xlsx, xls, ods or csv.")],
    dry_run: Annotated[bool, Query(description="Only tells what would happen.")] = False,
    consent: Annotated[
        str | None, Query(max_length=200, pattern=NO_NUL, description="How everybody in the file agreed, and when.")
    ] = None,
    with_hidden: Annotated[bool, Query(description="Takes hidden sheets and rows as well.")] = False,
    key: Key = None,
) -> Response:  # fmt: skip
    """Imports residents; again, it changes only what differs. All good rows are stored at once, none of a bad one."""
    options = {"consent": consent, "dry_run": dry_run, "with_hidden": with_hidden}
    with TemporaryDirectory(prefix="zaoan-import-") as folder:
        path = Path(folder) / f"list{Path(filename).suffix.lower()[:10]}"
        digest = await _received(request.stream(), path)
        return await run_in_threadpool(_imported, request, program, key, path, digest, options)


def _imported(
    request: Request, program: Visitor, key: str | None, path: Path, digest: bytes, options: Mapping[str, object]
) -> Response:
    def work(session: Session) -> Answer:
        report = import_into(
            session, Kind.RESIDENTS, path, actor=program.actor, ours=telephone.our_numbers(session),
            consent=_text(options["consent"]), dry_run=bool(options["dry_run"]),
            with_hidden=bool(options["with_hidden"]), without_health=Scope.HEALTH_WRITE not in program.scopes,
        )  # fmt: skip
        return Answer(_document(report, request))

    return once(request, program, key, digest, work)


async def _received(stream: AsyncIterator[bytes], path: Path) -> bytes:
    """Stores what is sent, a piece at a time, and returns its digest; raises ``TooLargeError``."""
    digest, size = sha256(), 0
    with path.open("wb") as file:
        async for piece in stream:
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLargeError("A list has {most} MB at most.", way_out="Divide it into several files.",
                                    field="body", most=MOST_MEGABYTES)  # fmt: skip
            digest.update(piece)
            await run_in_threadpool(file.write, piece)
    return digest.digest()


def _document(report: ImportReport, request: Request) -> Imported:
    language = language_of(request)
    return Imported(
        dry_run=report.dry_run, added=report.added, changed=report.changed, unchanged=report.unchanged,
        with_mistakes=report.people_with_mistakes,
        problems=[Problem(row=each.row.number, sheet=each.row.sheet, column=each.column, value=each.value,
                          detail=each.describe(language), row_imported=each.row_kept) for each in report.problems],
        uncalled=list(report.uncalled), withdrawn=list(report.withdrawn),
        missing=[Named(id=each.resident_id, name=each.name) for each in report.missing],
        new_flags=[each.word for each in report.new_words],
        sheets_read=list(report.sheets), sheets_not_read=[each.name for each in report.skipped],
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
