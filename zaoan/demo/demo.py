"""The demo: a neighbourhood of 24 residents lives through its morning on a clock faster than real time."""

import csv
import signal
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from time import sleep
from types import FrameType
from typing import Any

from rich.console import Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from console.view.roster import place_in
from console.view.today import Today, today
from contacts.phones import parse
from core import clock, settings
from core.i18n import translate
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading
from zaoan.demo.browser_visitor import Trial
from zaoan.process.ports import free_port_from
from zaoan.rehearsal.behaviours import OFFICE, RESIDENTS, RESPONDERS, Behaviour, answer, no_answer, press
from zaoan.rehearsal.morning import LONGEST_MORNING, Morning, close_in_time, morning
from zaoan.rehearsal.rehearse import LINE, verdict
from zaoan.rehearsal.running import NotStartedError
from zaoan.rehearsal.town import Helper, Home, Subscriber, Town, subscriber
from zaoan.terminal.common import chosen_settings, console, say
from zaoan.terminal.spoken import complain

DEMO_DATA = Path(__file__).parent / "demo_data"
REFRESH_SECONDS = 0.25
PATIENT = Behaviour([answer(press("1"), after=40.0)])
COLOURS = {"ok": "green", "unwell": "bold red", "no_key": "bold red", "hung_up": "red", "": "dim", "excused": "dim"}


def run_demo(*, once: bool, port: int | None, speed: float) -> int:
    """Runs the demo; returns the exit code: 0 when the morning ended as it should.

    Without ``port`` the page is where ``ZAOAN_PORT`` says.
    """
    chosen = chosen_settings()
    settings.use(chosen)
    port = chosen.port if port is None else port
    free = free_port_from(chosen.host, port)
    if free != port:
        say("Port {taken} is taken; the page is on port {free}.", taken=port, free=free)
    files = DEMO_DATA / "residents.csv", DEMO_DATA / "responders.csv"
    overrides = {**LINE, "port": free, "data_dir": chosen.data_dir, "language": chosen.language,
                 "voice": chosen.voice, "voice_model": chosen.voice_model}  # fmt: skip
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with morning(demo_town(), files, overrides, Purpose.DEMO, speed) as under_way:
            return _live_through(under_way, once=once)
    except NotStartedError as failure:
        complain(str(failure))
        return 1
    except KeyboardInterrupt:
        say("Good bye.")
        return 130 if once else 0


def demo_town() -> Town:
    """The people of the sample spreadsheets, each with the behaviour that ``behaviours.toml`` gives them."""
    with (DEMO_DATA / "behaviours.toml").open("rb") as file:
        behaviours = tomllib.load(file)
    homes = groupby(_rows("residents.csv"), key=lambda row: _number(row["电话"]))
    return Town(
        homes=[_home(number, list(rows), behaviours["residents"]) for number, rows in homes],
        helpers=[_helper(row, behaviours["responders"]) for row in _rows("responders.csv")],
        others=[_relative(row) for row in _rows("residents.csv") if row["家属电话"]],
    )


def welcome_newcomers(under_way: Morning) -> Trial:
    """The morning is over: the clock runs at real speed, and whoever opens a telephone is rung."""
    under_way.service.run_at(1)
    return trial_of(under_way)


def trial_of(under_way: Morning) -> Trial:
    """From the first telephone that is opened on, helpers let it ring long enough for a newcomer to pick up instead."""
    patient = [replace(each, behaviour=PATIENT) for each in under_way.town.helpers]
    scripts = replace(under_way.town, homes=(), helpers=patient, others=()).subscribers()
    return Trial(under_way.service.settings.exchange_url, lambda: under_way.service.script(scripts))


def _live_through(under_way: Morning, *, once: bool) -> int:
    say("Zao'an is at {page}", page=under_way.service.page)
    say("Simulation: nobody is really called.")
    over = _watch(under_way)
    result = verdict(under_way, over)
    console().print(_result_table(result))
    for violation in result["violations"]:
        complain(f"violation: {violation}")
    _say_summary(result)
    if not once:
        say("The service goes on at {page}. Ctrl-C ends it.", page=under_way.service.page)
        _wait_for_newcomers(under_way)
    return 1 if result["violations"] else 0


def _wait_for_newcomers(under_way: Morning) -> None:
    trial = welcome_newcomers(under_way)
    while True:
        trial.look()
        sleep(REFRESH_SECONDS)


def _watch(under_way: Morning) -> bool:
    """Shows the morning until it is over; False when it does not end in time."""
    until = clock.now() + LONGEST_MORNING
    progress = Progress(TextColumn("{task.description}"), BarColumn(bar_width=None), MofNCompleteColumn())
    trial = trial_of(under_way)
    bar = progress.add_task(_word("Reached"), total=len(under_way.town.expected()))
    with Live(console=console(), refresh_per_second=4, vertical_overflow="crop") as live:
        while clock.now() < until:
            with reading() as session:
                installation.follow_clock(session)
                shown = today(session)
            progress.update(bar, completed=shown.reached, description=f"{shown.now} {_word('Reached')}")
            live.update(Group(progress, _live_table(shown)))
            if under_way.is_over():
                return True
            close_in_time()
            trial.look()
            sleep(REFRESH_SECONDS)
    return False


def _live_table(shown: Today) -> Table:
    """Everybody's check-in, and beside it the case that came of it and who has been rung."""
    table = Table(_word("place"), _word("resident"), _word("outcome"), _word("attempts"), _word("case"), expand=True)
    language = settings.current().language
    cases = {case.resident_id: case for case in shown.cases}
    for line in shown.check_ins:
        case = cases.get(line.resident_id)
        who = (case.accepted_by or ", ".join(case.being_asked)) if case else ""
        state = f"{_word(case.state)} {who}" if case else ""
        outcome = _word(f"outcome:{line.outcome}" if line.outcome else f"sign:{line.sign}")
        colour = COLOURS.get(line.outcome, "yellow")
        table.add_row(
            place_in(language, line.spot), line.called, f"[{colour}]{outcome}[/]", str(line.attempts or ""), state
        )
    return table


def _result_table(result: Mapping[str, Any]) -> Table:
    headers = ("resident", "what they did", "attempts", "outcome", "accepted by", "asked")
    table = Table(*(_word(header) for header in headers))
    for line in result["check_ins"]:
        case = line["case"]
        colour = COLOURS.get(line["outcome"], "yellow")
        outcome = f"[{colour}]{_word('outcome:' + (line['outcome'] or 'open'))}[/]"
        mark = "" if line["outcome"] == line["expected"] else " ✗"
        table.add_row(
            line["resident"],
            _word(line["behaviour"]),
            str(line["attempts"]),
            outcome + mark,
            (case["accepted_by"] or "—") if case else "",
            str(case["pages"]) if case else "",
        )
    return table


def _say_summary(result: Mapping[str, Any]) -> None:
    say(
        "{enrolled} residents, {open} still open, {cases} cases, {violations} violations.",
        enrolled=result["round"]["enrolled"],
        open=result["round"]["open"],
        cases=sum(line["case"] is not None for line in result["check_ins"]),
        violations=len(result["violations"]),
    )


def _home(number: str, rows: Sequence[Mapping[str, str]], behaviours: Mapping[str, str]) -> Home:
    second = [_number(row["备用电话"]) for row in rows if row.get("备用电话")]
    does = behaviours[rows[0]["姓名"]]
    return Home(
        names=[row["姓名"] for row in rows],
        numbers=[number, *second],
        does=does,
        behaviour=RESIDENTS[does],
        label="、".join(row["称呼"] for row in rows),
        group=rows[0]["楼栋"],
        note=f"{rows[0]['单元']}{rows[0]['房号']}",
    )


def _helper(row: Mapping[str, str], behaviours: Mapping[str, str]) -> Helper:
    does = behaviours[row["姓名"]]
    behaviour = OFFICE if does == "office" else RESPONDERS[does]
    return Helper(row["姓名"], row["角色"], row["负责区域"], _number(row["电话"]), does, behaviour)


def _relative(row: Mapping[str, str]) -> Subscriber:
    """Relatives are only written to; their telephones ring out."""
    note = f"{row['称呼']}的{row['关系']}"
    return subscriber(
        _number(row["家属电话"]), Behaviour([no_answer()]), label=row["家属姓名"], group="家属", note=note
    )


def _rows(file: str) -> list[dict[str, str]]:
    with (DEMO_DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _number(text: str) -> str:
    return parse(text, "CN", "0311")


def _word(word: str) -> str:
    return translate(settings.current().language, word)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
