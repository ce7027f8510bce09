"""``zaoan demo`` and ``zaoan rehearse``: mornings with people who do not exist."""

from typing import Annotated, Any

import typer

from core import settings
from core.errors import UserError
from zaoan.commands.common import Json, chosen_settings, err, misused, out, print_json, say, word
from zaoan.rehearsal.faults import FAULTS, UnknownFaultError, chosen_faults
from zaoan.rehearsal.town import MOST_RESIDENTS

DEMO_SPEED = 60.0
Speed = Annotated[float, typer.Option(min=1, max=1000, help="How much faster than real time.")]


def rehearse(
    residents: Annotated[int, typer.Option(min=1, max=MOST_RESIDENTS, help="How many residents.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed draws the same people.")] = 7,
    speed: Speed = 120,
    faults: Annotated[
        str, typer.Option(help="What goes wrong: all, or faults separated by commas; a wrong one names them all.")
    ] = "",
    as_json: Json = False,
) -> None:
    """A whole morning with scripted people, judged.

    The judge looks at what happened on the wire; exit 1 if a promise was broken.
    """
    settings.use(chosen_settings())
    try:
        chosen = chosen_faults(faults)
    except UnknownFaultError as mistake:
        misused(
            UserError(
                "“{value}” is not known as a fault.",
                way_out="Choose all, or some of: {known}.",
                value=faults,
                known=", ".join(FAULTS),
            ),
            mistake,
        )
    from zaoan.rehearsal.rehearse import rehearse as run_rehearsal

    report = run_rehearsal(residents, seed, speed, chosen)
    if as_json:
        print_json(report)
    else:
        _say_rehearsal(report)
    if report["violations"]:
        raise typer.Exit(1)


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
    from zaoan.demo import run_demo

    raise typer.Exit(run_demo(once=once, port=port, speed=speed))


def _say_rehearsal(report: dict[str, Any]) -> None:
    counted, alert = report["round"], report["alert_seconds"]
    say(
        "{enrolled} residents, {open} without a result, {seconds} s.",
        enrolled=counted["enrolled"],
        open=counted["open"],
        seconds=report["wall_seconds"],
    )
    out.print(
        " · ".join(f"{word(f'outcome:{outcome}')} {count}" for outcome, count in counted["counts"].items()),
        highlight=False,
    )
    say("From an alert to the first ring: p50 {p50} s, p99 {p99} s.", p50=alert["p50"], p99=alert["p99"])
    if struck := report.get("faults"):
        out.print(" · ".join(f"{fault} {times}" for fault, times in struck.items()), highlight=False)
    for violation in report["violations"]:
        err.print(f"{word('violation')}: {violation}", style="red", highlight=False, soft_wrap=True)
