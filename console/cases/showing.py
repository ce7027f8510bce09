"""How one case is shown, also after something that could not be done: what was typed stands where it was typed."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request, Response

from console.cases.case_file import CLOSE, case_page
from console.shell import pages
from console.shell.rendering import page_words
from core.errors import NotFoundError, UserError
from core.storage.database import reading
from escalation.models import ABOUT_MANY

NOTHING: Mapping[str, str] = {}


def page_of(
    request: Request,
    case_id: UUID,
    failed: str = "",
    mistake: UserError | None = None,
    typed: Mapping[str, str] = NOTHING,
) -> Response:
    """The page of a case; ``failed`` is the form to which the ``mistake`` belongs, and ``typed`` what stood in it."""
    language = pages.language_of(request)
    try:
        with reading() as session:
            case = case_page(session, case_id, language)
    except NotFoundError as missing:
        return pages.trouble(request, missing.status, missing.describe(language))
    words = {name: each for name, each in page_words(language).items() if name in _WORDS}
    return pages.page(request, "cases/case.html", mistake.status if mistake else 200, case=case, failed=failed,
                      mistake=mistake, typed=typed, is_closing=case.next == CLOSE or failed == CLOSE,
                      about_many=case.kind in ABOUT_MANY, **words)  # fmt: skip


_WORDS = frozenset({"findings", "comma", "sign_of_kind"})
