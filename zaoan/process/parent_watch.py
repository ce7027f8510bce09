"""Watching whoever started this process: when they are gone, it stops too, so that nothing is left behind."""

import os
import signal
import threading
from time import sleep

LOOK_SECONDS = 1.0


def stop_without(parent: int) -> None:
    """Interrupts this process, as Ctrl-C would, once process ``parent`` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            sleep(LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
