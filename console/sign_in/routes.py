"""The pages before all others: signing in, accepting an invitation, signing out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import known_visitor
from console.sign_in import cookies, landing
from core import settings
from core.errors import UserError
from core.identity import invitations, sessions, sign_in
from core.identity.passkeys import relying_party
from core.storage.database import reading, write

PAGE = "/sign-in"
INVITATION = "/invitation/{secret}"
LONGEST = 400
Typed = Annotated[str, Form(max_length=LONGEST)]
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request, then: str = landing.START) -> Response:
    """The page on which one signs in; ``then`` is where one wanted to go."""
    return _sign_in(request, 200, then, "", None)


@router.post(PAGE, dependencies=[Depends(same_site)])
def enter(
    request: Request, name: Typed = "", password: Typed = "", code: Typed = "", then: Typed = landing.START
) -> Response:
    """Signs in; whoever is refused sees the same page with the reason, and neither is told which of the three."""
    try:
        secret = sign_in.sign_in(name, password, code, cookies.browser_of(request))
    except UserError as refusal:
        return _sign_in(request, refusal.status, then, name, refusal)
    return _entered(request, secret, landing.of_session(secret, landing.local(then)))


@router.post("/sign-out", dependencies=[Depends(same_site)])
def leave(request: Request) -> Response:
    """Ends this session; in a demo nobody is signed in for long without."""
    visitor = known_visitor(request)
    if visitor.user_id and visitor.session_id:
        user_id, session_id = visitor.user_id, visitor.session_id
        write(lambda session: sessions.end(session, user_id, session_id))
    response = RedirectResponse(PAGE, status_code=303)
    cookies.drop(response)
    return response


@router.get(INVITATION)
def show_invitation(request: Request, secret: str) -> Response:
    """Whoever was invited chooses a password; to look at the page does not use the link up."""
    try:
        with reading() as session:
            invited = invitations.of_secret(session, secret).user
    except UserError as refusal:
        return pages.trouble(request, refusal.status, refusal.describe(pages.language_of(request)))
    return _invitation(request, secret, invited.name, None)


@router.post(INVITATION, dependencies=[Depends(same_site)])
def accept(request: Request, secret: str, name: Typed = "", password: Typed = "", again: Typed = "") -> Response:
    """The password is theirs from now on, and they have signed in; ``name`` is only shown again."""
    try:
        if password != again:
            raise UserError("The two passwords differ.", way_out="Type the same twice.", field="again")
        begun = sign_in.accept(secret, password, cookies.browser_of(request))
    except invitations.InvitationError as refusal:
        return pages.trouble(request, refusal.status, refusal.describe(pages.language_of(request)))
    except UserError as refusal:
        return _invitation(request, secret, name, refusal)
    return _entered(request, begun, landing.of_invitation(begun))


def _sign_in(request: Request, status: int, then: str, typed: str, mistake: UserError | None) -> Response:
    party = relying_party.of_public_url(settings.current().public_url)
    return pages.page(request, "account/sign_in.html", status, then=landing.local(then), typed=typed, mistake=mistake,
                      passkeys_at=party.origin if party else None)  # fmt: skip


def _invitation(request: Request, secret: str, name: str, mistake: UserError | None) -> Response:
    status = mistake.status if mistake else 200
    return pages.page(request, "account/invitation.html", status, secret=secret, invited=name, mistake=mistake)


def _entered(request: Request, secret: str, to: str) -> Response:
    response = RedirectResponse(to, status_code=303)
    cookies.put(request, response, secret)
    return response
