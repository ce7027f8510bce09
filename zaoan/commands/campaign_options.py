"""Options of ``zaoan campaign`` that take more than a word: an audience, a time of day, a message."""

from datetime import datetime, time
from pathlib import Path

from contacts import vocabulary
from core.errors import UserError


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
