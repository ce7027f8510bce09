"""``zaoan up``'s parts as processes of their own, for installations of many machines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from core import settings
from core.errors import UserError
from core.installation import Purpose
from core.settings import Settings
from zaoan import processes
from zaoan.commands.common import chosen_settings, err, refuse_taken_port, say
from zaoan.watching import stop_without

AsPurpose = Annotated[Purpose, typer.Option(hidden=True)]
Parent = Annotated[int | None, typer.Option(hidden=True)]
MISUSED = 2


def web(purpose: AsPurpose = Purpose.SERVICE, parent_pid: Parent = None) -> None:
    """Only the web server: pages, and the telephone's questions. Needs workers and a beat beside it."""
    with _one_of_many(parent_pid) as chosen:
        refuse_taken_port(chosen)
        processes.run_web(chosen, purpose, _announcing("Zao'an is at {page}", page=chosen.public_url))


def worker(purpose: AsPurpose = Purpose.SERVICE, parent_pid: Parent = None) -> None:
    """Only a worker: dials, climbs ladders, sends texts. Any number of them share the work."""
    with _one_of_many(parent_pid) as chosen:
        raise typer.Exit(processes.run_worker(chosen, purpose, _announcing("The worker is at work.")))


def beat(parent_pid: Parent = None) -> None:
    """Only the beat that sends a tick to the workers every second. One is enough."""
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
        err.print(mistake.describe(chosen.language), style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(MISUSED) from mistake


def _announcing(text: str, **gaps: object) -> Callable[[], None]:
    def announce() -> None:
        say(text, **gaps)
        sys.stdout.flush()

    return announce
