"""``zaoan demo`` and ``zaoan rehearse``: mornings with people who do not exist."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from core import settings
from core.errors import UserError
from zaoan.rehearsal.faults import FAULTS, SIP_FAULTS, UnknownFaultError, chosen_faults
from zaoan.rehearsal.helpers.choices import Helpers
from zaoan.rehearsal.sleeps import NoDurationError, When, duration
from zaoan.rehearsal.town import MOST_RESIDENTS
from zaoan.terminal.common import Json, chosen_settings, misused, print_json, say, word
from zaoan.terminal.spoken import complain
from zaoan.terminal.words import Word

DEMO_SPEED = 60.0
HELPERS = Word(Helpers, {Helpers.SILENT: ("不接",), Helpers.DECLINING: ("不去", "拒绝"), Helpers.SLOW: ("慢",)})
WHEN = Word(When, {When.BEFORE: ("之前", "开始前"), When.MIDDLE: ("中间", "中途")})
SPEED, SIP_SPEED, FASTEST_SIP = 120.0, 3.0, 3.0
"""Over SIP sound takes its time: whoever presses three wrong keys and then none is talked to for three minutes, and no
call may take more than ten of the clock's."""


class Line(StrEnum):
    """What telephones of a rehearsal are rung through."""

    EXCHANGE = "exchange"
    SIP = "sip"


Speed = Annotated[float, typer.Option(min=1, max=1000, help="How much faster than real time.")]


def rehearse(
    residents: Annotated[int, typer.Option(min=1, max=MOST_RESIDENTS, help="How many residents.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed draws the same people.")] = 7,
    speed: Annotated[
        float | None,
        typer.Option(min=1, max=1000, help="How much faster than real time; 120, with --line sip 3 and no more."),
    ] = None,
    line: Annotated[
        Line, typer.Option(help="The bundled exchange, or a trunk and real SIP telephones on this machine.")
    ] = Line.EXCHANGE,
    faults: Annotated[
        str, typer.Option(help="What goes wrong: all, or faults separated by commas; a wrong one names them all.")
    ] = "",
    suspend: Annotated[
        str,
        typer.Option(help="How long the machine sleeps over the round: 14h, 90m or 1h30m. Then nothing else fails."),
    ] = "",
    suspend_at: Annotated[
        When, typer.Option(parser=WHEN, help="When the machine falls asleep: before the round, or in the middle of it.")
    ] = When.BEFORE,
    helpers: Annotated[
        Helpers | None,
        typer.Option(parser=HELPERS, help="What everybody does who could be asked for help; otherwise it is drawn."),
    ] = None,
    as_json: Json = False,
) -> None:
    """A whole morning with scripted people, judged.

    The judge looks at what happened on the wire; exit 1 if a promise was broken.
    """
    settings.use(chosen_settings())
    chosen, length = _faults(faults, line), _length(suspend)
    _refuse_what_sip_cannot(line, speed, length)
    _refuse_helpers_elsewhere(helpers, line, length)
    from zaoan.rehearsal.rehearse import rehearse as run_rehearsal
    from zaoan.rehearsal.rehearse import rehearse_asleep
    from zaoan.rehearsal.sip.rehearse import rehearse_over_sip

    if line is Line.SIP:
        report = rehearse_over_sip(residents, seed, speed or SIP_SPEED, chosen)
    elif length:
        report = rehearse_asleep(residents, seed, speed or SPEED, length, suspend_at)
    else:
        report = run_rehearsal(residents, seed, speed or SPEED, chosen, helpers)
    if as_json:
        print_json(report)
    else:
        _say_rehearsal(report)
    if report["violations"]:
        raise typer.Exit(1)


def _faults(words: str, line: Line) -> Sequence[str]:
    known = SIP_FAULTS if line is Line.SIP else FAULTS
    try:
        return chosen_faults(words, known)
    except UnknownFaultError as mistake:
        misused(
            UserError(
                "“{value}” is not known as a fault.",
                way_out="Choose all, or some of: {known}.",
                value=words,
                known=", ".join(known),
            ),
            mistake,
        )


def _refuse_what_sip_cannot(line: Line, speed: float | None, length: timedelta | None) -> None:
    if line is Line.EXCHANGE:
        return
    if length:
        misused(
            UserError(
                "With --line sip no machine can fall asleep.",
                way_out="Leave --suspend out, or --line.",
                field="--suspend",
            )
        )
    if speed is not None and speed > FASTEST_SIP:
        misused(
            UserError(
                "“{value}” is too fast for calls with real sound.",
                way_out="Choose a --speed up to {most}.",
                field="--speed",
                value=f"{speed:g}",
                most=f"{FASTEST_SIP:g}",
            )
        )


def _refuse_helpers_elsewhere(helpers: Helpers | None, line: Line, length: timedelta | None) -> None:
    if helpers and (length or line is Line.SIP):
        other = "--suspend" if length else "--line"
        misused(UserError("--helpers cannot be told together with {value}.", way_out="Leave one of them out.",
                          field="--helpers", value=other))  # fmt: skip


def _length(words: str) -> timedelta | None:
    if not words:
        return None
    try:
        return duration(words)
    except NoDurationError as mistake:
        misused(
            UserError(
                "“{value}” is not known as a length of time.", way_out="Write it like 14h, 90m or 1h30m.", value=words
            ),
            mistake,
        )


def demo(
    once: Annotated[bool, typer.Option("--once", help="One round, its result, and the end.")] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port of the web page; otherwise ZAOAN_PORT, otherwise 8000."),
    ] = None,
    speed: Speed = DEMO_SPEED,
) -> None:
    """A demo neighbourhood lives through its morning.

    Its telephones are only simulated: nobody is really called.
    """
    from zaoan.demo.demo import run_demo

    raise typer.Exit(run_demo(once=once, port=port, speed=speed))


def _say_rehearsal(report: dict[str, Any]) -> None:
    counted, alert = report["round"], report["alert_seconds"]
    say(
        "{enrolled} residents, {open} without a result, {seconds} s.",
        enrolled=counted["enrolled"],
        open=counted["open"],
        seconds=report["wall_seconds"],
    )
    typer.echo(" · ".join(f"{word(f'outcome:{outcome}')} {count}" for outcome, count in counted["counts"].items()))
    if alert["p50"] is not None:
        say("From an alert to the first ring: p50 {p50} s, p99 {p99} s.", p50=alert["p50"], p99=alert["p99"])
    if struck := report.get("faults"):
        typer.echo(" · ".join(f"{fault} {times}" for fault, times in struck.items()))
    if rung := report.get("responders"):
        most = max(rung, key=lambda each: each["most_in_an_hour"])
        say("{count} calls to {people} who help; of what has a limit at most {most} in an hour ({name}).",
            count=sum(each["calls"] for each in rung), people=len(rung), most=most["most_in_an_hour"],
            name=most["name"])  # fmt: skip
    for violation in report["violations"]:
        complain(f"{word('violation')}: {violation}")
