"""The gate: before a request is routed it is known who asks, and the table of rights says whether they may.

A page asks for a session, the API for a token. In a demo or a rehearsal, where there is nobody real, whoever opens a
page is its visitor, and the pages say so.
"""

import logging
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.rate_limit import RateLimits, TooManyRequestsError
from console.shell.pages import language_of, trouble, wants_page
from console.shell.visitors import home_of
from console.sign_in import cookies
from contacts.community.community import the_community
from core import clock
from core.errors import UserError
from core.identity import api_tokens, audit, sessions, visitor
from core.identity.roles import USER_ROLES
from core.identity.visitor import Visitor
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading, store, write_behind
from core.storage.fairness import Turn
from core.storage.unreachable import is_for_now
from zaoan.web.rights import Right, right_of
from zaoan.web.routes_known import Asked, Routes

log = logging.getLogger(__name__)
API = "/api/"
SIGN_IN = "/sign-in"
_BEARER = "bearer "
NOBODY = Right()
"""What a route without a row allows."""


class NotSignedInError(UserError):
    """Nobody has signed in, or no good token was shown (HTTP 401)."""

    status = 401


class NotAllowedError(UserError):
    """Whoever asks may not (HTTP 403)."""

    status = 403


class Keys:
    """What the gate keeps of one application: what its installation is for, and how often each token has asked."""

    def __init__(self, requests_per_minute: int) -> None:
        self.limits = RateLimits(requests_per_minute)
        self._is_simulated: bool | None = None
        self._shown: UUID | None = None

    @property
    def is_simulated(self) -> bool:
        """Whether this installation is a demo or a rehearsal, which it is for ever or never; asks the database once."""
        if self._is_simulated is None:
            with reading() as session:
                self._is_simulated = installation.read(session).purpose != Purpose.SERVICE
        return self._is_simulated

    @property
    def community_shown(self) -> UUID:
        """The community that the pages show: the first one, also of a database that has others for the API."""
        if self._shown is None:
            with reading() as session:
                self._shown = the_community(session).id
        return self._shown


class Gate:
    """Lets through whoever the table of rights allows; for an application with ``Keys`` in its state as ``keys``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._routes: Routes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its visitor, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        routes = scope["app"].routes
        if self._routes is None or self._routes.of != len(routes):
            self._routes = Routes(routes)
        asked = self._routes.find(scope["method"], scope["path"])
        right = _right(asked, scope["query_string"]) if asked else None
        if asked is None or right is None or right.open:
            await self._app(scope, receive, send)
        else:
            await self._known(Request(scope, receive), asked, right, send)

    async def _known(self, request: Request, asked: Asked, right: Right, send: Send) -> None:
        known = await run_in_threadpool(_visitor, request)
        request.scope.setdefault("state", {})["visitor"] = known
        if known and right.audited:
            send = _audited(request, asked, known, send)
        refused = await run_in_threadpool(_refusal, request, known, right)
        if refused is not None:
            await refused(request.scope, request.receive, send)
            return
        if known and request.url.path.startswith(API):
            send = _limited(request.app.state.keys.limits, known, send)
        try:
            await self._app(request.scope, request.receive, send)
        except Exception as failure:
            if known and right.audited:
                status = 503 if is_for_now(failure) else 500
                await run_in_threadpool(_note, request, asked, known, {"status": status, "headers": []})
            raise


def _right(asked: Asked, query: bytes) -> Right:
    """Whoever writes ``names`` into an address at all asks for them."""
    names = b"names" in unquote_to_bytes(query)
    return right_of(asked.name, names=names) or NOBODY


def _visitor(request: Request) -> Visitor | None:
    """Who asks. A cookie is no key to the API, so that no page of another site can use it."""
    if request.url.path.startswith(API):
        return _program(request)
    keys: Keys = request.app.state.keys
    if secret := request.cookies.get(cookies.NAME):
        with reading() as session:
            known = sessions.of_secret(session, secret)
            found = visitor.of_session(known) if known else None
        if known and found:
            if sessions.is_worth_noting(known, clock.real_now()):
                write_behind(lambda session: sessions.note_seen(session, known.id))
            return found
    if not keys.is_simulated:
        return None
    with reading() as session:
        return visitor.of_demo(the_community(session).id)


def _program(request: Request) -> Visitor | None:
    shown = request.headers.get("Authorization", "")
    if not shown.lower().startswith(_BEARER):
        return None
    with reading() as session:
        token = api_tokens.of_secret(session, shown[len(_BEARER) :].strip())
    if token is None:
        return None
    if api_tokens.is_worth_noting(token):
        write_behind(lambda session: api_tokens.note_used(session, token.id))
    return visitor.of_token(token)


def _refusal(request: Request, known: Visitor | None, right: Right) -> Response | None:
    """The answer to whoever may not; None for whoever may."""
    if known is None:
        return _to_sign_in(request)
    if not right.allows(known) or _is_of_others(request, known, right):
        return _not_allowed(request, known, right)
    if request.url.path.startswith(API):
        try:
            request.app.state.keys.limits.take(known.actor.id)
        except TooManyRequestsError as refusal:
            return problems.answer(refusal, language_of(request), {"Retry-After": str(refusal.seconds)})
    return None


def _is_of_others(request: Request, known: Visitor, right: Right) -> bool:
    """Whether a page shows another community than the one whose user they are; their own account is theirs."""
    if request.url.path.startswith(API) or right.roles >= set(USER_ROLES):
        return False
    keys: Keys = request.app.state.keys
    return known.community_id != keys.community_shown


def _to_sign_in(request: Request) -> Response:
    if request.url.path.startswith(API):
        refusal = NotSignedInError(
            "This needs a token that is good.",
            way_out="Send the header “Authorization: Bearer …”; zaoan token create makes one.",
        )
        return problems.answer(refusal, language_of(request), {"WWW-Authenticate": 'Bearer realm="zaoan"'})
    if request.method == "GET" and wants_page(request):
        then = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(SIGN_IN if then == "/" else f"{SIGN_IN}?then={quote(then, safe='')}", status_code=303)
    refusal = NotSignedInError("Nobody has signed in here, or not lately.", way_out="Open /sign-in.")
    return problems.answer(refusal, language_of(request))


def _not_allowed(request: Request, known: Visitor, right: Right) -> Response:
    if request.url.path == "/" and home_of(known.role) != "/" and wants_page(request):
        return RedirectResponse(home_of(known.role), status_code=303)
    language = language_of(request)
    if request.url.path.startswith(API):
        refusal = NotAllowedError(
            "This token has not the scope {value}.", way_out="Make another one: zaoan token create", field="scope",
            value=right.scope,
        )  # fmt: skip
        return problems.answer(refusal, language)
    refusal = NotAllowedError("You may not open this.", way_out="Ask an administrator who may.")
    if wants_page(request):
        return trouble(request, refusal.status, refusal.describe(language))
    return problems.answer(refusal, language)


def _limited(limits: RateLimits, known: Visitor, send: Send) -> Send:
    """Every answer of the API tells how many requests are left."""

    async def and_told(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = limits.told(known.actor.id)
            message["headers"] = [*message["headers"], *((name.encode(), str(n).encode()) for name, n in told.items())]
        await send(message)

    return and_told


def _audited(request: Request, asked: Asked, known: Visitor, send: Send) -> Send:
    """The entry is committed before the first byte of the answer leaves; if it cannot be, nothing leaves."""

    async def once_noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            await run_in_threadpool(_note, request, asked, known, message)
        await send(message)

    return once_noted


def _note(request: Request, asked: Asked, known: Visitor, message: Message) -> None:
    """What was answered, by the start of its ``message``."""
    made = next((value.decode("latin-1") for name, value in message["headers"] if name.lower() == b"location"), "")
    subject = " ".join([*asked.gaps.values(), *([made] if message["status"] == 201 else [])])
    address = cookies.browser_of(request).address
    store(
        lambda session: audit.note(session, known.actor, known.community_id, asked.name, subject=subject,
                                   status=message["status"], address=address),
        Turn.REPORT,
    )  # fmt: skip
