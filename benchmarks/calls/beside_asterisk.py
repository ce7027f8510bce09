"""The trunk beside Asterisk 16 on the same work: calls with a prompt playing, and a key that another prompt answers.

Both are measured as ``sip_line`` measures the trunk. Asterisk is driven over loopback by ARI; what drives it is not
counted, as the service behind the trunk is not. Asterisk tells a key when it is let go, 120 ms after it began here.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from benchmarks.asterisk import archive
from benchmarks.asterisk.ari_line import ari_line
from benchmarks.calls import sip_bench, sip_line
from benchmarks.calls.sip_line import Measured
from benchmarks.figures import Figure, percentile


def figures() -> list[Figure]:
    """The trunk's figures as multiples of Asterisk's; none, and a sentence, where there is no Asterisk."""
    root = archive.find()
    if root is None:
        print(archive.MISSING, file=sys.stderr)
        return []
    return compared(*asyncio.run(_measured(root)))


async def _measured(root: Path) -> tuple[Measured, Measured]:
    return await sip_line.measure(sip_bench.sip_line), await sip_line.measure(partial(ari_line, root))


def compared(ours: Measured, theirs: Measured) -> list[Figure]:
    """A figure for each thing that was measured."""
    calls, per_second = sip_line.CALLS, sip_line.CALLS_A_SECOND
    return [
        _figure("processor time of a call in which a prompt is playing", ours.share, theirs.share, "% of a core"),
        _figure(f"memory with {calls} calls", ours.memory, theirs.memory, "MB"),
        _of_99(f"request to ringing at {per_second:.0f} calls a second, p99", ours.ringing, theirs.ringing),
        _of_99("key to the first sound of the answering prompt, p99", ours.answers, theirs.answers),
        _of_99("key to the last sound of the prompt that it ends, p99", ours.cuts, theirs.cuts),
    ]


def _of_99(name: str, ours: list[float], theirs: list[float]) -> Figure:
    return _figure(name, percentile(ours, 99), percentile(theirs, 99), "ms")


def _figure(name: str, ours: float, theirs: float, unit: str) -> Figure:
    ratio = ours / theirs if theirs else None  # a few calls for a moment may cost less than can be counted
    return Figure(f"beside Asterisk: {name}", ours, unit, f"Asterisk 16 by ARI {theirs:.3g} {unit}", ratio)
