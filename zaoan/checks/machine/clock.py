"""The clock: do the ticks come, by which data are local times computed, and do all machines' clocks agree?"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
from sqlalchemy import text
from sqlalchemy.orm import Session

from contacts.community.community import find_community
from core import clock, zones
from core.running import installation, ticks
from core.running.ticks import RECENT
from core.settings import Settings, Telephony
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking
from zaoan.web.health import overdue
from zaoan.worker.transport import EVERY_TICK

CHECK = "clock"
MOST_SECONDS_APART = 5.0
REQUEST_SECONDS = 3.0
ZONES = "Local times ({zone}) follow our own time zone data, release {release}, whatever this machine has."


def examine_clock(chosen: Settings) -> list[Observation]:
    """Whose time zones decide, the ages of the ticks, and the difference between the clocks."""
    found, zone = list[Observation](), chosen.timezone
    try:
        with looking(chosen) as session:
            kept = find_community(session)
            zone = kept.timezone if kept else zone
            found += [*_speed(session), *_ticks(session), *_apart("PostgreSQL", _database_clock(session))]
    except (NoDatabaseError, UnreachableError):
        found += [warning(CHECK, "The ticks are recorded in the database, which does not answer.", "Mend that first.")]
    for name, url in _servers(chosen):
        found += _apart(name, _server_clock(url))
    return [ok(CHECK, ZONES, release=zones.version(), zone=zone), *found]


def judge_ticks(known: dict[str, datetime], real_now: datetime) -> Observation:
    """Whether every tick was completed a short while ago."""
    late = overdue(known, EVERY_TICK, real_now, RECENT)
    if not late:
        oldest = max(real_now - known[name] for name in EVERY_TICK)
        return ok(CHECK, "All ticks come; the oldest is {seconds} s old.", seconds=f"{oldest.total_seconds():.0f}")
    mend = "Start the service (`zaoan up`, or `zaoan worker` and `zaoan beat`); if it runs, read its log."
    names = ", ".join(late)
    return wrong(CHECK, "No tick for more than {seconds} s: {names}. Nobody is being rung.", mend, names=names,
                 seconds=f"{RECENT.total_seconds():.0f}")  # fmt: skip


def judge_difference(whose: str, difference: timedelta) -> list[Observation]:
    """Signatures, leases and look-ups at the provider depend on clocks that agree."""
    seconds = abs(difference.total_seconds())
    if seconds <= MOST_SECONDS_APART:
        return []
    mend = "Let both machines keep their time by NTP (timedatectl set-ntp true)."
    said = "The clock of this machine and that of {whose} are {seconds} s apart."
    return [warning(CHECK, said, mend, whose=whose, seconds=f"{seconds:.0f}")]


def _speed(session: Session) -> list[Observation]:
    speed = installation.read(session).anchor.speed
    return [] if speed == 1 else [ok(CHECK, "The clock runs {speed} times as fast: a simulation.", speed=f"{speed:g}")]


def _ticks(session: Session) -> Iterable[Observation]:
    return [judge_ticks(dict(ticks.last(session)), clock.real_now())]


def _database_clock(session: Session) -> datetime | None:
    """SQLite has no clock but this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    shown: datetime | None = session.scalar(text("SELECT clock_timestamp()"))
    return shown


def _servers(chosen: Settings) -> list[tuple[str, str]]:
    provider = {Telephony.EXCHANGE: chosen.exchange_url, Telephony.SIP: f"{chosen.trunk_url.rstrip('/')}/healthz"}.get(
        chosen.telephony, chosen.twilio_api_url
    )
    return [(provider, provider), (chosen.public_url, f"{chosen.public_url.rstrip('/')}/healthz")]


def _server_clock(url: str) -> datetime | None:
    """The server's own ``Date``; None when it does not say (other checks tell that it is away)."""
    try:
        shown = requests.get(url, timeout=REQUEST_SECONDS, allow_redirects=False).headers.get("Date", "")
        return parsedate_to_datetime(shown)
    except (requests.RequestException, ValueError):
        return None


def _apart(whose: str, shown: datetime | None) -> list[Observation]:
    return judge_difference(whose, clock.real_now() - shown.astimezone(UTC)) if shown else []
