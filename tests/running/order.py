"""In which order tests are shared out among processes, and which stay together, so that all are soonest done with.

pytest-xdist's own groups are marks that become part of a test's name; here they follow from the name, and nothing is
renamed.
"""

from itertools import groupby
from random import Random

from xdist.scheduler import LoadScopeScheduling

POSTGRESQL = "postgresql"
STORIES = (
    "tests/browser",
    "tests/journeys/test_running_it_for_a_community",
    "tests/faults",
    POSTGRESQL,
    "tests/zaoan/rehearsal/sip/test_rehearsal",
    "tests/zaoan/rehearsal/test_rehearsal",
    "tests/trunk/processes/test_service",
    "tests/journeys",
    "tests/exchange",
    "tests/trunk",
    "tests/ivr/dispatch/test_rate_limit",
    "tests/ivr/webhooks/test_degraded",
)
"""Tests that mostly wait, or that one process must do one after the other, the longest first; all others are strewn
among them and fill their pauses. What is begun last of all is what everybody waits for in the end."""
PAGES = "tests/browser"
A_FILE_EACH = (
    "tests/journeys",
    "tests/exchange",
    "tests/trunk",
    "tests/ivr/dispatch/test_any_order",
    "tests/audio/engines/neural/test_neural_engine",
)
"""Here the tests of a file share something that is running."""
ON_POSTGRESQL = (
    "tests/journeys/test_many_machines",
    "tests/escalation/cases/test_side_by_side",
    "tests/running/test_databases",
    "tests/zaoan/checks/test_doctor.py::test_a_database_that_cannot_be_written",
)
"""Besides those that say so in their names."""
SERVED = ("tests/campaigns", "tests/escalation")
"""The tests of each of these that need PostgreSQL share a server, all others another one: what one process does alone
is long enough with a third of them."""

BUSIEST_FIRST = 1.6
"""1 would strew them evenly."""


class Scheduling(LoadScopeScheduling):
    """Each test goes to whoever is free next; those of a group go together."""

    def _split_scope(self, nodeid):
        return _group(nodeid) or nodeid


def arrange(items):
    """Strews the other tests among the stories, more of them towards the end: the first stories are the busiest."""
    stories = sorted((item for item in items if _story(item)), key=_story)
    others = [item for item in items if not _story(item)]
    units = [list(unit) for _, unit in groupby(stories, lambda item: _group(item.nodeid) or item.nodeid)]
    ends = [round(len(others) * (number / len(units)) ** BUSIEST_FIRST) for number in range(1, len(units) + 1)]
    strewn = zip(units, [0, *ends], ends, strict=False)
    items[:] = [each for unit, first, end in strewn for each in (*unit, *others[first:end])] or others


def shuffle(items, seed):
    """Files and the tests in each of them, in an order that depends on the seed alone."""

    def drawn(item):
        file = item.nodeid.partition("::")[0]
        return Random(seed + file).random(), file, Random(seed + item.nodeid).random()

    items.sort(key=drawn)


def _group(nodeid):
    if nodeid.startswith(ON_POSTGRESQL) or POSTGRESQL in nodeid:
        return f"{POSTGRESQL} of {next(filter(nodeid.startswith, SERVED), 'all others')}"
    if nodeid.startswith(PAGES):
        return PAGES  # they share a browser
    return nodeid.partition("::")[0] if nodeid.startswith(A_FILE_EACH) else None


def _story(item):
    known_as = _group(item.nodeid) or item.nodeid
    return next((number for number, each in enumerate(STORIES, 1) if known_as.startswith(each)), None)
