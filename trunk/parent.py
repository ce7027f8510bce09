"""The process that has started this one: whether it is still there."""

import os
from pathlib import Path


class Parent:
    """Whoever needs this process; None: nobody in particular."""

    def __init__(self, process: int | None) -> None:
        self.adopted_by(process)

    def adopted_by(self, process: int | None) -> None:
        """From now on it is this one."""
        self._process = process
        self._was_child = process is not None and os.getppid() == process

    @property
    def is_gone(self) -> bool:
        """Whether it has died."""
        if self._process is None:
            return False
        return os.getppid() != self._process if self._was_child else _is_dead(self._process)


def _is_dead(process: int) -> bool:
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
