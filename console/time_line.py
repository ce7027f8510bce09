"""The page of one case's time line: what happened to it, when, and whose doing it was."""

from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from console.shell import pages
from contacts.models import Community
from contacts.queries import names
from core.errors import NotFoundError
from core.i18n import Language, translate
from core.storage.database import reading
from escalation.cases import cases, time_line

PAGE = "/cases/{case_id}"
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request, case_id: UUID) -> Response:
    """The time line of a case, open or closed."""
    language = pages.language_of(request)
    try:
        with reading() as session:
            heading, moments = _shown(session, language, case_id)
    except NotFoundError as missing:
        return pages.trouble(request, missing.status, missing.describe(language))
    return pages.page(request, "case.html", heading=heading, moments=moments)


def _shown(session: Session, language: Language, case_id: UUID) -> tuple[str, list[dict[str, str]]]:
    case = cases.find(session, case_id)
    zone = ZoneInfo(session.get_one(Community, case.community_id).timezone)
    called = names.called(session, [case.resident_id]) if case.resident_id else {}
    who = called.get(case.resident_id) if case.resident_id else None
    heading = f"{who or translate(language, 'Somebody unknown')} · {translate(language, f'case:{case.kind}')}"
    moments = [
        {
            "at": each.at.isoformat(),
            "shown": format_datetime(each.at, "short", tzinfo=zone, locale=language.replace("-", "_")),
            "actor": each.actor.kind.value,
            "who": each.who(language),
            "what": each.what(language),
        }
        for each in time_line.of_case(session, case_id)
    ]
    return heading, moments
