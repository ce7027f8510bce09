"""Wiring: opens the database, sets the clock, and connects the floors with each other and with the provider."""

import os
import socket
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy.orm import configure_mappers

from contacts.community import establish_community
from core import clock, database, installation, migrating, presence, settings
from core.ids import new_id
from core.installation import Purpose
from core.settings import Settings, Telephony
from ivr import line, seam
from zaoan.exchange_process import Account, exchange_account
from zaoan.owners import name_owners

if TYPE_CHECKING:
    from audio.store import ClipStore
    from audio.voice import Voice

MODELS = ("contacts.models", "ivr.models", "escalation.models", "campaigns.models", "core.events", "core.ticks")


def open_house(chosen: Settings, purpose: Purpose | None = Purpose.SERVICE) -> database.Database:
    """The database with its newest schema, the community, the lines, and the clock of this installation.

    With ``purpose`` None the installation is left to whoever starts the service: its clock is not anchored yet.
    """
    settings.use(chosen)
    name_owners()
    opened = database.Database(chosen.database_url)
    migrating.migrate(opened)
    for each in MODELS:  # they refer to each other, whatever part of them a command needs
        import_module(each)
    configure_mappers()  # before threads do it side by side
    database.use(opened)
    with opened.unit_of_work() as session:
        database.alone(session, "start")
        if purpose is not None:
            clock.set_anchor(installation.establish(session, chosen, purpose).anchor)
        establish_community(
            session,
            name=chosen.community,
            timezone=chosen.timezone,
            language=chosen.language,
            region=chosen.region,
            area_code=chosen.area_code,
        )
        line.establish(session, account_of(chosen).numbers, chosen.line_calls_per_second, chosen.line_calls_at_once)
    return opened


def account_of(chosen: Settings) -> Account:
    """Our account at whoever carries our calls."""
    if chosen.telephony is Telephony.EXCHANGE:
        return exchange_account(chosen)
    return Account(chosen.twilio_account_sid, chosen.twilio_auth_token.get_secret_value(), chosen.twilio_number)


@dataclass(frozen=True)
class Connected:
    """What has to be closed again."""

    store: "ClipStore"
    voice: "Voice"

    def close(self) -> None:
        """Lets what is under way finish."""
        from ivr.tasks import dialler

        dialler().close()
        self.voice.close()


def connect(chosen: Settings, public_url: str, api_url: str) -> Connected:
    """Connects this process with the provider, the voice, and the transport of wake-ups.

    What only a service needs is loaded here: every command opens the house, and few connect it.
    """
    from audio.store import ClipStore
    from audio.voice import Voice
    from ivr import recorded, station, unrecorded
    from ivr.speaking import Speaker
    from ivr.twilio import TwilioTelephony

    seam.load_all()
    account = account_of(chosen)
    store = ClipStore(chosen.data_dir / "clips")
    voice = Voice(store, keeper=recorded.sound_of, mouths=station.MOUTHS)
    telephony = TwilioTelephony(account.sid, account.token, api_url)
    speaker = Speaker(voice, public_url, chosen.voice, chosen.twilio_voices)
    worker = _worker_name()
    presence.announce(chosen.data_dir, worker)
    station.set_up(station.Station(telephony, speaker, public_url, worker))
    unrecorded.begin()
    return Connected(store, voice)


def _worker_name() -> str:
    """Unique for each start of a process: a restarted worker must not take its predecessor's calls for its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{new_id().hex[-12:]}"
