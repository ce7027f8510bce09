"""Groups of commands, each loaded only when it is used: whatever a command does not need does not slow its start."""

import gc
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer._click.core import Command, Context
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from core.i18n import translate
from zaoan.terminal import spoken

PROGRAM = "zaoan"
MISUSED = 2


@dataclass(frozen=True)
class Entry:
    """Where the function of a command is, ``module:name``, and what the list says of it: its help's first paragraph."""

    place: str
    says: str


@dataclass(frozen=True)
class Group:
    """Commands that belong together, by their words, and what the list says of them all."""

    says: str
    words: Mapping[str, Entry]


class LazyGroup(TyperGroup):
    """The group whose ``words`` are loaded when they are used; helps and complains in the user's language."""

    words: Mapping[str, "Entry | Group"] = MappingProxyType({})

    @classmethod
    def of(cls, name: str, group: Group) -> "LazyGroup":
        """The group with this name; loads none of its commands."""
        made = cls(name=name, help=group.says, no_args_is_help=True, rich_markup_mode=None)
        made.words = group.words
        return made

    def list_commands(self, ctx: Context) -> list[str]:
        """The words, in their order."""
        return list(self.words)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of this word, loaded now; None when there is none."""
        if cmd_name not in self.words:
            return None
        return spoken.in_words(load(cmd_name, self.words[cmd_name]), spoken.language(os.environ))

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
        try:
            code = super().main(*arguments, **extra | {"standalone_mode": False, "prog_name": PROGRAM})
        except UsageError as misuse:
            spoken.complain(spoken.sentence(misuse, language))
            sys.exit(misuse.exit_code)
        except Exception as failure:
            said = spoken.expected(failure)
            if said is None:
                raise
            spoken.complain(said)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def load(name: str, entry: Entry | Group) -> Command:
    """The command or group of this entry; once a command is loaded, this process collects its garbage."""
    if isinstance(entry, Group):
        return LazyGroup.of(name, entry)
    module, _, attribute = entry.place.partition(":")
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(getattr(import_module(module), attribute))
    command = typer.main.get_command(alone)
    gc.freeze()  # what is loaded stays: nobody has to look through it again
    gc.enable()
    return command
