"""Passkeys: added and removed on one's account, and shown instead of name and password at the sign-in.

What the page's script asks is answered as JSON; what goes wrong, as a problem document in the language of the page.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from console.shell.origin import same_site
from console.shell.visitors import ACCOUNT, known_visitor
from console.sign_in import cookies, landing
from console.sign_in.own_account import own, own_user
from core import settings
from core.errors import ConflictError
from core.identity import queries, secrets, sign_in
from core.identity.models import PasskeyPurpose
from core.identity.passkeys import ceremonies, challenges, entering, keys, relying_party
from core.identity.passkeys.ceremonies import PasskeyError
from core.identity.passkeys.relying_party import RelyingParty
from core.identity.visitor import actor_of
from core.storage.database import write

SIGN_IN = "/sign-in/passkey"
NOT_KEPT = {"Cache-Control": "no-store"}
Piece = Annotated[str, Field(max_length=16_000)]
router = APIRouter(include_in_schema=False)


class CredentialResponse(BaseModel):
    """What the device has made or signed, each piece base64url; which of them are there depends on what was asked."""

    clientDataJSON: Piece
    attestationObject: Piece | None = None
    authenticatorData: Piece | None = None
    signature: Piece | None = None
    userHandle: Piece | None = None


class Credential(BaseModel):
    """What ``navigator.credentials`` gave, as ``PublicKeyCredential.toJSON`` writes it; extensions are left out."""

    id: Piece
    rawId: Piece
    type: Piece
    response: CredentialResponse


class Added(BaseModel):
    """A passkey that a browser has made, and how its user calls it."""

    name: Annotated[str, Field(max_length=400)] = ""
    credential: Credential


class Shown(BaseModel):
    """A passkey that a browser shows, and where one wanted to go."""

    then: Annotated[str, Field(max_length=400)] = landing.START
    credential: Credential


def party() -> RelyingParty:
    """As whom we ask for passkeys; raises ``ConflictError`` where no browser would have any for our address."""
    found = relying_party.of_public_url(settings.current().public_url)
    if found is None:
        raise ConflictError("There are no passkeys for this address.",
                            way_out="They need one that begins with https:// and has a name.")  # fmt: skip
    return found


@router.post(f"{ACCOUNT}/passkeys/options", dependencies=[Depends(same_site)])
def begin_adding(request: Request, password: Annotated[str, Form(max_length=400)] = "") -> Response:
    """What this browser is asked to make; whoever sits at one that was left open needs the password for that."""
    asked_by, user = party(), own_user(request)
    sign_in.confirm(user, password, cookies.browser_of(request))

    def begun(session: Session) -> dict[str, Any]:
        challenge = challenges.issue(session, PasskeyPurpose.ADD, _session_of(request), _address(request))
        known = queries.passkeys_of(session, user.id)
        return ceremonies.registration_options(asked_by, user, known, challenge)

    return JSONResponse(write(begun), headers=NOT_KEPT)


@router.post(f"{ACCOUNT}/passkeys", dependencies=[Depends(same_site)])
def add(request: Request, made: Added) -> Response:
    """The passkey that this browser was asked to make."""
    asked_by = party()
    keys.checked_name(made.name)
    challenge = write(lambda session: challenges.take(session, PasskeyPurpose.ADD, _session_of(request)))
    if challenge is None:
        raise PasskeyError("This took too long, or was answered already.", way_out="Begin again.", field="passkey")
    new = ceremonies.registered(made.credential.model_dump(exclude_none=True), challenge, asked_by)

    def added(session: Session) -> UUID:
        user = own(session, request)
        return keys.add(session, actor_of(user), user, made.name, new).id

    return JSONResponse({"id": str(write(added)), "to": ACCOUNT}, 201, NOT_KEPT)


@router.post(f"{ACCOUNT}/passkeys/{{passkey_id}}/remove", dependencies=[Depends(same_site)])
def remove(request: Request, passkey_id: UUID) -> Response:
    """Nobody signs in with this passkey of one's own any more."""

    def removed(session: Session) -> None:
        user = own(session, request)
        keys.remove(session, actor_of(user), user, passkey_id)

    write(removed)
    return RedirectResponse(ACCOUNT, status_code=303)


@router.post(f"{SIGN_IN}/options", dependencies=[Depends(same_site)])
def begin_signing_in(request: Request) -> Response:
    """What this browser is asked to sign; only it can answer, by the cookie that it is given with it."""
    asked_by, secret = party(), secrets.new_secret()
    challenge = write(lambda session: challenges.issue(session, PasskeyPurpose.SIGN_IN, secret, _address(request)))
    response = JSONResponse(ceremonies.authentication_options(asked_by, challenge), headers=NOT_KEPT)
    cookies.put_asked(request, response, secret, SIGN_IN, challenges.LASTS)
    return response


@router.post(SIGN_IN, dependencies=[Depends(same_site)])
def enter(request: Request, shown: Shown) -> Response:
    """Signs in whoever the passkey belongs to, and says where they go from here."""
    asked = request.cookies.get(cookies.ASKED, "")
    secret = entering.enter(shown.credential.model_dump(exclude_none=True), asked, party(),
                            cookies.browser_of(request))  # fmt: skip
    response = JSONResponse({"to": landing.of_session(secret, landing.local(shown.then))}, headers=NOT_KEPT)
    cookies.put(request, response, secret)
    cookies.drop_asked(response, SIGN_IN)
    return response


def _session_of(request: Request) -> str:
    """What only this session has: its id stands in no page of another's."""
    return f"session {known_visitor(request).session_id}"


def _address(request: Request) -> str:
    return cookies.browser_of(request).address
