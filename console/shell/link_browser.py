"""The secret by which a browser is known again in which somebody uses a signed link (see ``core.links``)."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from core import settings
from core.identity import secrets

NAME = "zaoan_link"
LASTS = timedelta(days=30)


def of(request: Request) -> str:
    """The browser's secret; empty where it has none yet."""
    return request.cookies.get(NAME, "")


def of_or_new(request: Request) -> str:
    """The browser's secret, made for one that has none; ``put`` gives it to it."""
    return of(request) or secrets.new_secret()


def put(request: Request, response: Response, secret: str, path: str, lasts: timedelta = LASTS) -> None:
    """The browser keeps the secret for the pages below ``path``, also when it comes by a link; no script reads it."""
    response.set_cookie(NAME, secret, max_age=int(lasts.total_seconds()), path=path, httponly=True, samesite="lax",
                        secure=is_secure(request))  # fmt: skip


def is_secure(request: Request) -> bool:
    """Whether a cookie came, and will come, over TLS; a proxy may have ended it before us."""
    public = urlsplit(settings.current().public_url)
    return request.url.scheme == "https" or (public.scheme == "https" and request.headers.get("Host") == public.netloc)
