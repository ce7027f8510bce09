"""The two ceremonies of WebAuthn: what a browser is asked, and whether its answer is one to what it was asked.

https://www.w3.org/TR/webauthn-3/. The device is always asked to make sure that it is the user (by a finger, a face or a
PIN): with that a passkey is two things at once, something they have and something they are or know.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.errors import UserError
from core.identity.models import Passkey, User
from core.identity.passkeys.relying_party import RelyingParty

TIMEOUT_MS = 180_000
"""For so long a browser lets the user look for their device."""
SHOWN_NAME = "Zao'an"
REQUIRED = UserVerificationRequirement.REQUIRED
_UNATTESTED = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
"""We ask for no attestation; then a browser sends none, or one that the device has signed itself (section 6.5)."""
_NONSENSE = (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What the library raises of an answer that is none; what is of the wrong type is refused where it is used."""

Answer = Mapping[str, Any]
"""What ``navigator.credentials`` gave, as JSON (section 5.1: ``toJSON``)."""


class PasskeyError(UserError):
    """The passkey, or its answer, is not accepted, and it is not said why (HTTP 422)."""


@dataclass(frozen=True)
class NewKey:
    """A key pair that a device has just made: its id and public half (base64url), and what the device counts."""

    credential_id: str
    public_key: str
    sign_count: int


def registration_options(party: RelyingParty, user: User, known: Sequence[Passkey], challenge: bytes) -> dict[str, Any]:
    """What a browser is asked in order to make a passkey of this user in a device that has none of them yet."""
    options = webauthn.generate_registration_options(
        rp_id=party.id, rp_name=SHOWN_NAME, user_id=user.id.bytes, user_name=user.name,
        user_display_name=user.called, challenge=challenge, timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
        exclude_credentials=[_described(each) for each in known],
    )  # fmt: skip
    return options_to_json_dict(options)


def authentication_options(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """What a browser is asked in order to show any passkey that it has for us; the device knows whose it is."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=challenge, timeout=TIMEOUT_MS, user_verification=REQUIRED
    )
    return options_to_json_dict(options)


def registered(answer: Answer, challenge: bytes, party: RelyingParty) -> NewKey:
    """The key that the device has made; raises ``PasskeyError`` unless all of it is an answer to what we asked."""
    with _refusing_nonsense():
        statement = parse_attestation_object(base64url_to_bytes(answer["response"]["attestationObject"]))
        if statement.fmt not in _UNATTESTED or statement.att_stmt.x5c:
            raise refused()
        made = webauthn.verify_registration_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin, require_user_verification=True,
        )  # fmt: skip
        decoded_public_key_to_cryptography(
            decode_credential_public_key(made.credential_public_key)
        )  # a point, a modulus
    return NewKey(bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key),
                  made.sign_count)  # fmt: skip


def _described(known: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(known.credential_id))


def credential_id(answer: Answer) -> str:
    """Which passkey is shown, in the one spelling (base64url) of its id; raises ``PasskeyError`` for none."""
    with _refusing_nonsense():
        return bytes_to_base64url(base64url_to_bytes(answer["id"]))


def shown(answer: Answer, challenge: bytes, party: RelyingParty, known: Passkey) -> int:
    """What the device of this passkey counts now; raises ``PasskeyError`` unless the answer is signed by it.

    Whether the count has grown is the caller's to judge: the library's refusal could not be told from any other.
    """
    with _refusing_nonsense():
        if base64url_to_bytes(answer["response"]["userHandle"]) != known.user_id.bytes:
            raise refused()
        done = webauthn.verify_authentication_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin, credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
    return done.new_sign_count


def refused() -> PasskeyError:
    """What is said of every answer that is not accepted."""
    return PasskeyError("The passkey was not accepted.", way_out="Try again, or sign in with your password.",
                        field="passkey")  # fmt: skip


@contextmanager
def _refusing_nonsense() -> Iterator[None]:
    try:
        yield
    except _NONSENSE as nonsense:
        raise refused() from nonsense
