"""That two processes of tests never share a port of sound."""

import subprocess
import sys

from tests.trunk.ports import BLOCKS, sipp_ports, sound_ports

SHOWN = (
    "from tests.trunk.ports import *; print(*sipp_ports(), *(port for _ in range(BLOCKS) for port in sound_ports()))"
)


def test_each_process_has_ports_of_its_own():
    ours = [*sipp_ports(), *(port for _ in range(BLOCKS) for port in sound_ports())]
    theirs = [int(each) for each in subprocess.check_output([sys.executable, "-c", SHOWN], text=True).split()]
    assert len(set(ours)) == len(ours)
    assert max(ours) < min(theirs) or max(theirs) < min(ours)
