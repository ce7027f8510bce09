"""``zaoan token``: which programs may use the API."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import clock, settings
from core.errors import UserError
from core.i18n import listed, translate
from core.identity import api_tokens, queries
from core.identity.models import ApiToken
from core.identity.roles import Scope
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_made, installation_open, minute, misused, print_json, say
from zaoan.terminal.tables import show_table

Name = Annotated[str, typer.Argument(metavar="NAME", help="The program that it is for.")]
EVERYTHING = "all"


def create(
    name: Name,
    scopes: Annotated[
        str, typer.Option("--scopes", help="What it may do, separated by commas: residents:read,cases:write; or all.")
    ],
    days: Annotated[int, typer.Option(help="So many days from now it is good.")] = 365,
    as_json: Json = False,
) -> None:
    """Makes a token for a program and prints it; it cannot be shown again."""
    with installation_made(), unit_of_work() as session:
        token, secret = api_tokens.create(session, acting(), the_community(session).id, name, _scopes(scopes), days)
        if as_json:
            print_json(_document(token) | {"token": secret})
            return
        say("This is the token of {name}; it is not shown again:", name=token.name)
        typer.echo(secret)


def list_tokens(as_json: Json = False) -> None:
    """Every token: what it may do, until when, and when it was used."""
    with installation_open(), reading() as session:
        community = the_community(session)
        known = queries.tokens(session, community.id)
    if as_json:
        print_json([_document(each) for each in known])
        return
    zone, language = ZoneInfo(community.timezone), settings.current().language
    show_table(
        ("name", "scopes", "state", "good until", "last used"),
        [(each.name, listed(language, each.scopes), translate(language, f"token:{_state(each)}"),
          minute(each.expires_at, zone), minute(each.used_at, zone)) for each in known],
        "No program has a token yet: zaoan token create NAME --scopes residents:read",
    )  # fmt: skip


def revoke(name: Name, as_json: Json = False) -> None:
    """From now on nobody is let in with this token."""
    with installation_open(), unit_of_work() as session:
        token = api_tokens.find(session, the_community(session).id, name)
        api_tokens.revoke(session, acting(), token)
        if as_json:
            print_json(_document(token))
        else:
            say("Nobody is let in with the token of {name} any more.", name=token.name)


def _scopes(written: str) -> list[Scope]:
    """The scopes that are meant; ends the command for a word that is none."""
    words = [each.strip() for each in written.split(",") if each.strip()]
    if words == [EVERYTHING]:
        return list(Scope)
    for each in words:
        if each not in set(Scope):
            misused(UserError("There is no scope {value}.", way_out="There are: {known}.", field="scopes", value=each,
                              known=list(Scope)))  # fmt: skip
    return [Scope(each) for each in words]


def _document(token: ApiToken) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "scopes": token.scopes,
        "state": _state(token),
        "made_at": token.made_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
    }


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "good" if token.expires_at > clock.real_now() else "expired"
