"""``zaoan user``: who may sign in."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import settings
from core.i18n import translate
from core.identity import queries, users
from core.identity.invitations import link_of
from core.identity.models import User
from core.identity.roles import AccessRole
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_made, installation_open, minute, print_json, say
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
        known = queries.users(session, community.id)
    if as_json:
        print_json([_document(each) for each in known])
        return
    zone = ZoneInfo(community.timezone)
    show_table(
        ("name", "shown", "access", "codes", "state", "since"),
        [(each.name, each.shown, _word(f"access:{each.role}"), _word("yes" if each.totp_since else "no"),
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
            say("{name} may not sign in any more. To let them in again: zaoan user reset {name}", name=user.name)


def reset(name: Name, as_json: Json = False) -> None:
    """Ends a user's password, codes and sessions, and prints a new link; a user who was disabled is let in again."""
    with installation_open(), unit_of_work() as session:
        user = users.find(session, the_community(session).id, name)
        secret = users.reset(session, acting(), user)
        if as_json:
            print_json(_document(user) | {"link": link_of(secret)})
            return
        say("{name} chooses a new password. The link works once, for three days:", name=user.name)
        typer.echo(link_of(secret))


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
