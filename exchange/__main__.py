"""``python -m exchange``: the exchange's command line."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from exchange.app import Configuration, serve
from exchange.calls.reporting import Account
from exchange.errors import ScriptError
from exchange.faults import Fault, Plan, plan_in_words
from exchange.subscribers import E164, Subscriber, read_subscribers

TOKEN_VARIABLE = "EXCHANGE_AUTH_TOKEN"
"""In the environment, because everybody on this machine can read the command lines of all processes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the exchange; a command line that is not understood exits with 2."""
    asyncio.run(serve(configuration(sys.argv[1:] if arguments is None else arguments)))


def configuration(arguments: Sequence[str]) -> Configuration:
    """What the command line says. Exits with 2 and a message when it makes no sense."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        faults = plan_in_words(options.faults, options.fault_seed) if options.faults else Plan()
    except ScriptError as error:
        parser.error(str(error))
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        parser.error(f"{TOKEN_VARIABLE} is not set: the account's token, which also signs callbacks")
    account = Account(
        sid=options.account_sid,
        auth_token=token,
        numbers=tuple(options.number),
        voice_url=options.voice_url,
        text_url=options.text_url,
        status_url=options.status_url,
    )
    return Configuration(
        host=options.host,
        known_as=options.known_as,
        port=options.port,
        speed=options.speed,
        calls_per_second=options.calls_per_second,
        log=options.log,
        account=account,
        subscribers=options.subscribers,
        tempo_url=options.tempo_url,
        parent_pid=options.parent_pid,
        faults=faults,
        tell_after=options.tell_after,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exchange", description="A telephone exchange that speaks Twilio's API.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    add("--known-as", action="append", default=[], help="a further name by which its pages are found; may be repeated")
    add("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    add("--speed", type=_positive, default=1.0, help="people's seconds per real second (default 1)")
    add("--calls-per-second", type=_positive, default=30.0, help="pace at which queued calls leave (default 30)")
    add("--log", type=Path, required=True, help="file the log is appended to")
    add("--account-sid", required=True, help="the service's account, AC…")
    add("--number", type=_number, action="append", required=True, help="a number of the service; may be repeated")
    add("--voice-url", required=True, help="where inbound calls are reported")
    add("--text-url", required=True, help="where inbound texts are reported")
    add("--status-url", required=True, help="where the end of an inbound call is reported")
    add("--tempo-url", help="what is told when people's speed changes, because a telephone is open in a browser")
    add("--subscribers", type=_subscribers, default=[], help="JSON file of scripted subscribers")
    add(
        "--faults",
        help=f"what goes wrong: all, or names with or without a rate out of {', '.join(Fault)}: drop=0.2,early",
    )
    add("--fault-seed", type=int, default=0, help="the same seed draws the same faults (default 0)")
    add(
        "--tell-after",
        type=float,
        default=0.0,
        help="real seconds after which the requests of a call are told of; Twilio takes up to 15 minutes (default 0)",
    )
    add("--parent-pid", type=int, help="end when this process is gone")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _number(text: str) -> str:
    if not E164.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no E.164 number such as +8631186012345")
    return text


def _subscribers(path: str) -> list[Subscriber]:
    try:
        return read_subscribers(json.loads(Path(path).read_text("utf-8")))
    except (OSError, ScriptError, json.JSONDecodeError) as error:
        raise argparse.ArgumentTypeError(f"{path}: {error}") from error


if __name__ == "__main__":
    main()
