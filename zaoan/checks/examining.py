"""Examining: every check side by side, each for a bounded time, so that one that hangs hides nothing of the others."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from core.settings import Settings
from zaoan.checks.address import examine_address
from zaoan.checks.data_keys import examine_data_keys
from zaoan.checks.machine.broker import examine_broker
from zaoan.checks.machine.clock import examine_clock
from zaoan.checks.machine.database import examine_database
from zaoan.checks.machine.spool import examine_spool
from zaoan.checks.observation import Observation, wrong
from zaoan.checks.people import examine_people
from zaoan.checks.roster import examine_roster
from zaoan.checks.settings import examine_settings
from zaoan.checks.telephony.provider import examine_provider
from zaoan.checks.troubles import examine_troubles
from zaoan.checks.voice import examine_voice


@dataclass(frozen=True)
class Check:
    """One check: what it is called, what it does, and the real seconds it may take."""

    name: str
    examine: Callable[[Settings], list[Observation]]
    seconds: float = 30.0


CHECKS = (
    Check("settings", examine_settings),
    Check("database", examine_database),
    Check("keys", examine_data_keys, seconds=120.0),
    Check("broker", examine_broker),
    Check("spool", examine_spool),
    Check("clock", examine_clock),
    Check("voice", examine_voice, seconds=120.0),
    Check("address", examine_address),
    Check("provider", examine_provider),
    Check("people", examine_people),
    Check("roster", examine_roster),
    Check("troubles", examine_troubles),
)


@dataclass
class _UnderWay:
    check: Check
    until: float
    found: list[Observation] | None = None
    thread: threading.Thread = field(init=False)

    def begin(self, chosen: Settings) -> None:
        """A daemon: a check that hangs does not keep the command from ending."""
        self.thread = threading.Thread(target=self._run, args=(chosen,), name=self.check.name, daemon=True)
        self.thread.start()

    def result(self) -> list[Observation]:
        self.thread.join(max(0.0, self.until - monotonic()))
        if self.found is not None:
            return self.found
        if self.thread.is_alive():
            said, mend = "Not finished after {seconds} s.", "Look at what it asks: something there does not answer."
        else:
            said, mend = "The check itself failed.", "What it said last stands above; please report it."
        return [wrong(self.check.name, said, mend, seconds=f"{self.check.seconds:g}")]

    def _run(self, chosen: Settings) -> None:
        self.found = self.check.examine(chosen)


def examine(chosen: Settings, checks: Sequence[Check] = CHECKS) -> list[Observation]:
    """Everything that the checks find, in their order."""
    return _results(_begun(chosen, checks))


class Examination:
    """The same again and again beside whatever else a process does: one at a time, however often somebody asks."""

    def __init__(self, checks: Sequence[Check] = CHECKS) -> None:
        self._checks = checks
        self._guard = threading.Lock()
        self._last: Sequence[_UnderWay] = ()

    def examine(self, chosen: Settings) -> list[Observation] | None:
        """What is found; None while anything of the last time is still under way, in time or hanging."""
        with self._guard:
            if any(each.thread.is_alive() for each in self._last):
                return None
            self._last = under_way = _begun(chosen, self._checks)
        return _results(under_way)


def _begun(chosen: Settings, checks: Sequence[Check]) -> Sequence[_UnderWay]:
    under_way = [_UnderWay(check, monotonic() + check.seconds) for check in checks]
    for each in under_way:
        each.begin(chosen)
    return under_way


def _results(under_way: Sequence[_UnderWay]) -> list[Observation]:
    return [observation for each in under_way for observation in each.result()]
