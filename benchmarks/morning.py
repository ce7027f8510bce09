"""Morning and alert: a whole round through the exchange, and how soon after a key that is not OK a telephone rings."""

from benchmarks.figures import Figure
from zaoan.rehearsal.rehearse import LINE, rehearse

RESIDENTS = 200
SPEED = 120.0


def figures() -> list[Figure]:
    """One rehearsal; the pace of its line is the most that it could do."""
    report = rehearse(RESIDENTS, 7, SPEED)
    minute = RESIDENTS / report["wall_seconds"] * 60
    allowed = LINE["line_calls_per_second"] * 60
    alert = report["alert_seconds"]
    return [
        Figure("morning", f"{minute:.0f} residents a minute", f"the line's pace allows {allowed} calls a minute"),
        Figure("alert in a busy morning", f"p50 {alert['p50']} s", f"p99 {alert['p99']} s"),
    ]
