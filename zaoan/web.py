"""The web application: pages, provider webhooks, sound files and health."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

import audio.routes
import console.routes
import ivr.webhooks
import zaoan.health
import zaoan.tempo
from audio.store import ClipStore
from core import settings
from core.errors import UserError
from core.settings import Telephony
from zaoan import __version__
from zaoan.health import Health
from zaoan.prefix import WithoutPrefix

PROBLEM = "application/problem+json"


def web_app(store: ClipStore) -> FastAPI:
    """Everything that is served over HTTP, by the settings in force, with the clips of ``store``."""
    chosen = settings.current()
    app = assembled(chosen.telephony, chosen.public_url)
    app.state.clips, app.state.health = store, Health(chosen)
    return app


def assembled(telephony: Telephony, public_url: str) -> FastAPI:
    """The application without its state; only a simulation lets the exchange set the tempo."""
    app = FastAPI(title="Zao'an", version=__version__, openapi_url="/api/openapi.json", docs_url="/api", redoc_url=None)
    app.include_router(ivr.webhooks.router, include_in_schema=False)
    app.include_router(audio.routes.router)
    app.include_router(console.routes.router)
    if telephony is Telephony.EXCHANGE:
        app.include_router(zaoan.tempo.router)
    app.mount("/static", console.routes.static)
    app.include_router(zaoan.health.router)
    app.add_exception_handler(UserError, problem)
    app.add_middleware(WithoutPrefix, public_url=public_url)
    return app


async def problem(request: Request, error: Exception) -> Response:
    """A mistake its author can mend, as an RFC 9457 problem document in the installation's language."""
    assert isinstance(error, UserError)
    body = {
        "type": "about:blank",
        "title": error.message,
        "status": error.status,
        "detail": error.describe(settings.current().language),
        "field": error.field,
        "value": str(error.value) if error.value is not None else None,
    }
    return JSONResponse(body, status_code=error.status, media_type=PROBLEM)
