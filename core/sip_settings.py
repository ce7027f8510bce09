"""Settings of telephone lines over SIP: who carries the calls, in which order, and what is written wrongly."""

import json
import re
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, SecretStr

from core.refusals import refused

LISTEN = "write an address and a port, for example 0.0.0.0:5060"
PORTS = "write the first and the last port, for example 10000-10999"
CODECS = "write PCMA, PCMU or both, the better one first, for example PCMA,PCMU"
CALLER = "'{written}' is no number; write it with its country, for example +8631186012345"
NETWORK = "'{written}' is no network; write it like 192.0.2.0/24, or one address"
TABLES = "write a list of tables, [[sip_trunk]] in zaoan.toml, each with its proxy"
TWICE = "the proxy {proxy} is named twice"
TOO_FEW_PORTS = (
    "ZAOAN_SIP_RTP_PORTS={ports} is enough for {enough} calls at once, and ZAOAN_LINE_CALLS_AT_ONCE allows {calls}; "
    "a call needs {each} ports, for example {better}"
)
PORTS_A_CALL = 8
"""Four times what a call takes, for its sound and the report of it: with few to spare calls have left seconds late."""
HERE = frozenset({"127.0.0.1", "localhost"})


class SipTransport(StrEnum):
    """How signalling travels to the gateway."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class SipSrtp(StrEnum):
    """Whether sound travels encrypted (SRTP, its keys in the signalling): offered, or insisted on."""

    OFF = "off"
    OFFERED = "offered"
    REQUIRED = "required"


class SipDialled(StrEnum):
    """How the gateway wants numbers: +8613800138000, or as they are dialled on a telephone of the community."""

    E164 = "e164"
    NATIONAL = "national"


def split(value: object) -> object:
    """Several in one line, separated by commas."""
    if isinstance(value, str):
        return tuple(each.strip() for each in value.split(",") if each.strip())
    return value


def _listening(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not (host and port.isdigit() and 0 < int(port) < 65536):
        raise refused(LISTEN)
    return address


def _port_range(ports: str) -> str:
    first, _, last = ports.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) < 65536):
        raise refused(PORTS)
    return ports


def _codecs(names: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(name.lower() for name in names))
    if not chosen or set(chosen) - {"pcma", "pcmu"}:
        raise refused(CODECS)
    return chosen


def _callers(numbers: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [number for number in numbers if not re.fullmatch(r"\+[1-9][0-9]{3,14}", number)]:
        raise refused(CALLER, written=wrong[0])
    return numbers


def _networks(written: tuple[str, ...]) -> tuple[str, ...]:
    for each in written:
        try:
            ip_network(each, strict=False)
        except ValueError as failure:
            raise refused(NETWORK, written=each) from failure
    return written


def _tables(value: object) -> object:
    """In the environment they are JSON; nothing is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "[]")
    except ValueError as failure:
        raise refused(TABLES) from failure


_JOINED = PlainSerializer(",".join)
Several = Annotated[tuple[str, ...], BeforeValidator(split), _JOINED]
Callers = Annotated[tuple[str, ...], BeforeValidator(split), AfterValidator(_callers), _JOINED]
Codecs = Annotated[tuple[str, ...], BeforeValidator(split), AfterValidator(_codecs), _JOINED]
Networks = Annotated[tuple[str, ...], BeforeValidator(split), AfterValidator(_networks), _JOINED]
Listen = Annotated[str, AfterValidator(_listening)]
Ports = Annotated[str, AfterValidator(_port_range)]


class SipTrunk(BaseModel):
    """One telephone company or gateway; what is None is as ``ZAOAN_SIP_…`` says it for the first one.

    ``calls_at_once`` and ``calls_per_second``: 0 for no limit of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    proxy: str = Field(min_length=1)
    caller: Callers | None = None
    user: str | None = None
    password: SecretStr | None = None
    transport: SipTransport | None = None
    srtp: SipSrtp | None = None
    dialled: SipDialled | None = None
    register_seconds: int | None = Field(default=None, ge=0, le=86_400)
    calls_at_once: int = Field(default=0, ge=0, le=10_000)
    calls_per_second: float = Field(default=0, ge=0, le=1000)


def _written(trunks: Sequence[SipTrunk]) -> str:
    """Without passwords."""
    shown = [trunk.model_dump(mode="json", exclude_none=True, exclude={"password"}) for trunk in trunks]
    return json.dumps(shown) if shown else ""


Trunks = Annotated[tuple[SipTrunk, ...], BeforeValidator(_tables), PlainSerializer(_written)]


def refuse_twice(proxies: Sequence[str]) -> None:
    """Raises what a validator raises where a proxy is named twice."""
    if twice := [each for at, each in enumerate(proxies) if each in proxies[:at]]:
        raise refused(TWICE, proxy=twice[0])


def refuse_few_ports(ports: str, calls: int) -> None:
    """Raises what a validator raises where there are too few ports for so many calls."""
    first, last = map(int, ports.split("-"))
    if (enough := (last - first + 1) // PORTS_A_CALL) < calls:
        better = f"{first}-{first + calls * PORTS_A_CALL - 1}"
        raise refused(TOO_FEW_PORTS, ports=ports, enough=enough, calls=calls, each=PORTS_A_CALL, better=better)


def is_here(proxy: str) -> bool:
    """Whether a proxy is on this machine: scripted telephones, in a rehearsal."""
    return proxy.partition(":")[0] in HERE
