"""That two processes of tests never share a port of sound."""

import subprocess
import sys

from tests.trunk.ports import ADDRESSES, BLOCKS, free_address, sipp_ports, sound_ports

SHOWN = """from tests.trunk.ports import *
print(*sipp_ports(), *(each for _ in range(BLOCKS) for each in sound_ports()), free_address().partition(":")[2])"""


def test_each_process_has_ports_of_its_own():
    ours = [*sipp_ports(), *(port for _ in range(BLOCKS) for port in sound_ports())]
    theirs = [int(each) for each in subprocess.check_output([sys.executable, "-c", SHOWN], text=True).split()]
    assert len(set(ours)) == len(ours)
    assert max(ours) < min(theirs) or max(theirs) < min(ours)


def test_an_address_is_given_once_in_many():
    given = [free_address() for _ in range(ADDRESSES // 2)]
    assert len(set(given)) == len(given)
