"""Options of ``zaoan campaign`` that take more than a word: an audience, a time of day, a message."""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer

from contacts.columns import vocabulary
from core.errors import UserError

Message = Annotated[str, typer.Option("--message", help="What a notice tells.")]
MessageFile = Annotated[Path | None, typer.Option(help="A text file with what a notice tells.")]
Flags = Annotated[str, typer.Option(help="Residents with one of these flags, separated by commas.")]
Everyone = Annotated[bool, typer.Option("--everyone", help="Every resident who has agreed.")]
At = Annotated[
    str | None, typer.Option(help="Community time, HH:MM; a check-in is daily, by default at 08:00, a notice once.")
]
Attempts = Annotated[int, typer.Option(help="Calls to one resident at most.")]
RetryMinutes = Annotated[int, typer.Option(help="Minutes between two attempts.")]
RingSeconds = Annotated[int, typer.Option(help="Seconds of ringing.")]
EarlyMinutes = Annotated[int, typer.Option(help="Whoever rings in so long before a round is not rung.")]
Late = Annotated[
    str | None,
    typer.Option(
        "--late",
        help='What a missed round does: "ring-until 12:00", the latest time of its day, or never. '
        "Otherwise a check-in is rung up to four hours late, a notice up to a day.",
    ),
]
MachineDetection = Annotated[
    bool, typer.Option(help="Tell answering machines from people who hang up, and leave them a message.")
]


def message(message: str, file: Path | None) -> str:
    """What was written on the command line or in a file."""
    if file is None:
        return message
    if message:
        raise UserError(
            "It is not clear what to tell.",
            way_out="Give either --message or --message-file.",
            field="message",
            value=message[:20],
        )
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise UserError(
            "{value} cannot be read.", way_out="Give a text file in UTF-8.", field="message-file", value=file
        ) from failure


def audience(flags: str, everyone: bool) -> list[str] | None:
    """The flags that were written, None for everybody; raises ``UserError`` where it is not clear whom to ring."""
    named = list(vocabulary.separated(flags))
    if bool(named) == everyone:
        raise UserError(
            "It is not clear whom to ring.", way_out="Give either --flags or --everyone.", field="flags", value=flags
        )
    return None if everyone else named


def time_of_day(text: str) -> time:
    """A time of day in the community's zone, ``08:00``; raises ``UserError``."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day in the community's zone
    except ValueError as wrong:
        raise UserError(
            "{value} is not a time.", way_out="Write it as HH:MM, for example 08:00.", field="at", value=text
        ) from wrong
