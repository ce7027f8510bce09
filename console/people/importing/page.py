"""The pages of an import: the list is chosen, then what it would do is looked at, mended, and done."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people.importing import change_words, plan
from console.people.people_words import mending
from console.people.refusals import Refusal
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting, known_visitor
from contacts.columns.columns import FIELDS, Column, Field, Kind, plain_header
from contacts.import_drafts import drafts, known_columns
from contacts.import_drafts.drafts import Office, Sent
from contacts.importing.lists import Cells
from contacts.models import ImportDraft
from core import settings
from core.errors import UserError
from core.i18n import Language, translate
from core.storage.database import reading, write
from ivr import queries as telephone

PAGE = "/residents/import"
COLUMN = PAGE + "/columns/{column_id}/forget"
ONE = PAGE + "/{draft_id}"
NOTHING = "-"
"""What is sent where a column tells nothing, and nobody is to be asked again."""
FORM = "import"
PEOPLE_AT_ONCE, PROBLEMS_AT_ONCE, MOST_NOTES = 100, 50, 60
Number = Annotated[int, Query(ge=1, le=100_000)]
router = APIRouter(include_in_schema=False)


class TooLargeError(UserError):
    """More was sent than a page takes (HTTP 413)."""

    status = 413


@router.get(PAGE)
def show(request: Request, kind: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The empty form; ``kind`` is whom the list tells of."""
    return _form(request, _empty(_kind(kind)), None)


@router.post(COLUMN, dependencies=[Depends(same_site)])
def forget_column(request: Request, column_id: UUID, draft: Annotated[UUID | None, Form()] = None) -> Response:
    """A column is asked about again, in the list ``draft`` that is being looked at as well."""

    def work(session: Session) -> None:
        office = _office(request, session)
        known_columns.take_back(session, office.actor, office.community_id, column_id)
        if draft is not None:
            drafts.look_again(session, office, draft)

    try:
        write(work)
    except UserError as mistake:
        return _form(request, _empty(Kind.RESIDENTS), Refusal(FORM, mistake))
    return RedirectResponse(f"{PAGE}/{draft}" if draft else f"{PAGE}#columns", status_code=303)


@router.post(PAGE, dependencies=[Depends(same_site)])
def check(
    request: Request,
    file: Annotated[UploadFile | None, File()] = None,
    consent: Annotated[str, Form(max_length=200)] = "",
    with_hidden: Annotated[str, Form(max_length=5)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keeps the list for a while, and shows what it would do."""
    typed = {"file": "", "consent": consent, "with_hidden": with_hidden, "kind": _kind(kind).value}
    try:
        sent = _sent(file, consent, with_hidden, _kind(kind))
        made = write(lambda session: drafts.check(session, _office(request, session), sent).id)
    except UserError as mistake:
        return _form(request, typed, Refusal(FORM, _beside_the_file(mistake), typed))
    return RedirectResponse(f"{PAGE}/{made}", status_code=303)


@router.get(ONE)
def look(request: Request, draft_id: UUID, page: Number = 1, mistakes: Number = 1, changed: bool = False) -> Response:
    """What the list would do, or has done."""
    return _plan(request, draft_id, page, mistakes, moved_on=changed)


@router.post(ONE, dependencies=[Depends(same_site)])
def carry_out(request: Request, draft_id: UUID, seen: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Imports what was seen; where it would be something else by now, that is shown instead."""

    def work(session: Session) -> bool:
        return drafts.carry_out(session, _office(request, session), draft_id, seen).done_at is not None

    return _after(request, draft_id, lambda: "" if write(work) else "?changed=true")


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: str(text) for name, text in form.items() if name.startswith("cell-")}


@router.post(f"{ONE}/cells", dependencies=[Depends(same_site)])
def mend(request: Request, draft_id: UUID, typed: Annotated[dict[str, str], Depends(_typed)]) -> Response:
    """Reads what was typed in place of the cells that were refused, and looks again."""

    def work(session: Session) -> None:
        office = _office(request, session)
        draft = drafts.find(session, office.community_id, office.actor.id, draft_id)
        drafts.mend(session, office, draft_id, _otherwise(draft, typed), _columns_told(draft, typed))

    return _after(request, draft_id, lambda: write(work) or "")


def _after(request: Request, draft_id: UUID, done: Callable[[], str]) -> Response:
    try:
        return RedirectResponse(f"{PAGE}/{draft_id}{done()}", status_code=303)
    except UserError as mistake:
        if mistake.field != "cells":
            return _form(request, _empty(Kind.RESIDENTS), Refusal(FORM, mistake))
        return _plan(request, draft_id, 1, 1, mistake=mistake)


def _sent(file: UploadFile | None, consent: str, with_hidden: str, kind: Kind) -> Sent:
    """What was sent, of which no more is read than a page takes."""
    most = drafts.MOST_MEGABYTES * 1_000_000
    content = file.file.read(most + 1) if file else b""
    if len(content) > most:
        raise TooLargeError("A list has {most} MB at most.", way_out="Divide it into several files.", field="file",
                            most=drafts.MOST_MEGABYTES)  # fmt: skip
    return Sent((file.filename if file else "") or "", content, consent, bool(with_hidden), kind)


def _office(request: Request, session: Session) -> Office:
    who = known_visitor(request)
    return Office(acting(request), who.community_id, telephone.our_numbers(session), plan.told)


def _otherwise(draft: ImportDraft, typed: dict[str, str]) -> Cells:
    """Of the cells that were refused those in which something else was typed."""
    refused = {plan.cell_name(each["at"]): each for each in plan.read(draft.plan)["problems"]
               if each["at"] and not each["headers"]}  # fmt: skip
    return {(each["at"][0], each["at"][1], each["at"][2]): typed[name].strip() for name, each in refused.items()
            if typed.get(name, each["value"]).strip() not in {each["value"], ""}}  # fmt: skip


def _columns_told(draft: ImportDraft, typed: dict[str, str]) -> dict[str, Field | None]:
    """Of the unknown headers those of which it is said what they tell; raises ``UserError`` for what none tells."""
    asked = {plan.cell_name(each["at"]): each["value"] for each in plan.read(draft.plan)["problems"]
             if each["at"] and each["headers"]}  # fmt: skip
    told = {header: typed[name] for name, header in asked.items() if typed.get(name)}
    unknown = next((each for each in told.values() if each != NOTHING and each not in set(Field)), None)
    if unknown is not None:
        raise UserError("“{value}” is no column of such a list.", way_out="Choose one of those offered.", field="cells",
                        value=unknown)  # fmt: skip
    return {header: None if said == NOTHING else Field(said) for header, said in told.items()}


def _kind(written: str) -> Kind:
    return Kind(written) if written in set(Kind) else Kind.RESIDENTS


def _empty(kind: Kind) -> dict[str, str]:
    return {"consent": "", "with_hidden": "", "kind": kind.value}


def _beside_the_file(mistake: UserError) -> UserError:
    """What is wrong with a list as a whole is said where it is chosen."""
    mistake.field = "consent" if mistake.field == "consent" else "file"
    return mistake


def _form(request: Request, typed: dict[str, str], refusal: Refusal | None) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        kept = known_columns.columns(session, known_visitor(request).community_id)
    return pages.page(request, "people/import.html", refusal.mistake.status if refusal else 200, typed=typed,
                      refusal=refusal, said=refusal.said(language) if refusal else "", most=drafts.MOST_MEGABYTES,
                      hours=int(drafts.KEPT.total_seconds() // 3600), kept=kept, kinds=list(Kind),
                      title=partial(_title, language))  # fmt: skip


def _plan(
    request: Request,
    draft_id: UUID,
    page: int,
    mistakes: int,
    *,
    moved_on: bool = False,
    mistake: UserError | None = None,
) -> Response:
    who = known_visitor(request)
    try:
        with reading() as session:
            draft = drafts.find(session, who.community_id, who.user_id, draft_id)
            about = _about(draft)
            columns = known_columns.columns(session, who.community_id)
            kept = {plain_header(each.header): each.id for each in columns if each.kind == draft.kind}
    except UserError as gone:
        return _form(request, _empty(Kind.RESIDENTS), Refusal(FORM, gone))
    language = pages.language_of(request)
    shown = plan.read(about.pop("plan"))
    return pages.page(
        request, "people/import_plan.html", mistake.status if mistake else 200, plan=shown, draft_id=draft_id,
        moved_on=moved_on and not about["done"], said=mending(mistake, language) if mistake else "",
        people=_Part(shown["people"], page, PEOPLE_AT_ONCE),
        problems=_Part(shown["problems"], mistakes, PROBLEMS_AT_ONCE),
        notes=shown["notes"][:MOST_NOTES], more_notes=max(0, len(shown["notes"]) - MOST_NOTES),
        columns=_columns(language, _kind(about["kind"])), nothing=NOTHING, title=partial(_title, language),
        known=[(header, tells, kept.get(plain_header(header))) for header, tells in shown.get("known", ())],
        **about, **_words(language),
    )  # fmt: skip


def _about(draft: ImportDraft) -> dict[str, Any]:
    return {"plan": draft.plan, "filename": draft.filename, "done": draft.done_at is not None,
            "seen": drafts.version(draft), "mended": len(drafts.mended(draft)), "kind": draft.kind,
            "left_out": draft.left_out is not None}  # fmt: skip


def _columns(language: Language, kind: Kind) -> list[tuple[str, str]]:
    """What an unknown column may tell: the header that is read, and its name."""
    return [(field.value, Column(field).title(language)) for field in FIELDS[kind]]


def _title(language: Language, field: str | None) -> str:
    """What a column tells, in words."""
    return Column(Field(field)).title(language) if field else translate(language, "nothing that is kept")


def _words(language: Language) -> dict[str, Any]:
    region = settings.current().region
    return {
        "cell_name": plan.cell_name,
        "label": partial(change_words.label, language=language),
        "value": lambda what, known: change_words.value(what, known, language, region),
    }


class _Part:
    """One page of a list."""

    def __init__(self, whole: list[Any], page: int, at_once: int) -> None:
        self.pages = max(1, -(-len(whole) // at_once))
        self.page = min(page, self.pages)
        self.all = len(whole)
        self.lines = whole[(self.page - 1) * at_once : self.page * at_once]
