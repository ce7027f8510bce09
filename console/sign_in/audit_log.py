"""The page of the audit log: who has looked at which file, and who has changed something."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from console.shell import pages
from console.shell.visitors import known_visitor
from console.view.times import short_moment
from contacts.models import Community
from core.i18n import Language, translate
from core.identity import queries
from core.identity.models import AuditEntry
from core.storage.database import reading

PAGE = "/audit"
MOST = 200
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request, before: int | None = None) -> Response:
    """The latest entries, or those before one; an auditor reads ids here, and nobody's name or address."""
    visitor, language = known_visitor(request), pages.language_of(request)
    with reading() as session:
        found = queries.audited(session, visitor.community_id, before, MOST)
        zone = ZoneInfo(session.get_one(Community, visitor.community_id).timezone)
        names = _names(session, found)
    lines = [_line(each, names, zone, language) for each in found]
    earlier = found[-1].id if len(found) == MOST else None
    return pages.page(request, "account/audit.html", lines=lines, earlier=earlier)


def _names(session: Session, found: Sequence[AuditEntry]) -> Mapping[UUID, str]:
    ids = list({each.actor_id for each in found if each.actor_id})
    return queries.called(session, ids) | queries.tokens_called(session, ids)


def _line(entry: AuditEntry, names: Mapping[UUID, str], zone: ZoneInfo, language: Language) -> dict[str, Any]:
    known = names.get(entry.actor_id, "") if entry.actor_id else entry.actor_name
    return {
        "at": entry.at.isoformat(),
        "shown": short_moment(entry.at, zone, language),
        "who": known or translate(language, f"actor:{entry.actor_kind}"),
        "deed": translate(language, entry.deed),
        "subject": entry.subject,
        "status": entry.status,
        "address": entry.address,
    }
