"""Morning and alert: a whole round through the exchange, and how soon a telephone rings after a key says "unwell"."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from benchmarks import processor_time
from benchmarks.figures import Figure, at_most
from core.running.installation import Purpose
from zaoan.rehearsal.morning import morning
from zaoan.rehearsal.rehearse import LINE, verdict
from zaoan.rehearsal.town import draw_town

RESIDENTS, SEED = 200, 7
SPEED = 120.0
MOST_MS, MOST_ALERT_SECONDS = 50, 0.4


@dataclass(frozen=True)
class Lived:
    """A morning that is over: seconds of processor time and of the wall, and of alerts (p50, p99)."""

    service: float
    exchange: float
    wall: float
    alerts: tuple[float, float]


def figures() -> list[Figure]:
    """One rehearsal; what the exchange costs, a process beside the service, is no part of the service's figures."""
    lived = _lived()
    spent, beside = lived.service / RESIDENTS * 1000, lived.exchange / RESIDENTS * 1000
    half, nearly_all = lived.alerts
    return [
        Figure("processor time of the service in a morning, for each resident", spent, "ms",
               f"the exchange besides: {beside:.1f} ms; {lived.wall:.0f} s for {RESIDENTS} residents",
               bound=at_most(MOST_MS)),
        Figure("residents of a morning in a second of the service's processor time", RESIDENTS / lived.service,
               "residents"),
        Figure("alert in a whole rehearsal, p99", nearly_all, "s", f"p50 {half} s", bound=at_most(MOST_ALERT_SECONDS)),
    ]  # fmt: skip


def _lived() -> Lived:
    """From the start of every process of the service until its round is over and its cases are closed."""
    began, town = monotonic(), draw_town(RESIDENTS, SEED)
    with TemporaryDirectory(prefix="zaoan-bench-") as directory:
        files = town.write(Path(directory))
        with morning(town, files, LINE, Purpose.REHEARSAL, SPEED) as under_way:
            over = under_way.wait()
            exchange, service = processor_time.of_children(_is_exchange)
            alerts = verdict(under_way, over)["alert_seconds"]
    return Lived(service, exchange, monotonic() - began, (alerts["p50"], alerts["p99"]))


def _is_exchange(command: list[str]) -> bool:
    """As ``zaoan.process.exchange_process.exchange_command`` starts it."""
    return command[1:3] == ["-m", "exchange"]
