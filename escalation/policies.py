"""Policies: for each kind of case, whom to ask, how many at once, how often, and how long whoever accepts may take.

The shipped ones are the data of ``policies.toml``; a community or a campaign may have others, so that nobody but
``policy_lookup`` reads them: everybody else asks it for the policy of a community, a campaign and a kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from contacts.hours import Hours
from contacts.models import Role
from escalation.models import CaseKind

DUTY = "duty"
"""The policy by which duty telephones are rung while a resident waits on the line; no case is of this kind."""
EVERY = "every"
"""What holds for every kind that does not say otherwise."""
KINDS = (*CaseKind, DUTY)


@dataclass(frozen=True)
class Policy:
    """The ladder for one kind of case.

    ``urgency`` orders cases (lower first). Without ``steps`` nobody is rung. Within a step the nearest responders come
    first. Whoever accepts has ``move_within`` until they are on the way, from then ``arrive_within`` until they are
    there (at the door, or on the telephone), and from then ``close_within`` until it is closed. Who lets one of these
    pass is reminded by one call, and ``return_after`` that the case returns to its ladder. After ``rounds`` rounds of
    all steps, the office is asked for ever: ``pause`` after the last call, then twice that, and so on up to
    ``longest_pause``.

    A responder is rung about it only while fewer than ``calls_per_hour`` of our calls have rung them in the last hour
    (None: however many), ``apart`` after the last one, and outside the quiet hours unless ``at_any_hour``. These are
    from ``quiet_from``, but not before ``quiet_after_last_call`` has passed since residents could last be rung, until
    ``quiet_until`` in the community's time.

    Whoever is rung at a telephone that takes texts is written to as well, ``text_ahead`` of the call (zero: with it;
    None: not at all); the link in it is good for ``link_lasts`` (real time), and at most until the case is closed.
    """

    urgency: int
    steps: tuple[tuple[Role, ...], ...]
    at_once: int
    move_within: timedelta
    arrive_within: timedelta
    close_within: timedelta
    return_after: timedelta
    rounds: int
    pause: timedelta
    longest_pause: timedelta
    calls_per_hour: int | None
    apart: timedelta
    at_any_hour: bool
    quiet_from: time
    quiet_until: time
    quiet_after_last_call: timedelta
    text_ahead: timedelta | None
    link_lasts: timedelta

    @property
    def roles(self) -> frozenset[Role]:
        """Everybody who is asked at some step."""
        return frozenset(role for step in self.steps for role in step)

    @property
    def rings(self) -> bool:
        """Whether anybody's telephone rings; else the case stands on the office's page."""
        return bool(self.steps)

    @property
    def asking_nobody(self) -> "Policy":
        """The same without steps."""
        return replace(self, steps=())

    def waking_hours(self, call_until: time, zone: ZoneInfo) -> Hours:
        """When responders may be rung where residents are rung until ``call_until``, whatever the kind."""
        quiet_from = max(self.quiet_from, _after(call_until, self.quiet_after_last_call))
        return Hours(self.quiet_until, quiet_from, zone)


Table = Mapping[str, Policy]
"""The policy of each kind (``KINDS``)."""
Scope = tuple[UUID, UUID | None]
"""A community and one of its campaigns, None: all that is not of a campaign with policies of its own."""


@dataclass(frozen=True)
class Policies:
    """All policies of an installation: the ``shipped`` ones, and those of communities and campaigns with ``others``."""

    shipped: Table
    others: Mapping[Scope, Table] = field(default_factory=dict)

    def table(self, community_id: UUID, campaign_id: UUID | None) -> Table:
        """The policies of a campaign's cases; None for a case that is of none."""
        own = self.others.get((community_id, campaign_id)) or self.others.get((community_id, None))
        return own or self.shipped

    def of(self, community_id: UUID, campaign_id: UUID | None, kind: str) -> Policy:
        """The policy of one kind of case."""
        return self.table(community_id, campaign_id)[kind]


def kinds_of(table: Table, holds: Callable[[Policy], bool]) -> list[CaseKind]:
    """The kinds of cases of whose policy this holds."""
    return [kind for kind in CaseKind if holds(table[kind])]


def _after(moment: time, pause: timedelta) -> time:
    """The time of day that comes so much later; the last of the day where it would be the next day's."""
    later = datetime.combine(date.min, moment) + pause
    return later.time() if later.date() == date.min else time.max
