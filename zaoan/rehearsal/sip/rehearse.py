"""``zaoan rehearse --line sip``: a morning over real SIP, judged by what the telephones saw, heard and did.

Sound takes its time, so that calls are as long as they are for people. Between them the clock runs ``speed`` times as
fast: pauses before the next attempt, the ladder's, and what people wait before they ring back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from core.running.installation import Purpose
from zaoan.rehearsal.judge import NO_POST
from zaoan.rehearsal.morning import LOOK_SECONDS, Morning, close_in_time, morning
from zaoan.rehearsal.rehearse import judged
from zaoan.rehearsal.sip.kills import KILL_TRUNK, KILLS, Kill, Killer
from zaoan.rehearsal.sip.running import FOREIGN, SipService, line_settings
from zaoan.rehearsal.sip.wire import Line, read_line
from zaoan.rehearsal.town import Town, draw_town
from zaoan.rehearsal.wire import WireCall

RING_SECONDS = 20
"""The shortest that a campaign takes; people pick up in a third of the time of other rehearsals."""
NOTICE = timedelta(minutes=2)
LONGEST_SECONDS = 45 * 60.0
ON_THE_HOOK_WITHIN_SECONDS = 20.0
"""After a trunk has died, and when a morning is over: by then every telephone is on the hook."""


def rehearse_over_sip(residents: int, seed: int, speed: float, faults: Sequence[str] = ()) -> dict[str, Any]:
    """The rehearsal's whole report; ``violations`` is empty when every promise was kept, whatever ``faults`` struck."""
    return rehearsed(draw_town(residents, seed), seed, speed, faults)


def rehearsed(
    town: Town, seed: int, speed: float, faults: Sequence[str] = (), foreign: int = FOREIGN
) -> dict[str, Any]:
    """The same of a town; for ``foreign`` see ``SipService``."""
    started = monotonic()
    messages = [each for each in faults if each not in KILLS]
    running = partial(SipService, messages=messages, seed=seed, foreign=foreign)
    with TemporaryDirectory(prefix="zaoan-town-") as directory:
        files, folder = town.write(Path(directory)), Path(directory) / "line"
        folder.mkdir()
        with morning(
            town, files, line_settings(folder), Purpose.REHEARSAL, speed,
            notice=NOTICE, running=running, ring_seconds=RING_SECONDS,
        ) as under_way:  # fmt: skip
            service = under_way.service
            assert isinstance(service, SipService)
            service.anchors.append(under_way.began)  # its clock never changes its speed
            killer = Killer(service, [each for each in faults if each in KILLS], seed)
            over = _lived_through(under_way, killer)
            line = _hung_up(service)
            struck = {"faults": _times_struck(faults, line, killer.struck)} if faults else {}
            return (
                _verdict(under_way, over, line, killer.struck)
                | struck
                | {"wall_seconds": round(monotonic() - started, 1)}
            )


def _lived_through(under_way: Morning, killer: Killer) -> bool:
    """Whether the morning came to its end."""
    until = monotonic() + LONGEST_SECONDS
    while monotonic() < until:
        if under_way.is_over():
            return True
        killer.strike()
        close_in_time()
        sleep(LOOK_SECONDS)
    return False


def _hung_up(service: SipService) -> Line:
    """What happened on the line, once every telephone is on the hook or should be."""
    until = monotonic() + ON_THE_HOOK_WITHIN_SECONDS
    while True:
        line = read_line(service.phones_log, service.journal)
        if not line.off_the_hook or monotonic() > until:
            return line
        sleep(LOOK_SECONDS)


def _verdict(under_way: Morning, over: bool, line: Line, kills: Sequence[Kill]) -> dict[str, Any]:
    for call in line.calls:
        _strike(call, kills)
    report = judged(under_way, over, line.calls, NO_POST)
    left = [*line.off_the_hook, *_left_by_a_trunk(line, kills)]
    report["violations"] += [f"the telephone of {call.number} was left off the hook" for call in left]
    report["violations"] += [f"{call.number} heard nothing until they hung up" for call in _unexplained_silence(line)]
    return {"line": "sip", **report, "telephones": dict(line.stacks), "off_the_hook": len(left)}


def _strike(call: WireCall, kills: Sequence[Kill]) -> None:
    """What a kill has changed for a call that was under way.

    A trunk that has died heard nothing more of it, and its successor only ends it: that answers no key, and no silence.
    """
    for kill in kills:
        if _was_under_way(call, kill):
            call.unheard = True
            if kill.what == KILL_TRUNK:
                call.provider_died = True
                call.key_reports = [
                    replace(each, acknowledged=each.acknowledged and each.answered_at <= kill.at)
                    for each in call.key_reports
                ]


def _left_by_a_trunk(line: Line, kills: Sequence[Kill]) -> list[WireCall]:
    """Calls of a trunk that has died, which nobody has ended for so long that it was the telephone that hung up."""
    died = [kill for kill in kills if kill.what == KILL_TRUNK]
    return [
        call
        for call in line.calls
        for kill in died
        if call.ended_at and _was_under_way(call, kill) and call.call_id in line.tired
        and (call.ended_at - kill.back_at).total_seconds() > ON_THE_HOOK_WITHIN_SECONDS
    ]  # fmt: skip


def _unexplained_silence(line: Line) -> list[WireCall]:
    """Calls that somebody has hung up who heard nothing at all, though nothing was killed and nobody was connected."""
    waiting = {call.parent for call in line.calls if call.parent}
    return [
        call
        for call in line.calls
        if call.call_id in line.tired and not (call.unheard or call.parent or call.url in waiting)
    ]


def _was_under_way(call: WireCall, kill: Kill) -> bool:
    return call.requested_at <= kill.back_at and (call.ended_at is None or call.ended_at >= kill.at)


def _times_struck(faults: Sequence[str], line: Line, kills: Sequence[Kill]) -> dict[str, int]:
    killed = [kill.what for kill in kills]
    return {fault: killed.count(fault) + line.faults[fault] for fault in faults}
