"""Where somebody goes who has just signed in."""

from campaigns.people import readiness
from console.shell.visitors import home_of
from contacts.models import Community
from core.identity import sessions
from core.identity.roles import AccessRole
from core.storage.database import reading

START = "/"
FIRST_START = "/start"


def of_invitation(secret: str) -> str:
    """The page on which the user of this new session begins, who has just accepted an invitation: an administrator of a
    community that lacks something is led on the way to its first morning."""
    with reading() as session:
        begun = sessions.of_secret(session, secret)
        if begun and begun.user.role == AccessRole.ADMINISTRATOR:
            there = session.get_one(Community, begun.user.community_id)
            if readiness.missing(readiness.standing(session, there)):
                return FIRST_START
    return of_session(secret, START)


def of_session(secret: str, then: str) -> str:
    """The page that the user of this new session wanted (``then``), or where those of their role begin."""
    with reading() as session:
        begun = sessions.of_secret(session, secret)
        role = AccessRole(begun.user.role) if begun else AccessRole.OFFICE
    return home_of(role) if then == START else then


def local(then: str) -> str:
    """A page of ours; another site's address leads nowhere."""
    is_ours = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isprintable()
    return then if is_ours and "\\" not in then else START
