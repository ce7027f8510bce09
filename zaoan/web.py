"""The web application: pages, provider webhooks, sound files and health."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import audio.routes
import console.routes
import ivr.webhooks
import zaoan.tempo
from audio.store import ClipStore
from core import settings
from core.database import reading
from core.errors import UserError
from core.settings import Telephony
from zaoan import __version__
from zaoan.prefix import WithoutPrefix

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"


def web_app(store: ClipStore) -> FastAPI:
    """Everything that is served over HTTP; only a simulation lets the exchange set the tempo."""
    app = FastAPI(title="Zao'an", version=__version__, openapi_url="/api/openapi.json", docs_url="/api", redoc_url=None)
    app.include_router(ivr.webhooks.router, include_in_schema=False)
    app.include_router(audio.routes.router(store), include_in_schema=False)
    app.include_router(console.routes.router)
    if settings.current().telephony is Telephony.EXCHANGE:
        app.include_router(zaoan.tempo.router)
    app.mount("/static", console.routes.static)
    app.add_api_route("/healthz", alive, include_in_schema=False)
    app.add_api_route("/readyz", ready, include_in_schema=False)
    app.add_exception_handler(UserError, problem)
    app.add_middleware(WithoutPrefix, public_url=settings.current().public_url)
    return app


def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


def ready() -> Response:
    """The database answers too."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse({"status": "ready"})


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
