"""``zaoan community``: what an installation keeps since its first start, and how it is changed."""

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from campaigns import queries
from campaigns.models import Campaign
from contacts.community.changes import FIELDS
from contacts.community.community import the_community
from contacts.models import Community
from contacts.office import days_in_words
from core import settings
from core.errors import UserError
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, minute, misused, print_fields, print_json, say, word

if TYPE_CHECKING:
    from campaigns.people.community_settings import Changed

NUMBERS = {"region", "area_code"}


def show(as_json: Json = False) -> None:
    """What the installation keeps about its community."""
    with installation_open(whatever_is_given=True), reading() as session:
        community = the_community(session)
        campaigns = _starting(queries.campaigns(session))
    if as_json:
        print_json(_document(community, campaigns))
        return
    print_fields({f"community:{field}": _shown(field, getattr(community, field)) for field in FIELDS})
    _say_next(community, campaigns)


def change(
    name: Annotated[str | None, typer.Option(help="Its name, as the voice says it.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Its time zone, like Asia/Shanghai.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of its voice and pages: zh-CN or en.")] = None,
    region: Annotated[str | None, typer.Option(help="Its country, as two letters: CN.")] = None,
    area_code: Annotated[
        str | None, typer.Option(help="The area code of numbers that are written without one: 0311.")
    ] = None,
    call_from: Annotated[str | None, typer.Option(help="Residents are rung from this time on: 07:30.")] = None,
    call_until: Annotated[str | None, typer.Option(help="Residents are rung until this time: 21:00.")] = None,
    office_from: Annotated[str | None, typer.Option(help="Somebody is at the office from this time on: 08:30.")] = None,
    office_until: Annotated[str | None, typer.Option(help="Somebody is at the office until this time: 17:30.")] = None,
    office_days: Annotated[str | None, typer.Option(help="The days of the office, 1 is Monday: 1-5.")] = None,
    as_json: Json = False,
) -> None:
    """Changes what is given, says what has changed, and when the next rounds are."""
    from campaigns.people import community_settings  # loads half of the service, which whoever only looks does not need

    given = zip(
        FIELDS,
        (name, timezone, language, region, area_code, call_from, call_until, office_from, office_until, office_days),
        strict=True,
    )
    wanted = {field: value for field, value in given if value is not None}
    with installation_open(whatever_is_given=True):
        if not wanted:
            misused(UserError("Nothing is to be changed.", way_out="`zaoan community set --help` names what may be."))
        with unit_of_work() as session:
            changed = community_settings.change(session, acting(), wanted)
        if as_json:
            print_json(_document(changed.community, changed.campaigns) | {"changed": sorted(changed.before)})
            return
        _say_changes(changed)


def _say_changes(changed: "Changed") -> None:
    for field, before in changed.before.items():
        after = getattr(changed.community, field)
        say(
            "{what}: {before} → {after}",
            what=word(f"community:{field}"),
            before=_shown(field, before),
            after=_shown(field, after),
        )
    if not changed.before:
        say("It was so already; nothing has changed.")
    if changed.before.keys() & NUMBERS:
        say("Telephone numbers that are stored already stay as they are; import the list again to have them read anew.")
    _say_next(changed.community, changed.campaigns)


def _say_next(community: Community, campaigns: Sequence[Campaign]) -> None:
    zone = ZoneInfo(community.timezone)
    for each in campaigns:
        say("Next round of {name}: {at}", name=each.name, at=minute(each.next_round_at, zone))


def _starting(campaigns: Sequence[Campaign]) -> Sequence[Campaign]:
    return [each for each in campaigns if each.next_round_at]


def _shown(field: str, value: object) -> str:
    if field == "office_days" and value:
        return days_in_words(str(value), settings.current().language)
    return value.strftime("%H:%M") if isinstance(value, time) else str(value or "-")


def _document(community: Community, campaigns: Sequence[Campaign]) -> dict[str, Any]:
    kept = {field: getattr(community, field) for field in FIELDS}
    return {
        "community": {
            field: _shown(field, value) if isinstance(value, time) else value for field, value in kept.items()
        },
        "next_rounds": [{"campaign": each.name, "at": each.next_round_at} for each in campaigns],
    }
