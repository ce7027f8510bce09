"""The command line ``zaoan``: a command exits 0 when it did its work, 1 when it could not, 2 when it was misused.

A new command is one line here: its word, where its function (or its group, a ``Typer``) is, and the first sentence of
its help. It is loaded when it is used, so that the others start as fast as before.
"""

from collections.abc import Mapping
from typing import ClassVar

import typer

from zaoan.commands.lazy import Entry, LazyGroup

COMMANDS: Mapping[str, Entry] = {
    "up": Entry("zaoan.commands.processes:up", "Everything in one process, until it is interrupted."),
    "web": Entry("zaoan.commands.processes:web", "Only the web server: pages, and the telephone's questions."),
    "worker": Entry("zaoan.commands.processes:worker", "Only a worker: dials, climbs ladders, sends texts."),
    "beat": Entry("zaoan.commands.processes:beat", "Only the beat that sends a tick to the workers every second."),
    "exchange": Entry("zaoan.commands.processes:exchange", "Only the bundled exchange, which simulates telephones."),
    "demo": Entry("zaoan.commands.rehearsing:demo", "A demo neighbourhood lives through its morning."),
    "rehearse": Entry("zaoan.commands.rehearsing:rehearse", "A whole morning with scripted people, judged."),
    "doctor": Entry("zaoan.commands.doctor:doctor", "Looks at everything that an installation depends on."),
    "migrate": Entry("zaoan.commands.maintenance:migrate", "Brings the database to the schema of this version."),
    "import": Entry(
        "zaoan.commands.spreadsheet:import_file",
        "Imports residents or responders from a spreadsheet; again, it changes only what differs.",
    ),
    "export": Entry(
        "zaoan.commands.spreadsheet:export", "Writes all residents to a spreadsheet that can be imported again."
    ),
    "community": Entry("zaoan.commands.community:app", "The community: its name, zone, hours and area code."),
    "campaign": Entry("zaoan.commands.campaign:app", "Campaigns: whom to ring, when, and what for."),
    "round": Entry("zaoan.commands.round:app", "Rounds: one morning of a campaign."),
    "case": Entry("zaoan.commands.case:app", "Cases: what a person has to deal with."),
    "resident": Entry(
        "zaoan.commands.resident:app", "Residents: who is looked after, and what staff decide about them."
    ),
    "trial": Entry("zaoan.commands.trials:trial", "Rings a resident who has agreed, to practise the keys."),
    "trials": Entry(
        "zaoan.commands.trials:list_trials", "The latest trial call of every resident, and what it has shown."
    ),
    "dialogue": Entry(
        "zaoan.commands.dialogue:app", "What callers hear: read it, keep it as a document, have it proofread."
    ),
    "prompt": Entry("zaoan.commands.prompt:app", "Prompts: what the voice says, and how it sounds."),
    "version": Entry("zaoan.commands.maintenance:version", "The version of Zao'an."),
}


class CommandLine(LazyGroup):
    """All words after ``zaoan``."""

    words: ClassVar[Mapping[str, Entry]] = COMMANDS


app = typer.Typer(
    cls=CommandLine, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback()
def zaoan() -> None:
    """Zao'an rings older residents every morning and does not let go until a person has dealt with every answer."""
