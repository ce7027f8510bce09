"""The staff of an office: an administrator with a passkey, and others as they stand on the page of the users."""

from contacts.community.community import the_community
from core import actors, clock
from core.identity import totp, users
from core.identity.models import User
from core.identity.passkeys import keys
from core.identity.passkeys.ceremonies import NewKey
from core.identity.roles import AccessRole
from core.storage.database import unit_of_work
from tests import signed_in


def staff():
    """They are written down; returns the secret of a session of the administrator."""
    chief = signed_in.user("zhaomin", AccessRole.ADMINISTRATOR)
    clerk, gone = signed_in.user("lilei"), signed_in.user("chengang", AccessRole.RESPONDER)
    with unit_of_work() as session:
        there = the_community(session).id
        users.create(session, actors.system(), there, "hanmei", AccessRole.AUDITOR, "韩梅")
        known = session.get_one(User, chief)
        known.shown = "赵敏"
        first = keys.add(session, actors.system(), known, "办公室电脑", NewKey("a", "a", 0))
        first.used_at = clock.real_now()
        keys.add(session, actors.system(), known, "我的手机", NewKey("b", "b", 0))
        keys.add(session, actors.system(), session.get_one(User, clerk), "前台电脑", NewKey("c", "c", 0))
        totp.begin(session, session.get_one(User, clerk))
        session.get_one(User, clerk).totp_since = clock.real_now()
        users.disable(session, actors.system(), session.get_one(User, gone))
    signed_in.session_of(clerk, "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0")
    return signed_in.session_of(chief, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0")
