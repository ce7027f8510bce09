"""While others hold the database, or it is away, whoever asks is told so calmly, and when to ask again.

It stands around the gate, which looks up who asks before any handler of the application is reached.
"""

import logging

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from console.shell.pages import language_of, page_without_database, wants_page
from core.errors import UserError
from core.storage.unreachable import is_for_now, why_unreachable

log = logging.getLogger(__name__)
AGAIN_SECONDS = 5
"""After so many seconds a page asks again by itself, and a program may."""
_CHANGES_NOTHING = {"GET", "HEAD", "OPTIONS"}
_SEND_AGAIN = (
    "It is not certain that this was kept. Look in {seconds} seconds; a POST with an Idempotency-Key can be sent again "
    "as it is."
)


class DatabaseUnavailableError(UserError):
    """The database did not answer in time (HTTP 503)."""

    status = 503


class Unavailable:
    """Answers 503 for a request that has failed because the database is not to be had for now."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; any other failure, and one in the middle of an answer, goes on to the server."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as failure:
            if begun or scope["type"] != "http" or not is_for_now(failure):
                raise
            log.warning("%s %s could not be answered: %s", scope["method"], scope["path"], why_unreachable(failure))
            await _again_in_a_moment(Request(scope))(scope, receive, send)


def _again_in_a_moment(request: Request) -> Response:
    """It is made without the database, and in no thread that waits for it."""
    is_asking = request.method in _CHANGES_NOTHING
    if wants_page(request):
        answer = page_without_database(request, "frame/busy.html", 503, is_asking=is_asking, seconds=AGAIN_SECONDS)
    else:
        way_out = "Ask again in {seconds} seconds." if is_asking else _SEND_AGAIN
        error = DatabaseUnavailableError("The database is busy at the moment.", way_out=way_out, seconds=AGAIN_SECONDS)
        answer = problems.answer(error, language_of(request))
    answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer
