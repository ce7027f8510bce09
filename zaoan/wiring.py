"""Wiring: opens the database, sets the clock, and connects the floors with each other and with the provider."""

import os
import socket
from dataclasses import dataclass

from sqlalchemy.orm import configure_mappers

from audio.store import ClipStore
from audio.voice import Voice
from campaigns.attempts import OWNER as CHECK_IN
from campaigns.calling_in import CallsIn
from campaigns.check_in_calls import CheckInCalls
from campaigns.notices import NOTICE
from campaigns.relatives import RELATIVE, Relatives
from campaigns.strangers import STRANGER, Strangers
from campaigns.text_replies import CONFIRMATION, COURTESY, Replies
from campaigns.texting_in import TextsIn
from campaigns.trial_calls import TrialCalls
from campaigns.trials import TRIAL
from contacts.community import establish_community
from core import clock, database, installation, migrating, presence, settings
from core.ids import new_id
from core.installation import Purpose
from core.settings import Settings, Telephony
from escalation.duty_calls import OWNER as DUTY
from escalation.duty_calls import DutyCalls
from escalation.introductions import OWNER as INTRODUCTION
from escalation.introductions import Introductions
from escalation.office import OWNER as OFFICE
from escalation.office_calls import OfficeCalls
from escalation.page_calls import PageCalls
from escalation.paging import OWNER as PAGE
from escalation.relative_texts import OWNER as REPORT
from escalation.relative_texts import ReportTexts
from escalation.truth import OWNER as TRUTH
from escalation.truth_calls import TruthCalls
from ivr import line, recorded, seam, station, unrecorded
from ivr.speaking import Speaker
from ivr.station import Station
from ivr.tasks import dialler
from ivr.twilio import TwilioTelephony
from zaoan.exchange_process import Account, exchange_account


def open_house(chosen: Settings, purpose: Purpose | None = Purpose.SERVICE) -> database.Database:
    """The database with its newest schema, the community, the lines, and the clock of this installation.

    With ``purpose`` None the installation is left to whoever starts the service: its clock is not anchored yet.
    """
    settings.use(chosen)
    _name_owners()
    opened = database.Database(chosen.database_url)
    migrating.migrate(opened)
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

    store: ClipStore
    voice: Voice

    def close(self) -> None:
        """Lets what is under way finish."""
        dialler().close()
        self.voice.close()


def connect(chosen: Settings, public_url: str, api_url: str) -> Connected:
    """Connects this process with the provider, the voice, and the transport of wake-ups."""
    account = account_of(chosen)
    store = ClipStore(chosen.data_dir / "clips")
    voice = Voice(store, keeper=recorded.sound_of, mouths=station.MOUTHS)
    telephony = TwilioTelephony(account.sid, account.token, api_url)
    speaker = Speaker(voice, public_url, chosen.voice, chosen.twilio_voices)
    worker = _worker_name()
    presence.announce(chosen.data_dir, worker)
    station.set_up(Station(telephony, speaker, public_url, worker))
    unrecorded.begin()
    return Connected(store, voice)


def _name_owners() -> None:
    """Whoever changes what is written down may end a call, and its owner must hear of it: commands, too."""
    seam.register(CHECK_IN, CheckInCalls())
    seam.register(NOTICE, CheckInCalls())
    seam.register(TRIAL, TrialCalls())
    seam.register(PAGE, PageCalls())
    seam.register(INTRODUCTION, Introductions())
    seam.register(OFFICE, OfficeCalls())
    seam.register(TRUTH, TruthCalls())
    seam.register(DUTY, DutyCalls())
    seam.register(RELATIVE, Relatives())
    seam.register(STRANGER, Strangers())
    seam.register_switchboard(CallsIn())
    seam.register_text_owner(REPORT, ReportTexts())
    seam.register_text_owner(CONFIRMATION, Replies())
    seam.register_text_owner(COURTESY, Replies())
    seam.register_text_reader(TextsIn())


def _worker_name() -> str:
    """Unique for each start of a process: a restarted worker must not take its predecessor's calls for its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{new_id().hex[-12:]}"
