"""One's own account: password, codes, and the browsers in which one has signed in."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import ACCOUNT, known_visitor
from console.sign_in import cookies
from console.sign_in.own_account import own, own_user
from console.view.times import short_moment
from contacts.community.community import the_community
from core import settings
from core.errors import ConflictError, UserError
from core.identity import queries, sessions, sign_in, totp
from core.identity.models import User
from core.identity.passkeys import relying_party
from core.identity.visitor import actor_of
from core.storage.database import reading, write

Typed = Annotated[str, Form(max_length=400)]
router = APIRouter(include_in_schema=False)


@router.get(ACCOUNT)
def show(request: Request) -> Response:
    """Who one is here, and where one has signed in."""
    return _page(request, None)


@router.post(f"{ACCOUNT}/password", dependencies=[Depends(same_site)])
def change_password(request: Request, old: Typed = "", password: Typed = "", again: Typed = "") -> Response:
    """Another password; all other browsers have to sign in again."""

    def change() -> None:
        if password != again:
            raise UserError("The two passwords differ.", way_out="Type the same twice.", field="again")
        user, here = own_user(request), known_visitor(request).session_id
        if here is not None:
            sign_in.confirm(user, old, cookies.browser_of(request))
            sign_in.change_password(user, password, here)

    return _changed(request, change)


@router.post(f"{ACCOUNT}/codes", dependencies=[Depends(same_site)])
def begin_codes(request: Request) -> Response:
    """A secret for an authenticator; nothing is asked for until one of its codes was typed."""

    def begin(session: Session) -> None:
        user = own(session, request)
        if user.totp_since is not None:
            raise ConflictError("Codes are asked for already.", way_out="Turn them off first.", field="code")
        totp.begin(session, user)

    return _changed(request, lambda: write(begin))


@router.post(f"{ACCOUNT}/codes/confirm", dependencies=[Depends(same_site)])
def confirm_codes(request: Request, code: Typed = "") -> Response:
    """The authenticator works: from now on a code is asked for at every sign-in."""

    def confirm(session: Session) -> None:
        user = own(session, request)
        totp.confirm(session, actor_of(user), user, code)

    return _changed(request, lambda: write(confirm))


@router.post(f"{ACCOUNT}/codes/stop", dependencies=[Depends(same_site)])
def stop_codes(request: Request, password: Typed = "") -> Response:
    """No code is asked for any more; whoever sits at a browser that was left open needs the password for that."""

    def stop() -> None:
        sign_in.confirm(own_user(request), password, cookies.browser_of(request))
        write(lambda session: totp.stop(session, actor_of(own(session, request)), own(session, request)))

    return _changed(request, stop)


@router.post(f"{ACCOUNT}/sessions/{{session_id}}/end", dependencies=[Depends(same_site)])
def end_session(request: Request, session_id: UUID) -> Response:
    """That browser has to sign in again."""
    return _changed(request, lambda: write(lambda session: sessions.end(session, own(session, request).id, session_id)))


def _changed(request: Request, change: Callable[[], None]) -> Response:
    try:
        change()
    except UserError as refusal:
        return _page(request, refusal)
    return RedirectResponse(ACCOUNT, status_code=303)


def _page(request: Request, mistake: UserError | None) -> Response:
    visitor, language = known_visitor(request), pages.language_of(request)
    with reading() as session:
        user = session.get(User, visitor.user_id) if visitor.user_id else None
        zone = ZoneInfo(the_community(session).timezone)
        known = [
            {"id": each.id, "here": each.id == visitor.session_id, "address": each.address, "browser": each.browser,
             "begun": short_moment(each.made_at, zone, language), "seen": short_moment(each.seen_at, zone, language)}
            for each in (sessions.of_user(session, user.id) if user else ())
        ]  # fmt: skip
        passkeys = [
            {"id": each.id, "name": each.name, "made": short_moment(each.made_at, zone, language),
             "used": short_moment(each.used_at, zone, language) if each.used_at else None}
            for each in (queries.passkeys_of(session, user.id) if user else ())
        ]  # fmt: skip
    party = relying_party.of_public_url(settings.current().public_url)
    under_way = user is not None and user.totp_secret is not None and user.totp_since is None
    return pages.page(
        request, "account/account.html", mistake.status if mistake else 200, mistake=mistake, user=user, browsers=known,
        passkeys=passkeys, passkeys_at=party.origin if party else None,
        codes_begun={"secret": user.totp_secret, "address": totp.address_of(user)} if user and under_way else None,
    )  # fmt: skip
