"""Our own processes, forked from one that has loaded everything: a start costs a test no imports.

They are real processes all the same, with their own ports, signals and deaths; commands that tests type start theirs
as users do.
"""

import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.child import Child
from zaoan.rehearsal.running import RunningService

LASTING = {"up", "web", "worker", "beat"}
"""Commands that go on until they are ended, and end by themselves when nobody waits for them any more."""

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.preloaded"])


class Forked:
    """A process that runs ``main`` with ``words`` on its command line; it answers what a ``Popen`` is asked here."""

    def __init__(self, main, words, environment, said, complained=None):
        self._command = words
        written = (str(said), str(complained or said))
        self._process = _forking.Process(target=_become, args=(main, words, environment, written), daemon=True)
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


class ForkedVoice(Child):
    """``python -m audio.worker``, forked."""

    def __init__(self):
        self._process = _Speaking()


class _Speaking:
    """What a ``Child`` asks of its ``Popen``."""

    def __init__(self):
        orders, self.stdin = _forking.Pipe(duplex=False)
        self.stdout, answers = _forking.Pipe(duplex=False)
        self._process = _forking.Process(target=_become_voice, args=(orders, answers), daemon=True)
        self._process.start()
        self.pid, self.kill, self.wait = self._process.pid, self._process.kill, self._process.join
        orders.close()
        answers.close()


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def command(*words, environment=None, timeout=120):
    """Types ``zaoan`` and these words, and waits for the end of it."""
    with TemporaryDirectory(prefix="zaoan-command-") as directory:
        said, complained = Path(directory) / "said", Path(directory) / "complained"
        running = Forked(zaoan, words, environment or dict(os.environ), said, complained)
        try:
            exit_code = running.wait(timeout)
        finally:
            running.kill()
        return Done(exit_code, said.read_text("utf-8"), complained.read_text("utf-8"))


def zaoan():
    """The command line."""
    from zaoan.__main__ import main

    main()


def _become_voice(orders, answers):
    from audio import worker

    os.setsid()
    os.dup2(orders.fileno(), 0)
    os.dup2(answers.fileno(), 1)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    worker.main()


def _become(main, words, environment, written):
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    for standard, path in zip((1, 2), written, strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), standard)
    sys.stdout.reconfigure(line_buffering=True)
    sys.argv = ["zaoan", *words]
    if words[0] in LASTING:
        sys.argv += ["--parent-pid", str(os.getppid())]
    main()
