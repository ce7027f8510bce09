"""``python -m trunk``: the trunk's command line."""

import argparse
import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from trunk.app import Configuration, serve
from trunk.folder_lock import FolderInUseError
from trunk.sip.peering import Peer, Peering, Srtp

SECRET_VARIABLE = "TRUNK_SECRET"
PASSWORD_VARIABLE = "TRUNK_PASSWORD"
"""Both in the environment, because everybody on this machine can read the command lines of all processes."""
E164 = re.compile(r"\+[1-9][0-9]{3,14}")
CODECS = ("pcma", "pcmu")
TRANSPORTS = ("udp", "tcp", "tls")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the trunk; a command line that is not understood exits with 2."""
    chosen = configuration(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="trunk %(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(chosen))
    except FolderInUseError as refusal:
        sys.exit(str(refusal))


def configuration(arguments: Sequence[str]) -> Configuration:
    """What the command line says. Exits with 2 and a message when it makes no sense."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not (secret := os.environ.get(SECRET_VARIABLE)):
        parser.error(f"{SECRET_VARIABLE} is not set: what the service and the trunk know each other by")
    first = Peer(
        proxy=options.proxy,
        callers=tuple(options.caller),
        user=options.user,
        password=os.environ.get(PASSWORD_VARIABLE, ""),
        transport=options.transport,
        srtp=Srtp(options.srtp),
        register_seconds=options.register_seconds,
        dials_e164=options.dials_e164,
        calls_at_once=options.calls_at_once,
        calls_per_second=options.calls_per_second,
    )
    others = [
        replace(each, password=os.environ.get(f"{PASSWORD_VARIABLE}_{number}", ""))
        for number, each in enumerate(options.then, start=2)
    ]
    peering = Peering(
        peers=(first, *others),
        listen=options.listen,
        rtp_ports=options.rtp_ports,
        codecs=tuple(options.codec) or CODECS,
        rtp_timeout=options.rtp_timeout,
        trusted=tuple(options.trust),
    )
    return Configuration(
        host=options.host,
        port=options.port,
        secret=secret,
        folder=options.folder,
        public_url=options.public_url,
        local_url=options.local_url or options.public_url,
        inbound_url=options.inbound_url,
        speech_url=options.speech_url,
        peering=peering,
        parent_pid=options.parent_pid,
        known_as=options.known_as,
        watches=not options.no_options,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trunk", description="Telephones over SIP.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on for the service (default %(default)s)")
    add("--port", type=int, default=0, help="port for the service; 0 takes a free one (default)")
    add("--folder", type=Path, required=True, help="where the journal and recordings are kept")
    add("--public-url", required=True, help="what all addresses of the service begin with")
    add("--local-url", help="where the service is asked instead; its public address otherwise")
    add("--inbound-url", required=True, help="where calls that come in are reported: /voice and /status below it")
    add("--speech-url", required=True, help="where words become sound")
    add("--proxy", required=True, help="the telephone company's or the gateway's host[:port]")
    add("--caller", type=_number, action="append", required=True, help="a number of ours, E.164; may be repeated")
    add("--user", default="", help="who we are there, where our number alone does not say it")
    add("--listen", type=_listen, default="0.0.0.0:5060", help="address:port for SIP (default %(default)s)")
    add("--rtp-ports", type=_ports, default=(10000, 10999), help="first-last port for sound (default 10000-10999)")
    add("--codec", action="append", choices=CODECS, default=[], help="what is offered, the best first")
    add("--transport", choices=TRANSPORTS, default="udp", help="default %(default)s")
    add("--srtp", choices=tuple(Srtp), default=Srtp.OFF, help="whether sound is encrypted (default %(default)s)")
    add("--register-seconds", type=int, default=0, help="how often we say that we are there; 0: never (default)")
    add("--dials-e164", action="store_true", help="it is told numbers in E.164, whatever the service says")
    add("--calls-at-once", type=int, default=0, help="at most so many calls by this proxy; 0: no limit (default)")
    add(
        "--calls-per-second",
        type=float,
        default=0.0,
        help="at most so many calls begun a second; 0: no limit (default)",
    )
    add(
        "--then",
        type=_peer,
        action="append",
        default=[],
        metavar="JSON",
        help="another proxy, tried where those before it carry no call: an object with proxy, callers, user, "
        "transport, srtp, register_seconds, dials_e164, calls_at_once and calls_per_second; its password is in "
        f"{PASSWORD_VARIABLE}_2, …",
    )
    add(
        "--trust",
        type=_network,
        action="append",
        default=[],
        metavar="CIDR",
        help="a network from which calls to us are taken (default: the proxies' own addresses)",
    )
    add("--rtp-timeout", type=int, default=30, help="seconds without any sound after which a call is over")
    add("--no-options", action="store_true", help="do not ask the gateway every second whether it is there")
    add("--known-as", default="", help="told to whoever takes this trunk over, who compares it with their own")
    add("--parent-pid", type=int, help="end some time after this process is gone")
    return parser


def _peer(text: str) -> Peer:
    try:
        told = json.loads(text)
        return Peer(**told | {"srtp": Srtp(told.get("srtp", Srtp.OFF))})
    except (ValueError, TypeError) as failure:
        raise argparse.ArgumentTypeError(f"{text!r} describes no proxy: {failure}") from failure


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError as failure:
        raise argparse.ArgumentTypeError(f"{text!r} is no network such as 192.0.2.0/24") from failure


def _number(text: str) -> str:
    if not E164.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no E.164 number such as +8631186012345")
    return text


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no address:port")
    return text


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} are no ports such as 10000-10999")
    return int(first), int(last)


if __name__ == "__main__":
    main()
