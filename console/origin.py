"""Where a request comes from: nothing is changed on behalf of a page of another site."""

from urllib.parse import urlsplit

from fastapi import Request

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
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign or (fetched_from is not None and fetched_from not in _OWN):
        raise OtherSiteError("This was sent by another site.", way_out="Do it on the page of Zao'an itself.")
