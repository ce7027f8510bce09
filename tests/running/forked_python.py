"""What xdist starts in place of ``python -u -c CODE``: the code runs in a process that is forked, and has all loaded.

``python -m tests.running.forked_python -u -c CODE`` ends as that process does.
"""

import os
import sys
from functools import partial

from tests.running.forking import STANDARD, Process


def run(code, environment):
    """What the forked process does."""
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c"]
    exec(code, {"__name__": "__main__"})


if __name__ == "__main__":
    from tests.running.forked_python import run  # by the name under which it is found there

    forked = Process(partial(run, sys.argv[-1], {**os.environ}), *STANDARD)
    for each in STANDARD[:2]:
        os.close(each)  # whoever listens shall notice when that one is gone
    sys.exit(forked.wait())
