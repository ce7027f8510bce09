"""The page of the users: who may sign in, and what administrators do about it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting, known_visitor
from console.view.times import short_moment
from contacts.models import Community
from core.actors import Actor
from core.errors import UserError
from core.identity import invitations, queries, sessions, totp, users
from core.identity.models import User
from core.identity.roles import USER_ROLES, AccessRole
from core.storage.database import reading, write

PAGE = "/users"
ONE = PAGE + "/{user_id}"
Typed = Annotated[str, Form(max_length=400)]
Change = Callable[[Session, Actor, User], None]
Invitation = Callable[[Session], tuple[str, str]]
"""Who is invited, and the secret of their link."""
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request) -> Response:
    """Everybody who may sign in, or might once."""
    return _page(request)


@router.post(PAGE, dependencies=[Depends(same_site)])
def invite(request: Request, name: Typed = "", shown: Typed = "", role: Typed = AccessRole.OFFICE) -> Response:
    """Writes down a user, and shows the link by which they choose a password; it is shown this once."""

    def invited(session: Session) -> tuple[str, str]:
        there = known_visitor(request).community_id
        user, secret = users.create(session, acting(request), there, name, _role(role), shown)
        return user.called, secret

    return _with_link(request, invited, {"name": name, "shown": shown, "role": role})


@router.post(f"{ONE}/role", dependencies=[Depends(same_site)])
def change_role(request: Request, user_id: UUID, role: Typed = "") -> Response:
    """What the user may do from now on."""
    return _changed(request, user_id, lambda session, actor, user: users.change_role(session, actor, user, _role(role)))


@router.post(f"{ONE}/disable", dependencies=[Depends(same_site)])
def disable(request: Request, user_id: UUID) -> Response:
    """The user can do nothing any more."""
    return _changed(request, user_id, users.disable)


@router.post(f"{ONE}/enable", dependencies=[Depends(same_site)])
def enable(request: Request, user_id: UUID) -> Response:
    """The user signs in as before."""
    return _changed(request, user_id, users.enable)


@router.post(f"{ONE}/reset", dependencies=[Depends(same_site)])
def reset(request: Request, user_id: UUID) -> Response:
    """Ends password, codes, passkeys and sessions of the user, and shows a new link, this once."""

    def invited(session: Session) -> tuple[str, str]:
        user = users.get(session, known_visitor(request).community_id, user_id)
        return user.called, users.reset(session, acting(request), user)

    return _with_link(request, invited)


@router.post(f"{ONE}/sessions/end", dependencies=[Depends(same_site)])
def end_sessions(request: Request, user_id: UUID) -> Response:
    """Every browser of the user has to sign in again."""
    return _changed(request, user_id, users.end_sessions)


@router.post(f"{ONE}/codes/remove", dependencies=[Depends(same_site)])
def remove_codes(request: Request, user_id: UUID) -> Response:
    """The user is asked for no code any more, until they turn codes on again."""
    return _changed(request, user_id, totp.stop)


@router.post(f"{ONE}/passkeys/remove", dependencies=[Depends(same_site)])
def remove_passkeys(request: Request, user_id: UUID) -> Response:
    """The user signs in with a password again."""
    return _changed(request, user_id, users.remove_passkeys)


def _with_link(request: Request, invited: Invitation, typed: dict[str, str] | None = None) -> Response:
    """The page with the link of whom ``invited`` names, or with why not and what was ``typed``."""
    try:
        called, secret = write(invited)
    except UserError as refusal:
        return _page(request, refusal, typed=typed)
    return _page(request, link=(called, invitations.link_of(secret)))


def _changed(request: Request, user_id: UUID, change: Change) -> Response:
    def done(session: Session) -> None:
        change(session, acting(request), users.get(session, known_visitor(request).community_id, user_id))

    try:
        write(done)
    except UserError as refusal:
        return _page(request, refusal)
    return RedirectResponse(f"{PAGE}#user-{user_id}", status_code=303)


def _role(written: str) -> AccessRole:
    """The role that is meant; raises ``UserError``."""
    if written not in USER_ROLES:
        raise UserError("There is no role {value}.", way_out="There are: {known}.", field="role", value=written,
                        known=list(USER_ROLES))  # fmt: skip
    return AccessRole(written)


def _page(
    request: Request,
    mistake: UserError | None = None,
    *,
    link: tuple[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """``link``: whose invitation it is, and its address. What was ``typed`` and refused stands there again."""
    return pages.page(
        request, "account/users.html", mistake.status if mistake else 200, mistake=mistake, link=link,
        people=_people(request), roles=USER_ROLES, typed=typed or {"name": "", "shown": "", "role": AccessRole.OFFICE},
        days=int(invitations.LASTS.total_seconds() // 86_400),
    )  # fmt: skip


def _people(request: Request) -> list[dict[str, Any]]:
    visitor, language = known_visitor(request), pages.language_of(request)
    with reading() as session:
        zone = ZoneInfo(session.get_one(Community, visitor.community_id).timezone)
        known = queries.users(session, visitor.community_id)
        passkeys = queries.passkeys_counted(session, visitor.community_id)
        browsers = sessions.counted(session, visitor.community_id)
    return [
        {"user": each, "is_you": each.id == visitor.user_id, "passkeys": passkeys.get(each.id, 0),
         "browsers": browsers[each.id][0] if each.id in browsers else 0,
         "seen": short_moment(browsers[each.id][1], zone, language) if each.id in browsers else None,
         "made": short_moment(each.made_at, zone, language)}
        for each in known
    ]  # fmt: skip
