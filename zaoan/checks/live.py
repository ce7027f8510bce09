"""What doctor looks at, looked at by the running service itself for whoever stands before its pages.

Left out is what takes long or reads every row: the voice, the keys, the people.
"""

import os
from collections.abc import Sequence

from console.setting_up import live_checks
from console.setting_up.live_checks import Found, UnderWayError
from core import settings
from core.i18n import Language
from core.settings import Settings
from zaoan.checks.address import examine_address
from zaoan.checks.examining import Check, Examination
from zaoan.checks.machine.broker import examine_broker
from zaoan.checks.machine.clock import examine_clock
from zaoan.checks.machine.database import examine_database
from zaoan.checks.machine.spool import examine_spool
from zaoan.checks.observation import Observation
from zaoan.checks.secrecy import secrets_of, unsaid
from zaoan.checks.settings import examine_settings, read_settings
from zaoan.checks.telephony.provider import examine_provider
from zaoan.checks.troubles import examine_troubles

SECONDS = 15.0
"""The longest that somebody waits before the page."""


def _next_start(_: Settings) -> list[Observation]:
    """What the settings that lie here would do to the next start."""
    return read_settings(os.environ, settings.current().language)[1]


LIVE = (
    Check("provider", examine_provider, SECONDS),
    Check("address", examine_address, SECONDS),
    Check("clock", examine_clock, SECONDS),
    Check("troubles", examine_troubles, SECONDS),
    Check("spool", examine_spool, SECONDS),
    Check("broker", examine_broker, SECONDS),
    Check("database", examine_database, SECONDS),
    Check("settings", examine_settings, SECONDS),
    Check("settings", _next_start, SECONDS),
)


def offer() -> None:
    """From now on the pages of this process can look, by the settings in force."""
    examination = Examination(LIVE)

    def look(language: Language) -> Sequence[Found]:
        chosen = settings.current()
        found = examination.examine(chosen)
        if found is None:
            raise UnderWayError("Somebody is looking already.", way_out="Look again in a moment.")
        secrets = secrets_of(chosen, os.environ)
        return [Found(each.check, each.state.value, unsaid(each.describe(language), secrets),
                      unsaid(each.way_out(language), secrets)) for each in found]  # fmt: skip

    live_checks.use(look)
