"""Secrecy: whatever a check says, no secret of the installation stands in it."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

from core.settings import Settings

HIDDEN = "***"
SHORTEST = 4
"""A shorter "secret" stands in ordinary words by chance."""
_SECRET_NAMES = ("ZAOAN_TWILIO_AUTH_TOKEN", "ZAOAN_SECRET_KEY", "ZAOAN_DATA_KEYS", "ZAOAN_SIP_PASSWORD")
_URL_NAMES = (
    "ZAOAN_DATABASE_URL",
    "ZAOAN_BROKER_URL",
    "ZAOAN_PUBLIC_URL",
    "ZAOAN_TWILIO_API_URL",
    "ZAOAN_EXCHANGE_URL",
)


def secrets_of(chosen: Settings | None, environ: Mapping[str, str]) -> Sequence[str]:
    """Tokens, keys, and passwords inside addresses, longest first; also of settings that could not be read."""
    given = {environ.get(name, "") for name in _SECRET_NAMES}
    given |= set(environ.get("ZAOAN_DATA_KEYS", "").replace(",", " ").split())
    urls = [environ.get(name, "") for name in _URL_NAMES]
    if chosen is not None:
        given |= {chosen.twilio_auth_token.get_secret_value(), chosen.secret_key.get_secret_value()}
        given |= set(chosen.data_keys.get_secret_value().replace(",", " ").split())
        given |= {trunk.password.get_secret_value() for trunk in chosen.sip_trunks if trunk.password}
        urls += [chosen.database_url, chosen.broker_url, chosen.public_url, chosen.twilio_api_url, chosen.exchange_url]
    for password in filter(None, map(_password, urls)):
        given |= {password, unquote(password)}
    return sorted((each for each in given if len(each) >= SHORTEST), key=len, reverse=True)


def unsaid(text: str, secrets: Sequence[str]) -> str:
    """The text without the secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None
