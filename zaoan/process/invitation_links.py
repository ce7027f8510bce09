"""The links by which users choose a password; the first start of a service prints one."""

from contacts.community.community import the_community
from core import actors, settings
from core.identity import users
from core.storage.database import unit_of_work


def link_of(secret: str) -> str:
    """The address of the page on which this invitation is accepted."""
    return f"{settings.current().public_url.rstrip('/')}/invitation/{secret}"


def first_link() -> str | None:
    """A link for the first administrator, while nobody can sign in as one; the one that was made before is over."""
    with unit_of_work() as session:
        secret = users.invite_first(session, actors.system(), the_community(session).id)
    return link_of(secret) if secret else None
