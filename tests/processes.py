"""Our own processes, forked from one that has loaded everything: a start costs a test no imports.

They are real processes all the same, with their own ports, signals and deaths; commands that tests type start theirs
as users do.
"""

import multiprocessing
import os
import subprocess
import sys

from zaoan.rehearsal.running import RunningService

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.preloaded"])


class Forked:
    """A process that runs ``main`` with ``words`` on its command line; it answers what a ``Popen`` is asked here."""

    def __init__(self, main, words, environment, said):
        self._command = words
        self._process = _forking.Process(target=_become, args=(main, words, environment, str(said)), daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._command, timeout)
        return self._process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self._process.kill()


class ForkedService(RunningService):
    """``zaoan up``, forked."""

    def _started(self, words, environment, said):
        return Forked(zaoan, words, environment, said)


def zaoan():
    """The command line."""
    from zaoan.cli import main

    main()


def _become(main, words, environment, said):
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for each in (1, 2):
        os.dup2(descriptor, each)
    sys.stdout.reconfigure(line_buffering=True)
    sys.argv = ["zaoan", *words, "--parent-pid", str(os.getppid())]
    main()
