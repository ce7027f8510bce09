"""Policies: for each kind of case, whom to ask, how many at once, how often, and how long whoever accepts may take."""

from dataclasses import dataclass
from datetime import time, timedelta

from contacts.models import Role
from escalation.models import CaseKind

NEIGHBOURS = (Role.BUILDING_HEAD, Role.VOLUNTEER, Role.GRID_WORKER)
LAPS = 3
QUIET_FROM, QUIET_UNTIL = time(22), time(7)
"""The quiet hours of responders, in the community's time: then they are rung about nobody but whoever is unwell."""
LAST_CALLS = timedelta(hours=1)
"""How long after the last permitted call to a resident the quiet hours begin at the earliest: whoever picks up then and
says nothing may have fallen, and is not left until the morning without anybody having been rung."""
CALLS_PER_HOUR = 4
APART = timedelta(minutes=5)
PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=1)


@dataclass(frozen=True)
class Policy:
    """The ladder for one kind of case.

    ``urgency`` orders cases (lower first). Without ``rungs`` nobody is rung. Within a rung the nearest responders come
    first. ``close_within`` is the time whoever accepts has before the case returns to its ladder. After ``laps`` times
    round all rungs, the office is asked for ever: ``pause`` after the last call, then twice that, and so on up to
    ``longest_pause``.

    A responder is rung about it only while fewer than ``calls_per_hour`` of our calls have rung them in the last hour
    (None: however many), ``apart`` after the last one, and outside the quiet hours unless ``at_any_hour``.
    """

    urgency: int
    rungs: tuple[tuple[Role, ...], ...]
    at_once: int
    close_within: timedelta
    laps: int = LAPS
    pause: timedelta = PAUSE
    longest_pause: timedelta = LONGEST_PAUSE
    calls_per_hour: int | None = CALLS_PER_HOUR
    apart: timedelta = APART
    at_any_hour: bool = False


_URGENT = Policy(0, (NEIGHBOURS, (Role.NURSE,), (Role.OFFICE,)), at_once=2, close_within=timedelta(hours=1),
                 pause=timedelta(minutes=1), longest_pause=timedelta(minutes=15), calls_per_hour=None,
                 apart=timedelta(0), at_any_hour=True)  # fmt: skip
_SILENCE = Policy(1, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=2),
                  pause=timedelta(minutes=2), longest_pause=timedelta(minutes=20), calls_per_hour=6,
                  apart=timedelta(minutes=1))  # fmt: skip
"""Somebody has picked up and pressed nothing, which may be a fall: it rings two times more in an hour than what can
wait."""

_HUNG_UP = Policy(1, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=2))
_WISH = Policy(3, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=8))
_NOT_REACHED = Policy(2, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=4))
_MESSAGE = Policy(3, ((Role.OFFICE,), (Role.GRID_WORKER, Role.BUILDING_HEAD)), at_once=1,
                  close_within=timedelta(hours=8), pause=timedelta(minutes=30))  # fmt: skip
"""It has to be listened to where the office's page is, so the pause is longer."""

_NOTICE = Policy(4, (), at_once=0, close_within=timedelta(hours=24), pause=timedelta(hours=24),
                 longest_pause=timedelta(hours=24))  # fmt: skip
"""Nobody has to run because somebody has not confirmed a notice: no telephone rings, and no page is sent. The case
stands last on the office's page, and is not asked about anywhere else, until somebody there takes and closes it."""

_NOT_ASKED = Policy(2, ((Role.OFFICE,),), at_once=1, close_within=timedelta(hours=8), pause=timedelta(minutes=30))
"""A round that rang nobody is the office's to mend; no neighbour can knock at fifty doors."""

OFFICE_TELEPHONES = Policy(3, ((Role.OFFICE,),), at_once=1, close_within=timedelta(hours=8), laps=1,
                           calls_per_hour=None, apart=timedelta(0), at_any_hour=True)  # fmt: skip
"""Who is rung while a resident waits on the line: that call is the resident's, and is not counted among ours."""

POLICIES = {
    CaseKind.UNWELL: _URGENT,
    CaseKind.NO_KEY: _SILENCE,
    CaseKind.WANTS_PERSON: _WISH,
    CaseKind.NEEDS_SUPPLIES: _WISH,
    CaseKind.HUNG_UP: _HUNG_UP,
    CaseKind.VOICEMAIL: _NOT_REACHED,
    CaseKind.NO_ANSWER: _NOT_REACHED,
    CaseKind.BUSY: _NOT_REACHED,
    CaseKind.UNREACHABLE: _NOT_REACHED,
    CaseKind.MESSAGE: _MESSAGE,
    CaseKind.WANTS_NO_CALLS: _MESSAGE,
    CaseKind.NOTICE_NOT_HEARD: _NOTICE,
    CaseKind.NOT_ASKED: _NOT_ASKED,
}
STANDING = frozenset(kind for kind, policy in POLICIES.items() if not policy.rungs)
"""Kinds of cases that ring nobody: they stand on the office's page."""
