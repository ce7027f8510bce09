"""Where somebody goes who has just signed in."""

from console.shell.visitors import home_of
from core.identity import sessions
from core.identity.roles import AccessRole
from core.storage.database import reading

START = "/"


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
