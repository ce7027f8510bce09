"""A group of commands, each loaded only when it is used: whatever a command does not need does not slow its start."""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer._click.core import Command, Context
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from core.i18n import translate
from zaoan.commands import spoken

PROGRAM = "zaoan"
MISUSED = 2


@dataclass(frozen=True)
class Entry:
    """Where a command (a function) or a group (a ``Typer``) is, ``module:name``, and what the list says of it."""

    place: str
    says: str


class LazyGroup(TyperGroup):
    """The group whose ``words`` are loaded when they are used; helps and complains in the user's language."""

    words: ClassVar[Mapping[str, Entry]] = {}

    def list_commands(self, ctx: Context) -> list[str]:
        """The words, in their order."""
        return list(self.words)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of this word, loaded now; None when there is none."""
        if cmd_name not in self.words:
            return None
        return spoken.in_words(load(cmd_name, self.words[cmd_name].place), spoken.language(os.environ))

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """One line for each word; loads nothing."""
        language = spoken.language(os.environ)
        with formatter.section("Commands"):
            formatter.write_dl([(name, translate(language, entry.says)) for name, entry in self.words.items()])

    def main(self, *arguments: Any, **extra: Any) -> Any:
        """Runs a command line. What is expected to go wrong is one sentence; exit code 2 where it was misused."""
        if said := spoken.unspoken(os.environ):
            spoken.complain(said)
            sys.exit(MISUSED)
        language = spoken.language(os.environ)
        spoken.in_words(self, language)
        known = spoken.Known(lambda typed: get_close_matches(typed, self.words, n=1))
        try:
            code = super().main(*arguments, **extra | {"standalone_mode": False, "prog_name": PROGRAM})
        except UsageError as misuse:
            spoken.complain(spoken.sentence(misuse, language, known))
            sys.exit(misuse.exit_code)
        except Exception as failure:
            said = spoken.expected(failure)
            if said is None:
                raise
            spoken.complain(said)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def load(name: str, place: str) -> Command:
    """The command or group at ``module:name``; from then on this process collects its garbage."""
    module, _, attribute = place.partition(":")
    found: Any = getattr(import_module(module), attribute)
    command: Command = typer.main.get_group(found) if isinstance(found, typer.Typer) else _single(name, found)
    gc.freeze()  # what is loaded stays: nobody has to look through it again
    gc.enable()
    command.name = name
    return command


def _single(name: str, function: Callable[..., Any]) -> Command:
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(function)
    return typer.main.get_command(alone)
