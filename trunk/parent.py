"""The process that has started this one: whether it is still there."""

import os
from pathlib import Path


def is_gone(process: int, *, was_child: bool) -> bool:
    """Whether it has died; ``was_child``: it was our parent, and whoever is our parent now is another one."""
    if was_child:
        return os.getppid() != process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_unburied(process)


def _is_unburied(process: int) -> bool:
    """Whether it has died and nobody has waited for it, which ``kill`` does not tell and Linux does."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"
