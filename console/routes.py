"""The pages."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from sse_starlette import EventSourceResponse
from starlette.staticfiles import StaticFiles

from console.stream import stream
from console.today import today
from core import settings
from core.database import reading
from core.i18n import Language, translate
from core.settings import Telephony

HERE = Path(__file__).parent
templates = Jinja2Templates(HERE / "templates")
static = StaticFiles(directory=HERE / "static")
router = APIRouter(include_in_schema=False)


@router.get("/")
def show_today(request: Request) -> Response:
    """Today's check-ins and cases; the list refreshes itself."""
    return _page(request, "today.html")


@router.get("/today/list")
def show_list(request: Request) -> Response:
    """Only the part of the page that changes."""
    return _page(request, "today_list.html")


@router.get("/events")
async def show_events(request: Request) -> EventSourceResponse:
    """The event stream."""
    return stream(request)


def _page(request: Request, template: str) -> Response:
    language = _language(request)
    with reading() as session:
        shown = today(session)
    return templates.TemplateResponse(
        request,
        template,
        {
            "today": shown,
            "language": language.value,
            "other": next(each for each in Language if each is not language).value,
            "simulated": settings.current().telephony is Telephony.EXCHANGE,
            "t": lambda text, **gaps: translate(language, text, **gaps),
        },
    )


def _language(request: Request) -> Language:
    """The language asked for in the address, otherwise the installation's."""
    asked = request.query_params.get("language", "")
    return Language(asked) if asked in set(Language) else settings.current().language
