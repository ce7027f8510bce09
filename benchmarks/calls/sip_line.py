"""A telephone line: what a call over SIP costs the trunk, and how soon it rings, is silent and answers.

The telephones are our own (``phones/``) and the service answers at once: what is measured is the trunk's. Sound that
arrives is told apart by its pitch, packet by packet; instants are those at which the telephones have it.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from benchmarks.calls.sip_bench import Line, Telephone, sip_line
from benchmarks.figures import Figure, at_most, percentile

CALLS, WINDOW_SECONDS, CALLS_A_SECOND = 50, 10.0, 20.0
TALKING, KEYS, BETWEEN_KEYS_SECONDS = 10, 20, 0.7
MOST_SHARE, MOST_MB, MOST_RINGING_MS, MOST_ANSWER_MS, MOST_CUT_MS = 1.0, 120.0, 50.0, 200.0, 60.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Percent of a core a call, MB, and milliseconds: request to ringing, key to the answer, key to the cut."""

    share: float
    memory: float
    ringing: list[float]
    answers: list[float]
    cuts: list[float]


def figures() -> list[Figure]:
    """One trunk with fifty calls, and another one with ten in which two hundred keys are pressed."""
    measured = asyncio.run(measure(sip_line))
    return [
        Figure("SIP: processor time of a call in which a prompt is playing", measured.share, "% of a core",
               f"{CALLS} calls at once", bound=at_most(MOST_SHARE)),
        Figure(f"SIP: memory of the trunk with {CALLS} calls", measured.memory, "MB", bound=at_most(MOST_MB)),
        Figure(f"SIP: request to ringing at {CALLS_A_SECOND:.0f} calls a second, p99",
               percentile(measured.ringing, 99), "ms",
               f"p50 {percentile(measured.ringing, 50):.0f} ms", bound=at_most(MOST_RINGING_MS)),
        Figure("SIP: key to the first sound of the answering prompt, p99", percentile(measured.answers, 99), "ms",
               f"p50 {percentile(measured.answers, 50):.0f} ms, {len(measured.answers)} keys",
               bound=at_most(MOST_ANSWER_MS)),
        Figure("SIP: key to the last sound of the prompt that it ends, p99", percentile(measured.cuts, 99), "ms",
               f"p50 {percentile(measured.cuts, 50):.0f} ms", bound=at_most(MOST_CUT_MS)),
    ]  # fmt: skip


async def measure(line_in: Callable[[Path], AbstractAsyncContextManager[Line]]) -> Measured:
    """What a line that is opened in a folder costs, and how soon it rings, is silent and answers."""
    with TemporaryDirectory(prefix="zaoan-line-") as folder:
        async with line_in(Path(folder) / "many") as line:
            share, memory, ringing = await _many(line)
        async with line_in(Path(folder) / "keys") as line:
            answers, cuts = await _keys(line)
    return Measured(share, memory, ringing, answers, cuts)


async def _many(line: Line) -> tuple[float, float, list[float]]:
    """Percent of a core a call, MB, and the milliseconds from each request to its ringing."""
    for _ in range(CALLS):
        due = monotonic() + 1 / CALLS_A_SECOND
        await line.place()
        await asyncio.sleep(max(0.0, due - monotonic()))
    telephones = await line.talking(CALLS)
    before, began = _spent(line.process), monotonic()
    await asyncio.sleep(WINDOW_SECONDS)
    share = (_spent(line.process) - before) / (monotonic() - began) / CALLS * 100
    ringing = [(each.rung_at - line.placed[each.number]) * 1000 for each in telephones]
    return share, _megabytes(line.process), ringing


async def _keys(line: Line) -> tuple[list[float], list[float]]:
    """For each key: milliseconds until the next prompt was heard, and until the old one no longer was."""
    for _ in range(TALKING):
        await line.place()
    telephones = await line.talking(TALKING)
    pressed = await asyncio.gather(*(_presses(each, index) for index, each in enumerate(telephones)))
    both = [pair for pairs in pressed for pair in pairs]
    return [answered for answered, _ in both], [cut for _, cut in both]


async def _presses(telephone: Telephone, index: int) -> list[tuple[float, float]]:
    """The first packet of a key leaves at the telephone's next one, 20 ms later at most; that is counted in."""
    found = []
    await asyncio.sleep(index * BETWEEN_KEYS_SECONDS / TALKING)
    for _ in range(KEYS):
        old, at = telephone.pitches[-1][1], monotonic()
        telephone.press("1")
        await asyncio.sleep(BETWEEN_KEYS_SECONDS)
        since = [(instant, pitch) for instant, pitch in telephone.pitches if instant >= at]
        new = [instant for instant, pitch in since if pitch != old]
        kept = [instant for instant, pitch in since if pitch == old]
        if not new:
            raise RuntimeError("a key was not heard")
        found.append(((new[0] - at) * 1000, (max(kept, default=at) - at) * 1000))
    return found


def _spent(process: int) -> float:
    """Seconds of processor time."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _megabytes(process: int) -> float:
    """What it has in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
