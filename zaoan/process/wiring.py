"""Wiring: opens the database, sets the clock, and connects the floors with each other and with the provider."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, configure_mappers

from contacts.community.community import establish_community, find_community, the_community
from contacts.models import Community
from core import clock, settings
from core.i18n import Language
from core.ids import new_id
from core.running import background, installation, presence
from core.running.installation import Purpose
from core.settings import Settings
from core.settings import Telephony as Carrier
from core.storage import database, migrating
from zaoan.process.agreement import agree
from zaoan.process.key_keeping import read_keys, settle_keys, use_keys
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking
from zaoan.process.owners import name_owners
from zaoan.process.places import close_to_others, database_at, refuse_missing

if TYPE_CHECKING:
    from audio.clips.store import ClipStore
    from audio.voice import Voice
    from ivr.ports.provider import Observer, Telephony
    from zaoan.process.exchange_process import Account

MODELS = (
    "api.models",
    "contacts.models",
    "ivr.models",
    "escalation.models",
    "escalation.shifts",
    "campaigns.models",
    "campaigns.noticed",
    "core.data_keys.models",
    "core.identity.models",
    "core.links.models",
    "core.running.events",
    "core.running.ticks",
    "core.running.troubles",
    "core.subscriptions.models",
)
"""All tables. Each module imports those that its own tables refer to, so that a command gets by with what it needs."""


def load_models() -> None:
    """Every table is known from now on; most commands know only those that they need."""
    for each in MODELS:
        import_module(each)


def open_house(chosen: Settings, purpose: Purpose | None = Purpose.SERVICE) -> database.Database:
    """The database with its newest schema, the community, the lines, and the clock of this installation.

    With ``purpose`` None the installation is left to whoever starts the service: its clock is not anchored yet.
    Raises ``DisagreementError`` for a setting that contradicts what is kept since the first start.
    """
    from ivr.dispatch import lines as line

    load_models()
    opened = _opened(chosen)
    with _closed_on_failure(opened), opened.unit_of_work() as session:
        read_keys(opened)
        database.alone(session, "start")
        if purpose is not None:
            clock.set_anchor(installation.establish(session, chosen, purpose).anchor)
        community = establish_community(
            session,
            name=chosen.community,
            timezone=chosen.timezone,
            language=chosen.language,
            region=chosen.region,
            area_code=chosen.area_code,
        )
        agree(chosen, community)
        line.establish(session, account_of(chosen).numbers, chosen.line_calls_per_second, chosen.line_calls_at_once)
    _speak(chosen, community.language)
    return opened


def visit(chosen: Settings, *, whatever_is_given: bool = False) -> database.Database:
    """The installation that there is, for a command: nothing of it is made, and its lines stay as the service has them.

    Raises ``NotFoundError`` where there is none, and ``DisagreementError`` as above, unless ``whatever_is_given``: what
    is kept is about to be shown or changed.
    """
    refuse_missing(chosen)
    opened = _opened(chosen)
    with _closed_on_failure(opened), opened.reading() as session:
        found = _first_start(session)
    if found is None:  # a database that was only migrated
        opened.close()
        return open_house(chosen)
    installed, community = found
    clock.set_anchor(installed.anchor)
    if not whatever_is_given:
        with _closed_on_failure(opened):
            if installed.purpose == Purpose.SERVICE:
                installation.agree(installed, chosen)
            agree(chosen, community)
    _speak(chosen, community.language)
    return opened


def refuse_disagreements(chosen: Settings) -> None:
    """For a process that goes on without the database: raises ``DisagreementError`` if the database can be asked."""
    try:
        with looking(chosen) as session:
            found = _first_start(session)
            if found is not None:
                agree(chosen, found[1])
                if found[0].purpose == Purpose.SERVICE:
                    installation.agree(found[0], chosen)
    except (NoDatabaseError, UnreachableError):
        return


def _first_start(session: Session) -> tuple[installation.Installation, Community] | None:
    """What the first start has made; None before it."""
    installed, community = installation.find(session), find_community(session)
    return (installed, community) if installed and community else None


def _opened(chosen: Settings) -> database.Database:
    """The database, migrated and in use by this process; raises ``UserError`` where its address is none."""
    settings.use(chosen)
    name_owners()
    opened = database_at(chosen)
    with _closed_on_failure(opened):
        close_to_others(chosen)
        ring = use_keys(chosen, opened)
        migrating.migrate(opened)
        settle_keys(opened, ring)
    configure_mappers()  # before threads do it side by side
    database.use(opened)
    return opened


@contextmanager
def _closed_on_failure(opened: database.Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        opened.close()
        raise


def _speak(chosen: Settings, language: str) -> None:
    """Whoever has not said in which language they read, reads the community's."""
    if "language" not in chosen.model_fields_set:
        settings.use(chosen.model_copy(update={"language": Language(language)}))


def account_of(chosen: Settings) -> "Account":
    """Our account at whoever carries our calls."""
    from zaoan.process.exchange_process import Account, exchange_account
    from zaoan.process.trunk_process import trunk_secret

    if chosen.telephony is Carrier.EXCHANGE:
        return exchange_account(chosen)
    if chosen.telephony is Carrier.SIP:
        return Account("", trunk_secret(chosen), chosen.sip_caller)
    return Account(chosen.twilio_account_sid, chosen.twilio_auth_token.get_secret_value(), chosen.twilio_number)


@dataclass(frozen=True)
class Connected:
    """What has to be closed again."""

    store: "ClipStore"
    voice: "Voice"

    def hush(self) -> None:
        """Makes no more sounds: this process places no call any more in which they would be heard."""
        self.voice.end()

    def close(self) -> None:
        """Lets what is under way finish, but for sounds."""
        from ivr.tasks import dialler

        self.hush()
        dialler().close()
        background.finish_all()
        self.voice.close()


Adapter = Callable[["Observer"], "Telephony"]
"""Makes the telephone of a provider, which tells the observer how that provider stands."""


def connect(chosen: Settings, public_url: str, api_url: str, adapter: Adapter | None = None) -> Connected:
    """Connects this process with the provider, the voice, and the transport of wake-ups.

    The provider is the trunk, or whoever speaks Twilio's API, at ``api_url``, unless ``adapter`` makes another one.
    What only a service needs is loaded here: every command opens the house, and few connect it.
    """
    from audio.clips.clip_addresses import ClipAddresses
    from audio.clips.store import ClipStore
    from audio.engines.choice import engines_for, model_of
    from audio.voice import Voice
    from escalation import policy_lookup
    from ivr.ports import owners
    from ivr.prompts import own_voices
    from ivr.prompts.speaker import Speaker
    from ivr.provider import station
    from ivr.provider.line_standing import Standing
    from ivr.webhooks import degraded, reports, spooled_answers

    policy_lookup.check_shipped()
    owners.current().load_all()
    secret = chosen.secret()  # made now if ever, whoever carries the calls: doctor knows by it that a service has run
    store = ClipStore(chosen.data_dir / "clips")
    voice = Voice(store, keeper=own_voices.sound_of, mouths=station.MOUTHS, model=chosen.voice_model)
    standing = Standing()
    telephony = (adapter or _carrier(chosen, api_url))(standing)
    speaker = Speaker(
        voice,
        ClipAddresses(public_url, secret),
        engines_for(chosen.voice),
        chosen.twilio_voices,
        model_of(chosen),
    )
    worker = _worker_name()
    presence.announce(chosen.data_dir, worker)
    station.set_up(station.Station(telephony, standing, speaker, public_url, worker))
    with database.reading() as session:
        degraded.speak(Language(the_community(session).language))
    spooled_answers.begin()
    reports.begin()
    return Connected(store, voice)


def _carrier(chosen: Settings, api_url: str) -> Adapter:
    return _sip(chosen, api_url) if chosen.telephony is Carrier.SIP else _twilio(chosen, api_url)


def _sip(chosen: Settings, trunk_url: str) -> Adapter:
    from ivr.provider.sip.adapter import SipTelephony

    account, dialled = account_of(chosen), dialled_by(chosen)
    return lambda observer: SipTelephony(trunk_url, account.token, dialled, observer)


def dialled_by(chosen: Settings) -> Callable[[str], str]:
    """From E.164 to what a trunk is told that wants numbers as they are dialled, where any does."""
    from core.sip_settings import SipDialled
    from ivr.provider.sip.dialled_numbers import dialling

    wanted = {trunk.dialled for trunk in chosen.sip_trunks}
    any_of_them = SipDialled.NATIONAL if SipDialled.NATIONAL in wanted else SipDialled.E164
    return dialling(any_of_them, chosen.region, chosen.area_code)


def _twilio(chosen: Settings, api_url: str) -> Adapter:
    from ivr.provider.twilio.adapter import TwilioTelephony

    account = account_of(chosen)
    return lambda observer: TwilioTelephony(account.sid, account.token, api_url, observer)


def _worker_name() -> str:
    """Unique for each start of a process: a restarted worker must not take its predecessor's calls for its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{new_id().hex[-12:]}"
