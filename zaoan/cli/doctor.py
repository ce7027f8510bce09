"""``zaoan doctor``: what is wrong with this installation, and how to mend it. It rings nobody unasked."""

import logging
import os
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from core import settings
from core.i18n import Language, translate
from core.running import log_lines
from core.settings import Settings
from zaoan.checks.observation import Observation, State, is_well
from zaoan.checks.secrecy import secrets_of, unsaid
from zaoan.checks.settings import read_settings
from zaoan.process.key_keeping import use_keys_there_are
from zaoan.terminal import spoken
from zaoan.terminal.common import Json, console, print_json

MARKS = {State.OK: ("✓", "green"), State.WARNING: ("!", "yellow"), State.WRONG: ("✗", "bold red")}


def doctor(
    as_json: Json = False,
    call: Annotated[
        str, typer.Option(metavar="NUMBER", help="Over a telephone line, ring this number and wait for a key.")
    ] = "",
) -> None:
    """Looks at everything that an installation depends on.

    It changes nothing and rings nobody, but a number that is given; exit 1 if something is wrong.
    """
    from zaoan.checks.examining import examine  # looks at everything, and loads everything

    log_lines.begin(logging.CRITICAL)
    language = spoken.language(os.environ)
    chosen, observations = read_settings(os.environ, language)
    if chosen is not None:
        settings.use(chosen)
        use_keys_there_are(chosen)
        observations = [*observations, *examine(chosen), *(_called(chosen, call) if call else [])]
    lines = [_line(each, language, secrets_of(chosen, os.environ)) for each in observations]
    if as_json:
        print_json({"ok": is_well(observations), "checks": lines})
    else:
        _show(lines, language, chosen)
    if not is_well(observations):
        raise typer.Exit(1)


def _called(chosen: Settings, number: str) -> Sequence[Observation]:
    from zaoan.checks.telephony.line_call import call_oneself  # nobody else rings

    return call_oneself(chosen, number)


def _line(observation: Observation, language: Language, secrets: Sequence[str]) -> dict[str, str]:
    return {
        "check": observation.check,
        "state": observation.state.value,
        "said": unsaid(observation.describe(language), secrets),
        "mend": unsaid(observation.way_out(language), secrets),
    }


def _show(lines: Sequence[Mapping[str, str]], language: Language, chosen: Settings | None) -> None:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for check, together in groupby(lines, key=lambda each: each["check"]):
        for index, line in enumerate(together):
            name = translate(language, f"check:{check}") if index == 0 else ""
            table.add_row(*_row(line, name))
    console().print(table)
    states = [line["state"] for line in lines]
    said = (
        "{wrong} wrong, {warnings} to look at."
        if chosen
        else "The settings must be mended before the rest can be looked at."
    )
    count = {"wrong": states.count(State.WRONG), "warnings": states.count(State.WARNING)}
    typer.secho(translate(language, said, **count), bold=True)


def _row(line: Mapping[str, str], name: str) -> tuple[Text, Text, Text]:
    mark, colour = MARKS[State(line["state"])]
    said = Text(line["said"], style="" if line["state"] == State.OK else colour)
    if line["mend"]:
        said.append(f"\n→ {line['mend']}", style="default not bold")
    return Text(mark, style=colour), Text(name), said
