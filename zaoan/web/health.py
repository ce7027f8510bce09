"""Health: whether this process is alive, whether the whole service can do its work, and proof of who answers."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Annotated
from zoneinfo import ZoneInfo

from celery import Celery
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from kombu.exceptions import KombuError
from sqlalchemy.exc import SQLAlchemyError

from console.shell.pages import language_of
from contacts.community.community import the_community
from core import clock
from core.i18n import Language
from core.running import ticks, troubles
from core.running.ticks import RECENT
from core.settings import Settings
from core.storage.database import reading
from zaoan.worker.transport import EVERY_TICK, MEMORY, celery_app
from zaoan.worker.watchdog import waiting_messages

log = logging.getLogger(__name__)
GRACE_SECONDS = 15.0
"""So long after a start nobody is blamed for ticks that have not come yet (real seconds)."""
NONCE = "^[0-9a-f]{1,64}$"


router = APIRouter(include_in_schema=False)
"""For an application with a ``Health`` in its state as ``health``."""


@router.get("/healthz")
async def alive(request: Request, nonce: Annotated[str | None, Query(pattern=NONCE)] = None) -> dict[str, str]:
    """The process answers; to whoever sends a nonce it proves which installation it is.

    It takes none of the threads, all of which may be waiting for the database.
    """
    health: Health = request.app.state.health
    answer = {"status": "alive"}
    return answer if nonce is None else answer | {"proof": health.proof(nonce)}


@router.get("/readyz")
def ready(request: Request) -> Response:
    """200 while the database and the broker answer and ticks are recent; otherwise 503 naming what is wrong.

    Troubles with which the service goes on are named beside 200: whoever sends it no requests while the provider is
    silent would keep the provider's own requests away.
    """
    health: Health = request.app.state.health
    if wrong := health.wrong():
        return JSONResponse({"status": "not ready", "wrong": wrong}, status_code=503)
    if there := health.troubles(language_of(request)):
        return JSONResponse({"status": "ready, with troubles", "troubles": there})
    return JSONResponse({"status": "ready"})


class Health:
    """How this process and what it depends on are."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._started = monotonic()
        self._transport = None if chosen.broker_url.startswith(MEMORY) else celery_app(chosen.broker_url)

    def proof(self, nonce: str) -> str:
        """Which installation this is, for whoever has thought of ``nonce``."""
        return proof(self._chosen.secret(), nonce)

    def wrong(self) -> dict[str, str]:
        """What is wrong, by the part of the service; empty while it can do all its work."""
        return self._database_problem() | self._broker_problem()

    def troubles(self, language: Language) -> dict[str, dict[str, str]]:
        """What an operator should know of although the service works, by its name, with the way out."""
        with reading() as session:
            there, zone = troubles.known(session), ZoneInfo(the_community(session).timezone)
        return {
            each.kind.value: {
                "since": each.since.isoformat(timespec="seconds"),
                "said": each.said(language, zone),
                "mend": each.way_out(language, zone),
            }
            for each in there
        }

    def _database_problem(self) -> dict[str, str]:
        try:
            with reading() as session:
                known = ticks.last(session)
        except SQLAlchemyError:
            log.exception("the database does not answer")
            return {"database": "the database does not answer"}
        if monotonic() < self._started + GRACE_SECONDS:
            return {}
        late = overdue(known, EVERY_TICK, clock.real_now(), RECENT)
        return {"ticks": f"no tick for {RECENT.total_seconds():.0f} s: {', '.join(late)}"} if late else {}

    def _broker_problem(self) -> dict[str, str]:
        if self._transport is None:
            return {}
        try:
            queue_length(self._transport)
        except (KombuError, OSError) as failure:
            log.warning("the broker does not answer: %s", failure)
            return {"broker": "the broker does not answer"}
        return {}


def overdue(
    known: Mapping[str, datetime], names: tuple[str, ...], real_now: datetime, recent: timedelta
) -> tuple[str, ...]:
    """Those of ``names`` whose last completed tick is not ``recent``, or that never were."""
    return tuple(name for name in names if name not in known or real_now - known[name] > recent)


def queue_length(transport: Celery) -> int:
    """How many messages wait; raises ``KombuError`` or ``OSError`` when the broker does not answer."""
    with transport.connection_for_write() as connection:
        return waiting_messages(transport, connection)


def proof(secret: str, nonce: str) -> str:
    """What only an installation with this secret can answer to a nonce."""
    return hmac.new(secret.encode(), f"it is me: {nonce}".encode(), hashlib.sha256).hexdigest()
