"""The cookies by which a browser is known to be one in which somebody has signed in, or is about to."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from core import settings
from core.identity.sessions import LASTS
from core.identity.sign_in import Browser

NAME = "zaoan_session"
ASKED = "zaoan_passkey"
"""What a browser has while it is asked for a passkey, before anybody has signed in."""


def put(request: Request, response: Response, secret: str) -> None:
    """This browser keeps the secret: no script reads it, and another site only sends it with a link."""
    response.set_cookie(NAME, secret, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax",
                        secure=_is_secure(request))  # fmt: skip


def drop(response: Response) -> None:
    """This browser forgets it."""
    response.delete_cookie(NAME)


def put_asked(request: Request, response: Response, secret: str, path: str, lasts: timedelta) -> None:
    """This browser alone can answer what it was asked; the secret is sent to this ``path`` and nowhere else."""
    response.set_cookie(ASKED, secret, max_age=int(lasts.total_seconds()), path=path, httponly=True, samesite="strict",
                        secure=_is_secure(request))  # fmt: skip


def put_for(request: Request, response: Response, name: str, secret: str, path: str, lasts: timedelta) -> None:
    """This browser is known by the secret wherever below ``path`` it is sent, also with a link from a text."""
    response.set_cookie(name, secret, max_age=int(lasts.total_seconds()), path=path, httponly=True, samesite="lax",
                        secure=_is_secure(request))  # fmt: skip


def drop_asked(response: Response, path: str) -> None:
    """It has answered."""
    response.delete_cookie(ASKED, path)


def browser_of(request: Request) -> Browser:
    """From where somebody asks."""
    return Browser(request.client.host if request.client else "", request.headers.get("User-Agent", ""))


def _is_secure(request: Request) -> bool:
    """Whether the cookie came, and will come, over TLS; a proxy may have ended it before us."""
    public = urlsplit(settings.current().public_url)
    return request.url.scheme == "https" or (public.scheme == "https" and request.headers.get("Host") == public.netloc)
