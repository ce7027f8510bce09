"""The rows that an import has left out, as a spreadsheet that is mended and sent again."""

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response

from console.people.importing import plan
from console.people.importing.page import ONE
from console.people.people_words import mending
from console.shell import pages
from console.shell.visitors import known_visitor
from contacts.files import spreadsheets
from contacts.import_drafts import drafts
from contacts.importing.lists import WHAT_IS_WRONG
from contacts.models import ImportDraft
from core.errors import NotFoundError, UserError
from core.i18n import Language, translate
from core.storage.database import reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(include_in_schema=False)


@router.get(ONE + "/left-out.xlsx")
def left_out(request: Request, draft_id: UUID) -> Response:
    """Every row of which something was left out, as it stands in the list, and beside it what is wrong."""
    who, language = known_visitor(request), pages.language_of(request)
    try:
        with reading() as session:
            draft = drafts.find(session, who.community_id, who.user_id, draft_id)
            rows, name = _rows(draft, language), Path(draft.filename).stem
    except UserError as missing:
        return pages.trouble(request, missing.status, mending(missing, language))
    filename = quote(f"{name}-{translate(language, 'to be mended')}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{filename}", "Cache-Control": "no-store"}
    return Response(_written(rows), headers=headers, media_type=XLSX)


def _rows(draft: ImportDraft, language: Language) -> list[list[str]]:
    kept = drafts.rows_left_out(draft)
    if not kept:
        raise NotFoundError("Nothing of this list was left out.", way_out="Go back to the list.", field="draft",
                            value=str(draft.id))  # fmt: skip
    wrong = _wrong(draft, language)
    header = WHAT_IS_WRONG[0] if language is Language.CHINESE else WHAT_IS_WRONG[1]
    rows = [
        [*cells, wrong.get(place, "")] for place, cells in zip(drafts.places_left_out(draft), kept[1:], strict=True)
    ]
    return [[*kept[0], header], *rows]


def _wrong(draft: ImportDraft, language: Language) -> dict[tuple[int, int], str]:
    """By where a row stands, all that is wrong in it."""
    found: dict[tuple[int, int], list[str]] = {}
    for each in plan.read(draft.plan)["problems"]:
        if not each["headers"]:
            said = translate(language, "{what}: {why}", what=each["column"][language], why=each["said"][language])
            found.setdefault((each["where"][0], each["where"][1]), []).append(said)
    return {where: " ".join(said) for where, said in found.items()}


def _written(rows: list[list[str]]) -> bytes:
    with TemporaryDirectory(prefix="zaoan-left-out-") as folder:
        path = Path(folder) / "rows.xlsx"
        spreadsheets.write(path, rows)
        return path.read_bytes()
