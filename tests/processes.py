"""Our own processes, forked from one that has loaded everything: a start costs a test no imports.

They are real processes all the same, with their own ports, signals and deaths; commands that tests type start theirs
as users do.
"""

import os
import runpy
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from audio import mouths
from audio.child import Child
from audio.voice import WORKER
from tests.patience import PATIENCE_SECONDS
from tests.running import forking
from zaoan.process import exchange_process
from zaoan.rehearsal.running import RunningService

LASTING = {"up", "web", "worker", "beat"}
"""Commands that go on until they are ended, and end by themselves when nobody waits for them any more."""


class Forked(forking.Process):
    """A process that runs ``main`` with ``words`` on its command line."""

    def __init__(self, main, words, environment, said, complained=None):
        with open(os.devnull) as nothing, said.open("a") as out, (complained or said).open("a") as errors:
            run = partial(_typed, main, [*words], {**environment})
            super().__init__(run, nothing.fileno(), out.fileno(), errors.fileno())


class ForkedModule(forking.Process):
    """What ``python -m`` would run, forked: ``command`` is the Python, ``-m``, the module, and its command line.

    ``env`` is what it finds in its environment besides.
    """

    def __init__(self, command, env=None, **_):
        reading, writing = os.pipe()
        hearing, saying = os.pipe()
        super().__init__(partial(_run, dict(env or {}), *command[2:]), reading, saying, 2)
        for each in (reading, saying):
            os.close(each)
        self.stdin, self.stdout = os.fdopen(writing, "w", encoding="utf-8"), os.fdopen(hearing, encoding="utf-8")

    def communicate(self, said, timeout=None):
        with self.stdin, self.stdout:
            self.stdin.write(said)
            self.stdin.flush()
            heard = self.stdout.read()
        self.wait(timeout)
        return heard, None


class ForkedService(RunningService):
    """``zaoan up``, forked."""

    def _started(self, words, environment, said):
        return Forked(zaoan, words, environment, said)


class ForkedVoice(Child):
    """``python -m audio.worker ENGINE``, forked."""

    def __init__(self, *words):
        self._process = _Speaking(words)


class _Speaking(forking.Process):
    def __init__(self, words):
        reading, writing = os.pipe()
        hearing, saying = os.pipe()
        super().__init__(partial(_speak, words), reading, saying, 2)
        for each in (reading, saying):
            os.close(each)
        self.stdin, self.stdout = os.fdopen(writing, "wb", 0), os.fdopen(hearing, "rb", 0)


def worker_of(command):
    """The process of a voice, forked like all others; any other ``command`` is started as it is."""
    return ForkedVoice(*command[len(WORKER) :]) if command[: len(WORKER)] == WORKER else Child(command)


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def command(*words, environment=None, timeout=4 * PATIENCE_SECONDS):
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


def _speak(words):
    from audio import worker

    sys.argv = ["audio.worker", *words]
    worker.main()


def _run(environment, module, *arguments):
    os.environ.update(environment)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _typed(main, words, environment):
    mouths.Child = worker_of
    exchange_process.Popen = ForkedModule
    RunningService._started = ForkedService._started
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["zaoan", *words]
    if words[0] in LASTING:
        sys.argv += ["--parent-pid", str(os.getppid())]
    main()
