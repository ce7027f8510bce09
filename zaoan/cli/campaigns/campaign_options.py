"""Options of ``zaoan campaign`` that take more than a word: an audience, a time of day, a message."""

from pathlib import Path
from typing import Annotated

import typer

from contacts.columns import vocabulary
from core.errors import UserError

Message = Annotated[str, typer.Option("--message", help="What a notice tells.")]
MessageFile = Annotated[Path | None, typer.Option(help="A text file with what a notice tells.")]
Flags = Annotated[str, typer.Option(help="Residents with one of these flags, separated by commas.")]
Audience = Annotated[
    str,
    typer.Option(
        "--audience", metavar="RULE",
        help='A rule: "age:80+ and (flag:lives_alone or area:3/2) and not list:NAME"; unanswered:ROUND or CAMPAIGN.',
    ),
]  # fmt: skip
Everyone = Annotated[bool, typer.Option("--everyone", help="Every resident who has agreed.")]
At = Annotated[
    str | None,
    typer.Option(help="Community time, HH:MM, also several; a check-in is daily, by default at 08:00, a notice once."),
]
Days = Annotated[str, typer.Option("--days", help="Days of the week: mon,wed,fri.")]
MonthDays = Annotated[str, typer.Option("--month-days", help="Days of the month: 1,15,last.")]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="Once, on this day: 2026-12-24.")]
First = Annotated[str, typer.Option("--from", metavar="DAY", help="Not before this day.")]
Last = Annotated[str, typer.Option("--until", metavar="DAY", help="Not after this day.")]
But = Annotated[str, typer.Option("--except", metavar="DAYS", help="Not on these days: 2027-01-01,2027-02-06.")]
Every = Annotated[int | None, typer.Option("--every", help="Only every so many days, weeks or months from --from on.")]
Attempts = Annotated[int, typer.Option(help="Calls to one resident at most.")]
RetryMinutes = Annotated[int, typer.Option(help="Minutes between two attempts.")]
Retry = Annotated[
    str,
    typer.Option(
        "--retry", metavar="PLAN",
        help="Minutes after each result: busy=5,no-answer=15,voicemail=never,hung-up=5,other-number=2.",
    ),
]  # fmt: skip
SpreadMinutes = Annotated[int, typer.Option(help="First calls are spread evenly over so many minutes.")]
DeadlineMinutes = Annotated[
    int | None, typer.Option(help="So many minutes a round may take; by default what its attempts need.")
]
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


def audience(flags: str, everyone: bool, rule: str = "") -> list[str] | None:
    """The flags that were written, None for everybody or by a rule; raises ``UserError`` where whom to ring is not
    clear."""
    named = list(vocabulary.separated(flags))
    if bool(named) + everyone + bool(rule) != 1:
        raise UserError(
            "It is not clear whom to ring.", way_out="Give either --flags, or --audience, or --everyone.",
            field="flags", value=flags or rule,
        )  # fmt: skip
    return named or None
