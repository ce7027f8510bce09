"""The web application: pages, provider webhooks, sound files and health."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

import api.documentation
import api.routes
import audio.clips.routes
import console.round_report_pages
import console.routes
import ivr.webhooks.endpoints
import ivr.webhooks.receiving
import ivr.webhooks.speech
import zaoan.web.health
import zaoan.web.metrics
import zaoan.web.tempo
from api import problems
from audio.clips.clip_addresses import ClipAddresses
from audio.clips.store import ClipStore
from console.shell.pages import language_of, trouble, wants_page
from core import settings
from core.errors import UserError
from core.i18n import translate
from core.settings import Telephony
from ivr.ports.events import IncompleteError
from zaoan import __version__
from zaoan.web.gate import Gate, Keys
from zaoan.web.health import Health
from zaoan.web.hosts import OwnHosts
from zaoan.web.prefix import WithoutPrefix
from zaoan.web.security_headers import SecuredFastAPI
from zaoan.web.unavailable import Unavailable

NOT_COMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/xml", "text/xml")
"""Sound and pictures are small already, a stream must not wait for more of itself, and a provider is near."""


def web_app(store: ClipStore) -> FastAPI:
    """Everything that is served over HTTP, by the settings in force, with the clips of ``store``."""
    chosen = settings.current()
    app = assembled(chosen.telephony, chosen.public_url, chosen.host)
    app.state.clips, app.state.health = store, Health(chosen)
    app.state.keys = Keys(chosen.api_requests_per_minute)
    app.state.addresses = ClipAddresses(chosen.public_url, chosen.secret())
    return app


def assembled(telephony: Telephony, public_url: str, listening: str) -> FastAPI:
    """The application without its state; an exchange may set the tempo, and a trunk needs our voice.

    FastAPI's own page of the API is not shown: it runs scripts of another server with all the rights of ours.
    """
    app = SecuredFastAPI(
        title="Zao'an", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    app.include_router(ivr.webhooks.endpoints.router, include_in_schema=False)
    app.include_router(audio.clips.routes.router, include_in_schema=False)
    app.include_router(console.routes.router)
    app.include_router(api.routes.router)
    if telephony is Telephony.EXCHANGE:
        app.include_router(zaoan.web.tempo.router)
    if telephony is Telephony.SIP:
        app.include_router(ivr.webhooks.speech.router)
    app.mount("/static", console.routes.static)
    app.include_router(zaoan.web.health.router)
    app.include_router(zaoan.web.metrics.router)
    api.documentation.describe(app)
    app.state.print_report = console.round_report_pages.report_pdf
    app.add_exception_handler(UserError, problem)
    app.add_exception_handler(IncompleteError, ivr.webhooks.receiving.incomplete)
    app.add_exception_handler(HTTPException, no_page)
    app.add_exception_handler(RequestValidationError, no_page)
    app.add_middleware(Gate)
    app.add_middleware(Unavailable)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5, exclude_content_types=NOT_COMPRESSED)
    app.add_middleware(OwnHosts, public_url=public_url, listening=listening)
    app.add_middleware(WithoutPrefix, public_url=public_url)
    return app


def problem(request: Request, error: Exception) -> Response:
    """A mistake its author can mend: a page for whoever looks at one, otherwise an RFC 9457 problem document."""
    assert isinstance(error, UserError)
    language = language_of(request)
    if wants_page(request):
        return trouble(request, error.status, error.describe(language))
    return problems.answer(error, language)


async def no_page(request: Request, error: Exception) -> Response:
    """What the address asks for is not there, or not to be had so: a page says it to whoever looks at one."""
    assert isinstance(error, HTTPException | RequestValidationError)
    if not wants_page(request):
        language = language_of(request)
        if isinstance(error, RequestValidationError):
            return problems.invalid(error, language)
        return problems.of_http(error, language)
    status = error.status_code if isinstance(error, HTTPException) else 422
    text = "There is no such page." if status == 404 else "The address or the form is not complete."
    return await run_in_threadpool(trouble, request, status, translate(language_of(request), text))
