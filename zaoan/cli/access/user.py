"""``zaoan user``: who may sign in."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from contacts.community.community import the_community
from core import settings
from core.actors import Actor
from core.i18n import translate
from core.identity import queries, totp, users
from core.identity.invitations import link_of
from core.identity.models import User
from core.identity.roles import AccessRole
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_made, installation_open, minute, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name with which they sign in.")]
ROLES = {
    AccessRole.ADMINISTRATOR: ("管理员",),
    AccessRole.OFFICE: ("社区办公室", "办公室", "工作人员"),
    AccessRole.RESPONDER: ("帮助的人", "志愿者"),
    AccessRole.RELATIVE: ("家属",),
    AccessRole.AUDITOR: ("审计", "审计员"),
}
ROLE = Word(AccessRole, ROLES, prefix="access:")


def create(
    name: Name,
    role: Annotated[
        AccessRole, typer.Option(parser=ROLE, help="administrator, office, responder, relative or auditor.")
    ] = AccessRole.OFFICE,
    shown: Annotated[str, typer.Option("--shown", help="How pages name them: 王芳.")] = "",
    as_json: Json = False,
) -> None:
    """Writes down a user and prints the link by which they choose a password; it works once, for three days."""
    with installation_made(), unit_of_work() as session:
        user, secret = users.create(session, acting(), the_community(session).id, name, role, shown)
        if as_json:
            print_json(_document(user) | {"link": link_of(secret)})
            return
        say("{name} may sign in ({role}) once they have chosen a password. The link works once, for three days:",
            name=user.name, role=_word(f"access:{user.role}"))  # fmt: skip
        typer.echo(link_of(secret))


def list_users(as_json: Json = False) -> None:
    """Everybody who may sign in, or might once."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        known = queries.users(session, community.id)
        passkeys = queries.passkeys_counted(session, community.id)
    if as_json:
        print_json([_document(each) | {"passkeys": passkeys.get(each.id, 0)} for each in known])
        return
    zone = ZoneInfo(community.timezone)
    show_table(
        ("name", "shown", "access", "codes", "passkeys", "state", "since"),
        [(each.name, each.shown, _word(f"access:{each.role}"), _word("yes" if each.totp_since else "no"),
          str(passkeys.get(each.id, "")),
          _word(f"user:{each.state}"), minute(each.made_at, zone)) for each in known],
        "Nobody may sign in yet: zaoan user create NAME --role administrator",
    )  # fmt: skip


def disable(name: Name, as_json: Json = False) -> None:
    """Ends all that a user may do, in every browser; what they did stays in their name."""
    with installation_open(), unit_of_work() as session:
        user = users.find(session, the_community(session).id, name)
        users.disable(session, acting(), user)
        if as_json:
            print_json(_document(user))
        else:
            say("{name} may not sign in any more. To let them in again: zaoan user enable {name}", name=user.name)


def enable(name: Name, as_json: Json = False) -> None:
    """Takes a disabling back: the user signs in as before, with the password and the passkeys that they had."""
    _change(name, users.enable, "{name} may sign in again.", as_json=as_json)


def change_role(
    name: Name,
    role: Annotated[AccessRole, typer.Argument(parser=ROLE, metavar="ROLE", help="What they may do from now on.")],
    as_json: Json = False,
) -> None:
    """Changes what a user may do, from their next request on."""

    def change(session: Session, actor: Actor, user: User) -> None:
        users.change_role(session, actor, user, role)

    _change(name, change, "{name} is {role} now.", as_json=as_json)


def sign_out(name: Name, as_json: Json = False) -> None:
    """Ends every session of a user: each of their browsers has to sign in again."""
    _change(name, users.end_sessions, "{name} has been signed out everywhere.", as_json=as_json)


def remove_codes(name: Name, as_json: Json = False) -> None:
    """Asks a user for no code any more, until they turn codes on again: for whoever has lost their authenticator."""
    _change(name, totp.stop, "{name} is asked for no code any more.", as_json=as_json)


def remove_passkeys(name: Name, as_json: Json = False) -> None:
    """Removes every passkey of a user, who signs in with a password again: for whoever has lost their device."""
    _change(name, users.remove_passkeys, "{name} has no passkeys any more.", as_json=as_json)


def reset(name: Name, as_json: Json = False) -> None:
    """Ends a user's password, codes, passkeys and sessions, and prints a new link; lets in again who was disabled."""
    with installation_open(), unit_of_work() as session:
        user = users.find(session, the_community(session).id, name)
        secret = users.reset(session, acting(), user)
        if as_json:
            print_json(_document(user) | {"link": link_of(secret)})
            return
        say("{name} chooses a new password. The link works once, for three days:", name=user.name)
        typer.echo(link_of(secret))


def _change(name: str, change: Callable[[Session, Actor, User], None], told: str, *, as_json: bool) -> None:
    with installation_open(), unit_of_work() as session:
        user = users.find(session, the_community(session).id, name)
        change(session, acting(), user)
        if as_json:
            print_json(_document(user))
        else:
            say(told, name=user.name, role=_word(f"access:{user.role}"))


def _document(user: User) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "name": user.name,
        "shown": user.shown,
        "role": user.role,
        "codes": user.totp_since is not None,
        "state": user.state,
        "made_at": user.made_at.isoformat(),
    }


def _word(word: str) -> str:
    return translate(settings.current().language, word)
