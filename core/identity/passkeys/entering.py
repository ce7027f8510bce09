"""Signing in with a passkey, which stands for password and code at once: counted, compared, and noted as they are."""

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from core import clock
from core.identity import queries, sessions, sign_in, throttling
from core.identity.models import Deed, Passkey, PasskeyPurpose
from core.identity.passkeys import ceremonies, challenges
from core.identity.passkeys.ceremonies import Answer, PasskeyError
from core.identity.passkeys.relying_party import RelyingParty
from core.identity.sign_in import Browser
from core.storage.database import reading, write


def enter(answer: Answer, browser_secret: str, party: RelyingParty, browser: Browser) -> str:
    """The secret of a new session, for whoever answers the challenge that was handed out to ``browser_secret``.

    The challenge is over with it, whatever comes of it. Raises ``TooManyAttemptsError`` and ``PasskeyError``.
    """
    key = ceremonies.credential_id(answer)
    write(lambda session: throttling.admit(session, _account(key), browser.address))
    challenge = write(lambda session: challenges.take(session, PasskeyPurpose.SIGN_IN, browser_secret))
    with reading() as session:
        known = queries.passkey_with(session, key)
    count = _count(answer, challenge, party, known)
    secret = write(lambda session: _begun(session, known, count, browser)) if known and count is not None else None
    if secret is None:
        write(lambda session: sign_in.note_refusal(session, known.user if known else None, browser))
        raise ceremonies.refused()
    return secret


def _count(answer: Answer, challenge: bytes | None, party: RelyingParty, known: Passkey | None) -> int | None:
    """What the device counts; None unless it is this passkey, and answers this challenge."""
    if challenge is None or known is None:
        return None
    try:
        return ceremonies.shown(answer, challenge, party, known)
    except PasskeyError:
        return None


def _begun(session: Session, compared: Passkey, count: int, browser: Browser) -> str | None:
    """Of what was compared with outside, only what is still so counts."""
    known = queries.passkey_with(session, compared.credential_id)
    if known is None or known.user.disabled_at is not None:
        return None
    if not _counted(session, known, count):
        sign_in.note(session, known.user, Deed.PASSKEY_COUNTED_BACK, 422, browser)
        return None
    throttling.forget(session, _account(known.credential_id), browser.address)
    sign_in.note(session, known.user, Deed.SIGNED_IN_BY_PASSKEY, 200, browser)
    return sessions.begin(session, known.user, browser.address, browser.name)


def _counted(session: Session, known: Passkey, count: int) -> bool:
    """Notes the use; False where the device should have counted on and has not: perhaps there are two of it.

    A device that does not count says 0 for ever (https://www.w3.org/TR/webauthn-3/#sctn-sign-counter).
    """
    grown = or_(Passkey.sign_count < count, and_(Passkey.sign_count == 0, count == 0))  # type: ignore[arg-type]
    used = update(Passkey).where(Passkey.id == known.id, grown)
    return bool(session.execute(used.values(sign_count=count, used_at=clock.real_now())).rowcount)  # type: ignore[attr-defined]


def _account(credential_id: str) -> str:
    """Under which name attempts are counted: whoever guesses at the password does not keep the passkey out."""
    return f"passkey {credential_id}"
