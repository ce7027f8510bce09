"""Troubles that the running service has noticed itself: each as it is told on Today and on ``/readyz``."""

from zoneinfo import ZoneInfo

from contacts.community.community import find_community
from core.running import troubles
from core.running.troubles import WORDS, Kind, Noted
from core.settings import Settings
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

CHECK = "troubles"


def examine_troubles(chosen: Settings) -> list[Observation]:
    """What is on record."""
    try:
        with looking(chosen) as session:
            community = find_community(session)
            zone = ZoneInfo(community.timezone if community else chosen.timezone)
            there = troubles.known(session)
    except (NoDatabaseError, UnreachableError):
        said = "What the service notices is recorded in the database, which does not answer."
        return [warning(CHECK, said, "Mend that first.")]
    return [_finding(each, zone) for each in there] or [ok(CHECK, "The service has noticed no trouble.")]


def _finding(noted: Noted, zone: ZoneInfo) -> Observation:
    """Where nobody can be rung, or no key reaches us, something is wrong."""
    words = WORDS[noted.kind]
    judged = wrong if noted.kind in {Kind.PROVIDER_SILENT, Kind.PROVIDER_REFUSES, Kind.WEBHOOKS_SILENT} else warning
    return judged(CHECK, words.said, words.way_out, **noted.in_times_of(zone))
