"""What the plan of a campaign may be: how many attempts, how long it rings, how far apart, by when; and its name."""

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.planning.retries import RETRY_MINUTES
from campaigns.schedules import plans
from campaigns.schedules.plans import Schedule
from contacts.hours import hours_of
from contacts.models import Community
from core.errors import ConflictError, UserError
from ivr.dispatch import calls

MOST_ATTEMPTS = 5
RING_SECONDS = (20, 120)
SPREAD_MINUTES = (0, 480)
DEADLINE_MINUTES = (30, 720)
EARLY_MINUTES = (0, 720)


def deadline_minutes(attempts: int, retry_minutes: int) -> int:
    """Two hours, or longer where the plan's attempts need it."""
    return max(120, attempts * (retry_minutes + 10) + 30)


def check_name(session: Session, name: str) -> None:
    """Raises ``UserError`` for a name that is empty, ``ConflictError`` for one that another campaign has."""
    if not name.strip():
        raise UserError("The campaign needs a name.", way_out="Give it one.", field="name", value=name)
    if queries.campaign_named(session, name):
        raise ConflictError(
            "There is a campaign {value} already.", way_out="Choose another name.", field="name", value=name
        )


def check_bounds(spread_minutes: int, deadline: int | None, attempts: int, pause: int) -> None:
    """Raises ``UserError`` for a window or a deadline that cannot be: all attempts fit into a round."""
    _check_range("spread-minutes", spread_minutes, *SPREAD_MINUTES)
    if deadline is not None:
        least = max(DEADLINE_MINUTES[0], (attempts - 1) * pause + 10)
        _check_range("deadline-minutes", deadline, least, max(least, DEADLINE_MINUTES[1]))


def check_plan(
    community: Community, planned: Schedule, attempts: int, retry_minutes: int, ring_seconds: int, early_minutes: int
) -> None:
    """Raises ``UserError`` for a plan by which nobody is to be rung, or not at that time."""
    _check_range("attempts", attempts, 1, MOST_ATTEMPTS)
    _check_range("retry-minutes", retry_minutes, *RETRY_MINUTES)
    _check_range("ring-seconds", ring_seconds, *RING_SECONDS)
    _check_range("early-minutes", early_minutes, *EARLY_MINUTES)
    latest = hours_of(community).last_start(calls.lead(ring_seconds))
    outside = [each for each in plans.times_of(planned) if not community.call_from <= each <= latest]
    if outside:
        raise UserError(
            "{value} is outside the hours in which residents may be rung.",
            way_out="Choose a time from {opens} to {closes}.",
            field="at",
            value=outside[0].strftime("%H:%M"),
            opens=community.call_from.strftime("%H:%M"),
            closes=latest.strftime("%H:%M"),
        )


def _check_range(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UserError(
            "{field} cannot be {value}.",
            way_out="Choose a number from {least} to {most}.",
            field=field,
            value=value,
            least=least,
            most=most,
        )
