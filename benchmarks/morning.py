"""Morning and alert: a whole round through the exchange, and how soon a telephone rings after a key says "unwell"."""

from resource import RUSAGE_CHILDREN, getrusage

from benchmarks.figures import Figure, at_most
from zaoan.rehearsal.rehearse import rehearse

RESIDENTS = 200
SPEED = 120.0
MOST_MS, MOST_ALERT_SECONDS = 50, 0.4


def figures() -> list[Figure]:
    """One rehearsal; its processor time is that of the service and of the exchange, which is a process beside it."""
    before = _children()
    report = rehearse(RESIDENTS, 7, SPEED)
    spent = (_children() - before) / RESIDENTS * 1000
    alert = report["alert_seconds"]
    beside = f"with the exchange; {report['wall_seconds']:.0f} s for {RESIDENTS} residents"
    return [
        Figure("processor time of a morning, for each resident", spent, "ms", beside, bound=at_most(MOST_MS)),
        Figure("alert in a whole rehearsal, p99", alert["p99"], "s", f"p50 {alert['p50']} s",
               bound=at_most(MOST_ALERT_SECONDS)),
    ]  # fmt: skip


def _children() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
