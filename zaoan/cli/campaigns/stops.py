"""What a command says that has ended a round, or paused, stopped or resumed a campaign."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import CampaignState
from campaigns.rounds.round_stops import CampaignChange, Person, StoppedRound
from contacts.community.community import the_community
from core import settings
from core.i18n import listed, translate
from core.short_ids import short
from zaoan.terminal.common import minute, print_json, say

MOST_NAMES = 20
_ALREADY = {
    CampaignState.ACTIVE: "Campaign {name} was active already; nothing has changed.",
    CampaignState.PAUSED: "Campaign {name} was paused already; nothing has changed.",
    CampaignState.STOPPED: "Campaign {name} was stopped already; nothing has changed.",
}


def tell_round(session: Session, stopped: StoppedRound, *, as_json: bool) -> None:
    """Who is excused, who is heard to the end, and whom somebody should look at."""
    if as_json:
        print_json(_round_document(stopped))
        return
    _say_round(stopped, ZoneInfo(the_community(session).timezone))


def tell_campaign(session: Session, change: CampaignChange, *, as_json: bool) -> None:
    """The campaign's state before and after, and what became of its rounds under way."""
    if as_json:
        print_json(_campaign_document(change))
        return
    language, zone = settings.current().language, ZoneInfo(the_community(session).timezone)
    if change.before is change.after:
        say(_ALREADY[change.after], name=change.name)
    else:
        say("Campaign {name}: {before} → {after}.", name=change.name, before=translate(language, change.before),
            after=translate(language, change.after))  # fmt: skip
    for each in change.rounds:
        _say_round(each, zone)
    if change.after is not CampaignState.ACTIVE and not change.rounds:
        say("No round of it is under way.")
    if change.next_round_at:
        say("The next round is on {at}. A round that was ended does not come back.",
            at=minute(change.next_round_at, zone))  # fmt: skip


def _say_round(stopped: StoppedRound, zone: ZoneInfo) -> None:
    say("Round {round} of {started} has ended: nobody else is rung.", round=short(stopped.round_id),
        started=minute(stopped.started_at, zone))  # fmt: skip
    if stopped.excused:
        say("Excused without an answer: {count}.", count=len(stopped.excused))
    if stopped.in_calls:
        say("On the telephone now, and heard to the end ({count}): {names}", count=len(stopped.in_calls),
            names=_names(stopped.in_calls))  # fmt: skip
    if stopped.unheard:
        say("Had been rung and not answered; somebody should look in ({count}): {names}", count=len(stopped.unheard),
            names=[each.name for each in stopped.unheard])  # fmt: skip


def _names(people: Sequence[Person]) -> str:
    """All names of a round that fits on a screen; of a larger one those that ``zaoan round show`` begins with."""
    named = [each.name for each in people[:MOST_NAMES]]
    return listed(settings.current().language, named) + (" …" if len(people) > MOST_NAMES else "")


def _round_document(stopped: StoppedRound) -> dict[str, object]:
    return {
        "round": str(stopped.round_id),
        "campaign": stopped.campaign,
        "excused": [_person(each) for each in stopped.excused],
        "in_calls": [_person(each) for each in stopped.in_calls],
        "unheard": [_person(each) for each in stopped.unheard],
    }


def _campaign_document(change: CampaignChange) -> dict[str, object]:
    return {
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "next_round_at": change.next_round_at.isoformat() if change.next_round_at else None,
        "rounds": [_round_document(each) for each in change.rounds],
    }


def _person(person: Person) -> dict[str, object]:
    return {"resident": person.name, "resident_id": str(person.resident_id), "attempts": person.attempts}
