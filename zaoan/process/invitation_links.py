"""The link by which the first administrator chooses a password; the first start of a service prints it."""

from contacts.community.community import the_community
from core import actors
from core.identity import users
from core.identity.invitations import link_of
from core.storage.database import unit_of_work


def first_link() -> str | None:
    """A link for the first administrator, while nobody can sign in as one; the one that was made before is over."""
    with unit_of_work() as session:
        secret = users.invite_first(session, actors.system(), the_community(session).id)
    return link_of(secret) if secret else None
