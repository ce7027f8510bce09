"""What all commands share: opening the installation, printing, and saying what is wrong in the user's language."""

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError

from core import actors, settings
from core.actors import Actor
from core.errors import UserError
from core.i18n import Language, translate
from core.refusals import refusal
from core.settings import FILE, UNREADABLE, UNREADABLE_FILE, WRITE_IT, Settings
from zaoan.terminal import spoken

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.orm import Session

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]


def chosen_settings(**overrides: Any) -> Settings:
    """The settings of this start; ends the command with exit code 2 when one of them is wrong."""
    try:
        return Settings(**overrides)
    except ValidationError as wrong:
        language = spoken.language(os.environ)
        for each in wrong.errors(include_input=False):
            name = "_".join(str(part).upper() for part in each["loc"])
            form = "{name}: {reason}." if name else "{reason}."
            spoken.complain(translate(language, form, name=f"ZAOAN_{name}", reason=refusal(each, language)))
        raise typer.Exit(2) from wrong
    except UNREADABLE as unreadable:
        language = spoken.language(os.environ)
        for said in (UNREADABLE_FILE, WRITE_IT):
            spoken.complain(translate(language, said, file=FILE, reason=unreadable))
        raise typer.Exit(2) from unreadable


def refuse_taken_port(chosen: Settings) -> None:
    """Ends the command with exit code 1 when another server listens where ours should."""
    from zaoan.process.ports import is_free

    if not is_free(chosen.host, chosen.port):
        taken = "Port {port} is taken. Set ZAOAN_PORT and ZAOAN_PUBLIC_URL to another one."
        spoken.complain(translate(chosen.language, taken, port=chosen.port))
        raise typer.Exit(1)


@contextmanager
def installation_open(*, whatever_is_given: bool = False) -> Iterator[Settings]:
    """The installation that there is, its database migrated. What goes wrong ends the command with one sentence.

    Settings that contradict what it keeps are such a thing, unless ``whatever_is_given`` (see ``wiring.visit``).
    """
    from zaoan.process import wiring  # commands that open none start faster without

    chosen = chosen_settings()
    settings.use(chosen)
    opened = wiring.visit(chosen, whatever_is_given=whatever_is_given)
    with closing(opened):
        yield settings.current()


@contextmanager
def installation_made(otherwise: str = "") -> Iterator[Settings]:
    """The same for the few commands that begin an installation where there is none, which they say.

    ``otherwise`` (a catalogue key) is said where there is one.
    """
    from zaoan.process import places, wiring

    chosen = chosen_settings()
    settings.use(chosen)
    is_new = not places.exists(chosen)
    with closing(wiring.open_house(chosen) if is_new else wiring.visit(chosen)):
        if is_new:
            tell("A new installation has been made: {place}", place=places.place_of(chosen))
        elif otherwise:
            say(otherwise)
        yield settings.current()


def community_language() -> Language:
    """The language that the community's voice speaks; before the first start the one of the settings."""
    from contacts.community.community import find_community
    from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

    chosen = settings.current()
    try:
        with looking(chosen) as session:
            found = find_community(session)
            return found.language if found else chosen.language
    except (NoDatabaseError, UnreachableError):
        return chosen.language


def tell(text: str, **gaps: object) -> None:
    """A sentence in the installation's language on standard error, where no program reads it."""
    typer.echo(translate(settings.current().language, text, **gaps), err=True)


def fail(mistake: UserError) -> NoReturn:
    """Says what is wrong and how to mend it, and ends the command with exit code 1."""
    spoken.complain(mistake.describe(settings.current().language))
    raise typer.Exit(1)


def our_numbers(session: "Session", chosen: Settings) -> frozenset[str]:
    """Our own numbers (E.164): those of the settings, and those of lines that calls have gone out from."""
    from ivr import queries as telephone
    from zaoan.process import wiring

    return telephone.our_numbers(session) | frozenset(wiring.account_of(chosen).numbers)


def acting() -> Actor:
    """Whoever types the command, by the name under which they have signed in to this machine."""
    try:
        return actors.user(getpass.getuser())
    except (OSError, KeyError, ValueError):  # a container whose user has no name
        return actors.user("zaoan")


def misused(mistake: UserError, cause: Exception | None = None) -> NoReturn:
    """Says what was misused and how to use it, and ends the command with exit code 2."""
    spoken.complain(mistake.describe(settings.current().language))
    raise typer.Exit(2) from cause


@cache
def console(*, stderr: bool = False) -> "Console":
    """The screen as what draws tables and progress bars knows it; commands that draw nothing start faster without."""
    from rich.console import Console

    return Console(stderr=stderr)


def print_json(document: object) -> None:
    """One JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def say(text: str, **gaps: object) -> None:
    """A sentence in the installation's language."""
    typer.echo(translate(settings.current().language, text, **gaps))


def word(key: str) -> str:
    """One label in the installation's language."""
    return translate(settings.current().language, key)


def print_fields(fields: Mapping[str, object]) -> None:
    """One line for each label (a catalogue key) that has something to say, in the installation's language."""
    language = settings.current().language
    for label, value in fields.items():
        if value not in (None, ""):
            typer.echo(f"{translate(language, label)}: {value}")


def minute(instant: datetime | str | None, zone: ZoneInfo) -> str:
    """An instant (or its ISO text, as documents carry it) in community time, to the minute; empty for None."""
    if instant is None:
        return ""
    known = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return known.astimezone(zone).strftime("%Y-%m-%d %H:%M")
