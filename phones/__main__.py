"""``python -m phones``: telephones for a rehearsal over SIP. Ends with its standard input."""

import argparse
import asyncio
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from exchange.subscribers import read_subscribers
from phones.foreign import is_installed, read_people, started
from phones.gateway import DOUBLE, LOSE, Gateway
from phones.log import Log
from phones.messages import Address
from phones.town import Town


def main() -> None:
    """Runs the telephones; a command line that is not understood exits with 2."""
    asyncio.run(run(_parser().parse_args()))


async def run(chosen: argparse.Namespace) -> None:
    """Until standard input is closed."""
    town, log = Town(read_subscribers(read_people(chosen.people))), Log(chosen.log)
    gateway = Gateway(chosen.here, chosen.trunk, town, log, chosen.speed, chosen.fault, chosen.seed)
    async with AsyncExitStack() as stack:
        following = []
        for _ in range(chosen.foreign if is_installed() else 0):
            exchange = await started(chosen.here[0], free_port(chosen.here[0]), chosen.people, chosen.log)
            stack.push_async_callback(exchange.close)
            gateway.foreign.append(exchange)
            following.append(asyncio.create_task(exchange.run(gateway.is_over)))
        await gateway.open()
        print(f"phones listening, {len(gateway.foreign)} processes of pjsua2", flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)


def free_port(host: str) -> int:
    """A port of ``host`` at which nobody listens over UDP."""
    with socket.socket(type=socket.SOCK_DGRAM) as tried:
        tried.bind((host, 0))
        return int(tried.getsockname()[1])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="phones", description="Telephones of people who do not exist, over SIP.")
    add = parser.add_argument
    add("--here", type=_address, required=True, help="address:port at which they are rung")
    add("--trunk", type=_address, required=True, help="address:port at which they ring back")
    add("--people", type=Path, required=True, help="JSON: who they are, and what they do")
    add("--log", type=Path, required=True, help="what happens is appended to it, a JSON object a line")
    add("--foreign", type=int, default=4, help="processes of pjsua2, where that is installed (default %(default)s)")
    add("--speed", type=float, default=1.0, help="how much faster people live between calls (default %(default)s)")
    add("--fault", action="append", choices=(LOSE, DOUBLE), default=[], help="what strikes one message in twenty")
    add("--seed", type=int, default=0, help="which messages are struck (default %(default)s)")
    return parser


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no address:port")
    return host, int(port)


if __name__ == "__main__":
    main()
