"""The broker: what carries ticks and wake-ups between processes."""

from kombu.exceptions import KombuError

from core.settings import Settings
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.web.health import queue_length
from zaoan.worker.transport import MEMORY, celery_app

CHECK = "broker"
MANY_MESSAGES = 1000


def examine_broker(chosen: Settings) -> list[Observation]:
    """Reachable, and read by somebody."""
    if chosen.broker_url.startswith(MEMORY):
        return [ok(CHECK, "In memory: everything runs in the one process of `zaoan up`.")]
    try:
        transport = celery_app(chosen.broker_url)
        address, waiting = transport.connection_for_write().as_uri(), queue_length(transport)
    except (KombuError, OSError, ValueError, KeyError, ImportError) as failure:
        mend = "Start it, or mend ZAOAN_BROKER_URL; until then workers tick by themselves, but more slowly."
        return [wrong(CHECK, "The broker does not answer: {reason}.", mend, reason=_reason(failure))]
    if waiting > MANY_MESSAGES:
        mend = "Start a worker (`zaoan worker`), or more of them."
        return [warning(CHECK, "{waiting} messages wait at {address}.", mend, waiting=waiting, address=address)]
    return [ok(CHECK, "{address} answers.", address=address)]


def _reason(failure: Exception) -> str:
    return (str(failure) or type(failure).__name__).splitlines()[0].rstrip(".")
