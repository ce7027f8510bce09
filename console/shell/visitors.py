"""Who looks at a page: the gate has found out before any page is made (``zaoan.web.gate``)."""

from fastapi import Request

from core.actors import Actor
from core.identity.roles import AccessRole
from core.identity.visitor import Visitor

AUDIT = "/audit"
_STAFF = frozenset({AccessRole.ADMINISTRATOR, AccessRole.OFFICE})
_ROOMS = (
    ("/", "Today", _STAFF),
    ("/cases", "Cases", _STAFF),
    ("/residents", "Residents", _STAFF),
    ("/responders", "Responders", _STAFF),
    ("/roster", "Duty roster", _STAFF),
    ("/campaigns", "Campaigns", _STAFF | {AccessRole.AUDITOR}),
    ("/reports", "Reports", _STAFF | {AccessRole.AUDITOR}),
    ("/listen", "Listen to a call", _STAFF),
    ("/recordings", "Recordings", _STAFF),
    ("/settings", "Settings", frozenset({AccessRole.ADMINISTRATOR})),
    ("/users", "Users", frozenset({AccessRole.ADMINISTRATOR})),
    (AUDIT, "Audit log", frozenset({AccessRole.ADMINISTRATOR, AccessRole.AUDITOR})),
)
"""What stands at the top of every page for whom; what may be opened is decided by the table of rights alone."""
ACCOUNT = "/account"


def visitor_of(request: Request) -> Visitor | None:
    """Whoever looks; None on a page that anybody may open, while nobody has signed in."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def known_visitor(request: Request) -> Visitor:
    """Whoever looks at a page that only somebody who has signed in can open."""
    found = visitor_of(request)
    if found is None:
        raise RuntimeError(f"{request.url.path} was opened past the gate")
    return found


def acting(request: Request) -> Actor:
    """Whoever looks, as whoever changes something."""
    return known_visitor(request).actor


def rooms_of(visitor: Visitor | None) -> list[tuple[str, str]]:
    """The pages that are offered to them: their addresses and their names."""
    return [(address, name) for address, name, roles in _ROOMS if visitor and visitor.role in roles]


def is_staff(visitor: Visitor) -> bool:
    """Whether they may see the files of people, and change something."""
    return visitor.role in _STAFF


def may_set_up(visitor: Visitor) -> bool:
    """Whether they may change what holds for the whole community."""
    return visitor.role is AccessRole.ADMINISTRATOR


def home_of(role: AccessRole) -> str:
    """The page on which they begin."""
    if role is AccessRole.AUDITOR:
        return AUDIT
    return next((address for address, _, roles in _ROOMS if role in roles), ACCOUNT)
