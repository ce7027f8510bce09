"""Settings: environment variables ``ZAOAN_*`` or a ``zaoan.toml`` in the working directory."""

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    model_validator,
)

from core.encryption.key_sources import write_once
from core.i18n import Language
from core.refusals import INSTANT, refused
from core.sip_settings import (
    Callers,
    Codecs,
    Listen,
    Networks,
    Ports,
    Several,
    SipDialled,
    SipSrtp,
    SipTransport,
    SipTrunk,
    Trunks,
    is_here,
    refuse_few_ports,
    refuse_twice,
    split,
)

PREFIX = "zaoan_"
FILE = Path("zaoan.toml")
UNREADABLE = (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError)
"""Why a file of settings cannot be read."""
UNREADABLE_FILE = "{file} cannot be read: {reason}."
WRITE_IT = "Write it as docs/settings.md shows, one `name = value` on each line."
TWILIO_API_URL = "https://api.twilio.com"
NO_MODEL = "there is no file {path} that can be read"
NO_VOICE = "'{written}' names no voice; write it like zh-CN=Polly.Zhiyu-Neural, en=Polly.Joanna-Neural"


class Telephony(StrEnum):
    """Who carries the calls."""

    EXCHANGE = "exchange"
    TWILIO = "twilio"
    SIP = "sip"


class FirstVoice(StrEnum):
    """Whose voice says what nobody has recorded; the provider's also says whatever ours cannot.

    ``OWN`` is the best of ours that is installed. Where the neural voice fails, pyttsx3 speaks.
    """

    OWN = "own"
    NEURAL = "neural"
    PYTTSX3 = "pyttsx3"
    PROVIDER = "provider"


class Environment(StrEnum):
    """What the installation is for; production refuses everything that only simulates."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise refused("there is no time zone {zone}; give one like Asia/Shanghai", zone=name) from unknown
    return name


def _region(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise refused("write a country as two capital letters, for example CN")
    return code


def _readable(path: Path | None) -> Path | None:
    if path is None:
        return None
    if not (path.is_file() and os.access(path, os.R_OK)):
        raise refused(NO_MODEL, path=str(path))
    return path.absolute()


def _aware(instant: datetime | None) -> datetime | None:
    if instant is not None and instant.tzinfo is None:
        raise refused(INSTANT)
    return instant


def _by_language(value: object) -> object:
    """``zh-CN=Polly.Zhiyu-Neural, en=Polly.Joanna-Neural``."""
    if not isinstance(value, str):
        return value
    named = [each.partition("=") for each in value.split(",") if each.strip()]
    known = {language.value for language in Language}
    if wrong := [
        language.strip() for language, _, voice in named if language.strip() not in known or not voice.strip()
    ]:
        raise refused(NO_VOICE, written=wrong[0])
    return {Language(language.strip()): voice.strip() for language, _, voice in named}


def _as_written(voices: Mapping[Language, str]) -> str:
    return ",".join(f"{language}={voice}" for language, voice in voices.items())


def _in_environment(names: Collection[str]) -> dict[str, Any]:
    """What the environment says of these settings: ``ZAOAN_PORT`` is ``port``. Empty says nothing."""
    given = {name.lower(): value for name, value in os.environ.items() if value}
    return {name: given[PREFIX + name] for name in names if PREFIX + name in given}


def in_file() -> dict[str, Any]:
    """What ``zaoan.toml`` of the working directory says; raises one of ``UNREADABLE`` when nobody can tell."""
    return tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


class Settings(BaseModel):
    """Every setting of the service; ``docs/settings.md`` is the table for operators.

    What the program passes outranks the environment, which outranks the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    database_url: str = "sqlite:///var/zaoan.db"
    broker_url: str = "memory://"
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    data_dir: Path = Path("var")
    environment: Environment = Environment.DEVELOPMENT
    telephony: Telephony = Telephony.EXCHANGE
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_number: Annotated[tuple[str, ...], BeforeValidator(split)] = ()
    twilio_api_url: str = TWILIO_API_URL
    exchange_url: str = "http://127.0.0.1:8010"
    sip_proxy: Several = ()
    sip_user: str = ""
    sip_password: SecretStr = SecretStr("")
    sip_caller: Callers = ()
    sip_listen: Listen = "0.0.0.0:5060"
    sip_rtp_ports: Ports = "10000-10999"
    sip_codecs: Codecs = ("pcma", "pcmu")
    sip_transport: SipTransport = SipTransport.UDP
    sip_srtp: SipSrtp = SipSrtp.OFF
    sip_dialled: SipDialled = SipDialled.E164
    sip_register_seconds: int = Field(default=0, ge=0, le=86_400)
    sip_trusted: Networks = ()
    sip_trunk: Trunks = ()
    trunk_url: str = "http://127.0.0.1:8011"
    voice: FirstVoice = FirstVoice.OWN
    voice_model: Annotated[Path | None, AfterValidator(_readable)] = None
    twilio_voices: Annotated[Mapping[Language, str], BeforeValidator(_by_language), PlainSerializer(_as_written)] = {}
    line_calls_per_second: float = Field(default=1, gt=0, le=1000)
    line_calls_at_once: int = Field(default=10, ge=1, le=10_000)
    clock_speed: float = Field(default=1, gt=0, le=1000)
    clock_start: Annotated[datetime | None, AfterValidator(_aware)] = None
    secret_key: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    data_keys_file: Path | None = None
    language: Language = Language.CHINESE
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    community: str = "本社区"
    area_code: str = ""
    region: Annotated[str, AfterValidator(_region)] = "CN"
    emergency_number: str = "120"
    hours_between_rounds: float = Field(default=3, ge=0, le=24)
    keep_recordings_days: int = Field(default=90, ge=1, le=3650)
    keep_calls_days: int = Field(default=400, ge=30, le=3650)
    keep_texts_days: int = Field(default=400, ge=30, le=3650)
    keep_history_days: int = Field(default=1100, ge=365, le=3650)
    keep_left_days: int = Field(default=365, ge=30, le=3650)
    keep_sessions_days: int = Field(default=90, ge=30, le=3650)
    keep_deliveries_days: int = Field(default=30, ge=7, le=3650)
    keep_audit_days: int = Field(default=1100, ge=180, le=3650)
    speech: bool = False
    webhook_networks: Networks = ()
    api_requests_per_minute: int = Field(default=600, ge=1, le=1_000_000)

    def __init__(self, **given: Any) -> None:
        super().__init__(**(in_file() | _in_environment(type(self).model_fields) | given))

    @model_validator(mode="before")
    @classmethod
    def _trimmed(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Blanks around a value, and the CR that files from Windows end their lines with, belong to no setting."""
        return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}

    @property
    def rings_real_people(self) -> bool:
        """Whether somebody's real telephone may ring."""
        twilio = self.telephony is Telephony.TWILIO and self.twilio_api_url.rstrip("/") == TWILIO_API_URL
        return twilio or self._leaves_this_machine or self.environment is Environment.PRODUCTION

    @property
    def _leaves_this_machine(self) -> bool:
        """Whether calls go by SIP to anything but scripted telephones beside us."""
        return self.telephony is Telephony.SIP and not all(is_here(trunk.proxy) for trunk in self.sip_trunks)

    @property
    def sip_trunks(self) -> tuple[SipTrunk, ...]:
        """Everybody who carries our calls, complete, in the order in which they are tried."""
        first = [SipTrunk(proxy=proxy) for proxy in self.sip_proxy]
        return tuple(self._completed(trunk) for trunk in (*first, *self.sip_trunk))

    def _completed(self, trunk: SipTrunk) -> SipTrunk:
        first = {"caller": self.sip_caller, "user": self.sip_user, "password": self.sip_password,
                 "transport": self.sip_transport, "srtp": self.sip_srtp, "dialled": self.sip_dialled,
                 "register_seconds": self.sip_register_seconds}  # fmt: skip
        missing = {name: value for name, value in first.items() if getattr(trunk, name) is None}
        return trunk.model_copy(update=missing)

    @model_validator(mode="after")
    def _nothing_simulated_for_real_people(self) -> "Settings":
        simulated_time = self.clock_speed != 1 or self.clock_start is not None
        if self.environment is Environment.PRODUCTION:
            if self.telephony is Telephony.EXCHANGE:
                raise refused("ZAOAN_TELEPHONY=exchange only simulates calls; production needs twilio or sip")
            if simulated_time:
                raise refused("production runs on real time: remove ZAOAN_CLOCK_SPEED and ZAOAN_CLOCK_START")
            if not self.secret_key.get_secret_value():
                raise refused("production needs ZAOAN_SECRET_KEY")
        if self.telephony is Telephony.TWILIO:
            self._complete_twilio()
            if simulated_time and self.twilio_api_url.rstrip("/") == TWILIO_API_URL:
                raise refused("Twilio rings real people: remove ZAOAN_CLOCK_SPEED and ZAOAN_CLOCK_START")
        if self.telephony is Telephony.SIP:
            self._complete_sip()
            if simulated_time and self._leaves_this_machine:
                raise refused("a telephone line rings real people: remove ZAOAN_CLOCK_SPEED and ZAOAN_CLOCK_START")
        return self

    def _complete_sip(self) -> None:
        given = {"ZAOAN_SIP_PROXY": self.sip_proxy, "ZAOAN_SIP_CALLER": self.sip_caller}
        if missing := [name for name, value in given.items() if not value]:
            raise refused("ZAOAN_TELEPHONY=sip also needs {missing}", missing=", ".join(missing))
        refuse_twice([trunk.proxy for trunk in self.sip_trunks])
        refuse_few_ports(self.sip_rtp_ports, self.line_calls_at_once * len(self.sip_caller))
        if self.voice is FirstVoice.PROVIDER:
            raise refused("a telephone line has no voice of its own: remove ZAOAN_VOICE=provider")
        if self.speech:
            raise refused("a telephone line recognises no words: remove ZAOAN_SPEECH")

    def _complete_twilio(self) -> None:
        given = {
            "ZAOAN_TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "ZAOAN_TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
            "ZAOAN_TWILIO_NUMBER": self.twilio_number,
        }
        missing = [name for name, value in given.items() if not value]
        if missing:
            raise refused("ZAOAN_TELEPHONY=twilio also needs {missing}", missing=", ".join(missing))

    def secret(self) -> str:
        """The key that signs tokens: the setting, or one made once and kept in the data directory (mode 600)."""
        if given := self.secret_key.get_secret_value():
            return given
        path = self.data_dir / "secret_key"
        if not path.exists():
            write_once(path, token_urlsafe(48))
        return path.read_text().strip()


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Makes ``settings`` those of this process."""
    global _current
    _current = settings


@contextmanager
def using(settings: Settings | None) -> Iterator[None]:
    """For the time being ``settings`` are those of this process; None: it has none, as before ``use`` was called."""
    global _current
    before, _current = _current, settings
    try:
        yield
    finally:
        _current = before


def current() -> Settings:
    """The settings of this process; raises ``RuntimeError`` before ``use`` was called."""
    if _current is None:
        raise RuntimeError("no settings are in use yet")
    return _current


def is_in_use() -> bool:
    """Whether this process has settings yet."""
    return _current is not None
