"""``zaoan up``, and its parts as processes of their own for installations of many machines.

What each of them needs is loaded when it starts: their help needs none of it.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from core import settings
from core.errors import UserError
from core.purpose import Purpose
from core.settings import Settings, Telephony
from zaoan.process.parent_watch import stop_without
from zaoan.terminal.common import chosen_settings, refuse_taken_port, say, tell
from zaoan.terminal.spoken import complain

AsPurpose = Annotated[Purpose, typer.Option(hidden=True)]
Parent = Annotated[int | None, typer.Option(hidden=True)]
MISUSED = 2


def up(
    purpose: AsPurpose = Purpose.SERVICE,
    exchange_log: Annotated[Path | None, typer.Option(hidden=True)] = None,
    parent_pid: Parent = None,
) -> None:
    """Everything in one process, until it is interrupted."""
    from zaoan.checks import live
    from zaoan.process import service
    from zaoan.process.invitation_links import first_link
    from zaoan.process.places import place_of

    chosen = chosen_settings()
    settings.use(chosen)
    refuse_taken_port(chosen)
    if parent_pid is not None:
        stop_without(parent_pid)

    def announce(page: str, exchange: str) -> None:
        tell("Installation: {place}", place=place_of(chosen))
        say("Zao'an is at {page}", page=page)
        if chosen.telephony is Telephony.EXCHANGE:
            say("Simulation: nobody is really called.")
        if purpose is Purpose.SERVICE and (link := first_link()):
            say("Nobody can sign in as administrator yet. This link works once, for three days: {link}", link=link)
        sys.stdout.flush()

    live.offer()
    service.run(chosen, purpose, exchange_log, announce)


def exchange(
    log: Annotated[Path | None, typer.Option(help="Where it writes what happened on the wire.")] = None,
) -> None:
    """Only the bundled exchange, which simulates telephones.

    It listens at ZAOAN_EXCHANGE_URL; a service started afterwards uses it.
    """
    from zaoan.process.exchange_process import DEFAULT_PORT, exchange_command, exchange_secrets

    chosen = chosen_settings()
    written = log or chosen.data_dir / "exchange.jsonl"
    written.parent.mkdir(parents=True, exist_ok=True)
    command = exchange_command(chosen, urlsplit(chosen.exchange_url).port or DEFAULT_PORT, written, None)
    os.execve(command[0], command, os.environ | exchange_secrets(chosen))


def trunk() -> None:
    """Only the trunk, which makes calls over SIP for services on other machines.

    It listens at ZAOAN_TRUNK_URL; `zaoan up` starts one of its own.
    """
    from zaoan.process.trunk_process import DEFAULT_PORT, trunk_command, trunk_secrets

    chosen = chosen_settings()
    command = trunk_command(chosen, urlsplit(chosen.trunk_url).port or DEFAULT_PORT, None, None)
    os.execve(command[0], command, os.environ | trunk_secrets(chosen))


def web(purpose: AsPurpose = Purpose.SERVICE, parent_pid: Parent = None) -> None:
    """Only the web server: pages, and the telephone's questions.

    It needs workers and a beat beside it.
    """
    from zaoan.checks import live
    from zaoan.process import processes

    live.offer()
    with _one_of_many(parent_pid) as chosen:
        refuse_taken_port(chosen)
        processes.run_web(chosen, purpose, _announcing("Zao'an is at {page}", page=chosen.public_url))


def worker(purpose: AsPurpose = Purpose.SERVICE, parent_pid: Parent = None) -> None:
    """Only a worker: dials, climbs ladders, sends texts.

    Any number of them share the work.
    """
    from zaoan.process import processes

    with _one_of_many(parent_pid) as chosen:
        raise typer.Exit(processes.run_worker(chosen, purpose, _announcing("The worker is at work.")))


def beat(parent_pid: Parent = None) -> None:
    """Only the beat that sends a tick to the workers every second.

    One is enough.
    """
    from zaoan.process import processes

    with _one_of_many(parent_pid) as chosen:
        processes.run_beat(chosen, _announcing("The beat is beating."))


@contextmanager
def _one_of_many(parent_pid: int | None) -> Iterator[Settings]:
    chosen = chosen_settings()
    settings.use(chosen)
    if parent_pid is not None:
        stop_without(parent_pid)
    try:
        yield chosen
    except UserError as mistake:
        complain(mistake.describe(settings.current().language))
        raise typer.Exit(MISUSED) from mistake


def _announcing(text: str, **gaps: object) -> Callable[[], None]:
    def announce() -> None:
        from zaoan.process.places import place_of

        tell("Installation: {place}", place=place_of(settings.current()))
        say(text, **gaps)
        sys.stdout.flush()

    return announce
