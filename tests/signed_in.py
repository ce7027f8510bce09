"""Who may open a page or use the API: users with a session, and programs with a token, in any community."""

import itertools

from contacts.community.community import the_community
from core import actors
from core.identity import api_tokens, passwords, sessions, users
from core.identity.roles import AccessRole, Scope
from core.storage.database import unit_of_work
from tests import people

PASSWORD = "清晨有人来敲门"
COOKIE = "zaoan_session"
_numbers = itertools.count(1)


def user(name, role=AccessRole.OFFICE, password=PASSWORD, community_id=None):
    """A user who has chosen this password; returns their id. Others write while it is hashed."""
    slow_hash = passwords.hashed(password)
    with unit_of_work() as session:
        there = community_id or the_community(session).id
        made, _ = users.create(session, actors.system(), there, name, role)
        made.password = slow_hash
        return made.id


def session_of(user_id, browser="pytest"):
    """The secret of a new session of this user."""
    with unit_of_work() as session:
        return sessions.begin(session, session.get_one(users.User, user_id), "127.0.0.1", browser)


def enter(client, name="", role=AccessRole.OFFICE):
    """Whoever uses this client has signed in as somebody new with this role; returns the user's id."""
    made = user(name or f"user{next(_numbers)}", role)
    client.cookies.set(COOKIE, session_of(made))
    return made


def token(*scopes, community_id=None, days=1):
    """The secret of a new token with these scopes (none: with all)."""
    with unit_of_work() as session:
        there = community_id or the_community(session).id
        name = f"program{next(_numbers)}"
        return api_tokens.create(session, actors.system(), there, name, scopes or tuple(Scope), days)[1]


def bearer(secret):
    """The header by which a program shows it."""
    return {"Authorization": f"Bearer {secret}"}


def community(name):
    """One more community in this database; returns its id."""
    with unit_of_work() as session:
        return people.another_community(session, name).id
