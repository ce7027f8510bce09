"""Where a request comes from: nothing is changed on behalf of a page of another site."""

from urllib.parse import urlsplit

from fastapi import Request

from core import settings
from core.errors import UserError

_OWN = frozenset({"same-origin", "none"})


class OtherSiteError(UserError):
    """Another site tried to change something in the name of whoever sits before the page (HTTP 403)."""

    status = 403


def same_site(request: Request) -> None:
    """Raises ``OtherSiteError`` when the browser says that a page of another origin has sent this.

    Clients that are no browsers send neither header: they act for nobody but themselves.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc not in _ours(request)
    if foreign or (fetched_from is not None and fetched_from not in _OWN):
        raise OtherSiteError("This was sent by another site.", way_out="Do it on the page of Zao'an itself.")


def _ours(request: Request) -> set[str]:
    """The host that was asked for, which is one of ours, and the public one, whatever a proxy has made of it."""
    hosts = (request.headers.get("Host"), urlsplit(settings.current().public_url).netloc)
    return {host for host in hosts if host}
