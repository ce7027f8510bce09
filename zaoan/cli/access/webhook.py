"""``zaoan webhook``: which systems outside are told what happens."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import settings
from core.errors import UserError
from core.i18n import listed, translate
from core.storage.database import reading, unit_of_work
from core.subscriptions import queries, subscribing
from core.subscriptions.models import Delivery, Kind, Subscription
from zaoan.terminal.common import Json, acting, installation_made, installation_open, minute, misused, print_json, say
from zaoan.terminal.tables import show_table

Url = Annotated[str, typer.Argument(metavar="URL", help="The address that is told, by POST.")]
Which = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its address or its id.")]
EVERYTHING = "all"
SHOWN = 50


def create(
    url: Url,
    kinds: Annotated[str, typer.Option("--events", help="What it is told, separated by commas: case.opened; or all.")]
    = EVERYTHING,
    as_json: Json = False,
) -> None:  # fmt: skip
    """From now on this address is told; prints the secret with which everything is signed, this once."""
    with installation_made(), unit_of_work() as session:
        made, secret = subscribing.subscribe(session, acting(), the_community(session).id, url, _kinds(kinds))
        _show_secret(made, secret, as_json=as_json)


def rotate(which: Which, as_json: Json = False) -> None:
    """Gives a webhook a new secret; for a day everything is signed with the one before as well."""
    with installation_open(), unit_of_work() as session:
        found = subscribing.find(session, the_community(session).id, which)
        _show_secret(found, subscribing.rotate(session, acting(), found), as_json=as_json)


def list_webhooks(as_json: Json = False) -> None:
    """Every address that is told what happens."""
    with installation_open(), reading() as session:
        community = the_community(session)
        known = queries.living(session, community.id)
    if as_json:
        print_json([_document(each) for each in known])
        return
    zone, language = ZoneInfo(community.timezone), settings.current().language
    show_table(
        ("address", "events", "since", "last taken", "failures"),
        [(each.url, listed(language, each.kinds), minute(each.made_at, zone), minute(each.delivered_at, zone),
          str(each.failures)) for each in known],
        "No system outside is told anything: zaoan webhook create URL",
    )  # fmt: skip


def deliveries(which: Which, as_json: Json = False) -> None:
    """What a webhook was told in the last thirty days and what waits, the newest first."""
    with installation_open(), reading() as session:
        community = the_community(session)
        found = subscribing.find(session, community.id, which)
        known = queries.latest(session, found.id, SHOWN)
    if as_json:
        print_json([_delivery(each) for each in known])
        return
    zone = ZoneInfo(community.timezone)
    show_table(
        ("event", "state", "tries", "since", "next try", "why not"),
        [(each.kind, _word(f"delivery:{each.state}"), str(each.tries), minute(each.made_at, zone),
          minute(each.next_try_at, zone), _why(each)) for each in known],
        "Nothing has been told there yet.",
    )  # fmt: skip


def send_test(which: Which, as_json: Json = False) -> None:
    """Sends `webhook.test` there, by the running service; zaoan webhook deliveries shows what came of it."""
    with installation_open(), unit_of_work() as session:
        found = subscribing.find(session, the_community(session).id, which)
        made = subscribing.send_test(session, acting(), found)
        if as_json:
            print_json(_delivery(made))
        else:
            say("{url} is sent a test as soon as the service runs.", url=found.url)


def revoke(which: Which, as_json: Json = False) -> None:
    """Nothing more is told there, not even what waits."""
    with installation_open(), unit_of_work() as session:
        found = subscribing.find(session, the_community(session).id, which)
        subscribing.revoke(session, acting(), found)
        if as_json:
            print_json(_document(found))
        else:
            say("{url} is told nothing any more.", url=found.url)


def _show_secret(found: Subscription, secret: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(found) | {"secret": secret})
        return
    say("This is the secret by which {url} knows us; it is not shown again:", url=found.url)
    typer.echo(secret)


def _kinds(written: str) -> list[Kind]:
    """The events that are meant; ends the command for a word that is none."""
    words = [each.strip() for each in written.split(",") if each.strip()]
    if words == [EVERYTHING]:
        return list(Kind)
    for each in words:
        if each not in set(Kind):
            misused(UserError("There is no event {value}.", way_out="There are: {known}.", field="events", value=each,
                              known=list(Kind)))  # fmt: skip
    return [Kind(each) for each in words]


def _document(found: Subscription) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "url": found.url,
        "events": found.kinds,
        "made_at": found.made_at.isoformat(),
        "delivered_at": found.delivered_at.isoformat() if found.delivered_at else None,
        "failures": found.failures,
        "revoked_at": found.revoked_at.isoformat() if found.revoked_at else None,
    }


def _delivery(found: Delivery) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "event": found.kind,
        "state": found.state.value,
        "tries": found.tries,
        "made_at": found.made_at.isoformat(),
        "next_try_at": found.next_try_at.isoformat() if found.next_try_at else None,
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
        "status": found.status,
        "reason": found.reason,
    }


def _why(found: Delivery) -> str:
    said = _word(f"not taken:{found.reason}") if found.reason else ""
    return f"{said} ({found.status})" if said and found.status else said


def _word(word: str) -> str:
    return translate(settings.current().language, word)
