"""Celery's entry to the telephone."""

from functools import cache

from celery import shared_task

from core.running.wakeups import wake_at
from ivr.dispatch import calls, prerender, recorded
from ivr.dispatch.dialler import Dialler
from ivr.provider.station import station
from ivr.reconciliation import lookup_overdue, provider_memory
from ivr.reconciliation import sweep as sweeping
from ivr.sms import inbound, outbound
from ivr.webhooks import recordings


@cache
def dialler() -> Dialler:
    """This process's hand at the lines."""
    return Dialler()


@shared_task(name=calls.DIALLING)  # type: ignore[untyped-decorator]
def dial() -> None:
    """Dials whatever is due."""
    wake_at(calls.DIALLING, dialler().dial())


@shared_task(name=calls.SWEEPING)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Looks doubtful calls up at the provider."""
    sweeping.sweep()


@shared_task(name=calls.RECOVERY)  # type: ignore[untyped-decorator]
def recover() -> None:
    """Learns what happened to calls while nobody of us was there, and makes what is said when nothing else can be."""
    lookup_overdue.recover()
    provider_memory.compare()
    prerender.prepare_standing()


@shared_task(name=prerender.VOICING)  # type: ignore[untyped-decorator]
def voice_calls_in() -> None:
    """Makes what is said in calls that came in."""
    prerender.voice_calls_in()


@shared_task(name=prerender.TIDYING)  # type: ignore[untyped-decorator]
def tidy() -> None:
    """Removes clips that nobody has used for a long time."""
    station().speaker.tidy()


@shared_task(name=inbound.RECOVERY)  # type: ignore[untyped-decorator]
def recover_texts() -> None:
    """Learns of texts that came while nobody of us was there."""
    inbound.recover()


@shared_task(name=outbound.TEXTING)  # type: ignore[untyped-decorator]
def send_texts() -> None:
    """Reads the texts that came in and were not read, and sends the texts that wait."""
    inbound.read_waiting()
    outbound.send()


@shared_task(name=recorded.RECORDINGS)  # type: ignore[untyped-decorator]
def collect_recordings() -> None:
    """Fetches what callers have left."""
    recordings.collect()
