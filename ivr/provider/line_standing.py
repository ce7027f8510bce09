"""How the telephone provider stands: whether it answers us, tells us of our calls, and has the same time as we.

Each process knows what it has asked itself; what it finds is put on record for everybody (``core.running.troubles``).
"""

import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock
from core.running import ticks, troubles
from core.running.background import Background
from core.running.troubles import Kind
from core.storage.database import unit_of_work
from ivr.models import Call, Ending
from ivr.ports.provider import Observer
from ivr.provider.station import station

log = logging.getLogger(__name__)
SILENT_AFTER = timedelta(minutes=1)
ASK_SECONDS = 60.0
"""Real seconds after which a provider whom nobody has asked anything is asked whether it is there."""
ASK_SILENT_SECONDS = 15.0
KEEP = timedelta(minutes=2)
WRITE_SECONDS = 10.0
MOST_APART = timedelta(minutes=5)
"""Signatures and look-ups bear a minute; by more, people may be rung at a wrong hour."""
HEARD = "sign:webhook"
KEEP_UNHEARD = timedelta(minutes=30)


class Standing(Observer):
    """What this process has learnt of the provider; any thread may tell it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._recorders = Background("standing")
        self._asked_at = monotonic()
        self._silent_since: datetime | None = None
        self._reason = ""
        self._apart: timedelta | None = None
        self._noted: dict[Kind, float] = {}
        self._heard_at = -WRITE_SECONDS
        self._unheard: set[str] = set()

    def answered(self, date: str | None) -> None:
        """The provider has answered a request, whatever it said; ``date`` is what its clock showed."""
        with self._guard:
            self._asked_at, self._silent_since = monotonic(), None
            if (shown := _read(date)) is not None:
                self._apart = clock.real_now() - shown

    def failed(self, reason: str) -> None:
        """A request was not answered, or only by something in between (HTTP 5xx)."""
        with self._guard:
            self._asked_at, self._reason = monotonic(), reason
            self._silent_since = self._silent_since or clock.real_now()

    def heard(self) -> None:
        """A genuine request of the provider's has come. It is answered without waiting for this."""
        with self._guard:
            if monotonic() - self._heard_at < WRITE_SECONDS:
                return
            self._heard_at = monotonic()
            self._unheard.clear()
        self._recorders.submit(_record_heard)

    def watch(self) -> None:
        """Puts on record what is wrong, or no longer is; asks a provider whom nobody has asked for a while."""
        silent = self._silent_since
        if monotonic() - self._asked_at > (ASK_SILENT_SECONDS if silent else ASK_SECONDS):
            station().telephony.is_there()
            silent = self._silent_since
        if silent is not None and clock.real_now() - silent >= SILENT_AFTER:
            self._note(Kind.PROVIDER_SILENT, since=silent, reason=self._reason)
        elif silent is None:
            self._over(Kind.PROVIDER_SILENT)
        if self._apart is not None and abs(self._apart) > MOST_APART:
            self._note(Kind.CLOCK_APART, minutes=round(abs(self._apart) / timedelta(minutes=1)))
        else:
            self._over(Kind.CLOCK_APART)

    def untold(self, session: Session, call: Call, ending: Ending) -> None:
        """The provider says when asked that a call has ended, and nothing has come from it by itself.

        One such report may have been lost; where none at all has come since that call was dialled, and it was answered
        or is not the only one, none arrive.
        """
        if call.dialled_at is None:
            return
        dialled = clock.real_now() - (clock.now() - call.dialled_at) / clock.anchor().speed
        heard = ticks.last(session).get(HEARD)
        if clock.real_now() - dialled < SILENT_AFTER or (heard is not None and heard > dialled):
            return
        with self._guard:
            self._unheard.add(str(call.id))
            is_certain = ending is Ending.COMPLETED or len(self._unheard) > 1
        if is_certain:
            log.error("calls end, and the provider tells us nothing of them by itself")
            since = heard or dialled
            troubles.note(session, Kind.WEBHOOKS_SILENT, KEEP_UNHEARD, since, url=station().public_url)

    def _note(self, kind: Kind, since: datetime | None = None, **gaps: object) -> None:
        if monotonic() - self._noted.get(kind, -WRITE_SECONDS) < WRITE_SECONDS:
            return
        if kind not in self._noted:
            log.error("%s", troubles.WORDS[kind].said.format(since=since or clock.real_now(), **gaps))
        self._noted[kind] = monotonic()
        with unit_of_work() as session:
            troubles.note(session, kind, KEEP, since, **gaps)

    def _over(self, kind: Kind) -> None:
        """Only what this process has noted: another one may still suffer from it."""
        if self._noted.pop(kind, None) is not None:
            with unit_of_work() as session:
                troubles.over(session, kind)


def _record_heard() -> None:
    try:
        with unit_of_work() as session:
            ticks.note(session, {HEARD: clock.real_now()})
            troubles.over(session, Kind.WEBHOOKS_SILENT)
    except (SQLAlchemyError, RuntimeError) as failure:
        log.warning("that the provider is heard could not be recorded: %s", failure)


def _read(date: str | None) -> datetime | None:
    try:
        shown = parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    return shown.replace(tzinfo=shown.tzinfo or UTC) if shown else None
