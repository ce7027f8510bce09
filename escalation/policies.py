"""Policies: for each kind of case, whom to ask, how many at once, and how long whoever accepts may take."""

from dataclasses import dataclass
from datetime import timedelta

from contacts.models import Role
from escalation.models import CaseKind

NEIGHBOURS = (Role.BUILDING_HEAD, Role.VOLUNTEER, Role.GRID_WORKER)
LAPS = 3
PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Policy:
    """The ladder for one kind of case.

    ``urgency`` orders cases (lower first). Without ``rungs`` nobody is rung. Within a rung the nearest responders come
    first. After ``laps`` times round all rungs, the office is asked for ever, ``pause`` apart. ``close_within`` is the
    time whoever accepts has before the case returns to its ladder.
    """

    urgency: int
    rungs: tuple[tuple[Role, ...], ...]
    at_once: int
    close_within: timedelta
    laps: int = LAPS
    pause: timedelta = PAUSE


_URGENT = Policy(0, (NEIGHBOURS, (Role.NURSE,), (Role.OFFICE,)), at_once=2, close_within=timedelta(hours=1))
_SILENCE = Policy(1, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=2))
_WISH = Policy(3, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=8))
_NOT_REACHED = Policy(2, (NEIGHBOURS, (Role.OFFICE,)), at_once=1, close_within=timedelta(hours=4))
_MESSAGE = Policy(3, ((Role.OFFICE,), (Role.GRID_WORKER, Role.BUILDING_HEAD)), at_once=1,
                  close_within=timedelta(hours=8), pause=timedelta(minutes=30))  # fmt: skip
"""It has to be listened to where the office's page is; at night nobody is there, so the pause is longer."""

_NOTICE = Policy(4, (), at_once=0, close_within=timedelta(hours=24), pause=timedelta(hours=24))
"""Nobody has to run because somebody has not confirmed a notice: no telephone rings, and no page is sent. The case
stands last on the office's page, and is not asked about anywhere else, until somebody there takes and closes it."""

_NOT_ASKED = Policy(2, ((Role.OFFICE,),), at_once=1, close_within=timedelta(hours=8), pause=timedelta(minutes=30))
"""A round that rang nobody is the office's to mend; no neighbour can knock at fifty doors."""

OFFICE_TELEPHONES = Policy(3, ((Role.OFFICE,),), at_once=1, close_within=timedelta(hours=8), laps=1)
"""Who is rung while a resident waits on the line."""

POLICIES = {
    CaseKind.UNWELL: _URGENT,
    CaseKind.NO_KEY: _SILENCE,
    CaseKind.WANTS_PERSON: _WISH,
    CaseKind.NEEDS_SUPPLIES: _WISH,
    CaseKind.HUNG_UP: _SILENCE,
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
