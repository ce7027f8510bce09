"""Forks processes from one that has loaded everything, the same one for all processes of a run of the tests.

``python -m tests.running.forking ADDRESS`` is that one: it serves at a Unix socket until its standard input is closed.
As a plugin of pytest this module starts it, if there will be several processes, while the first one still loads.
"""

import atexit
import ctypes
import gc
import math
import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from multiprocessing import reduction
from multiprocessing.connection import Client, Connection
from pathlib import Path
from tempfile import mkdtemp

ADDRESS = "TESTS_FORK_AT"
LOADED = (
    "audio.engines.pyttsx3_engine",
    "audio.worker",
    "fastapi.testclient",
    "hypothesis",
    "exchange.app",
    "pgserver",
    "playwright.sync_api",
    "pyloudnorm",
    "pytest",
    "pyttsx3",
    "scipy.ndimage",
    "scipy.signal",
    "tests.faults.doomed",
    "zaoan.cli.cli",
    "zaoan.cli.processes",
    "zaoan.cli.prompts.prompt",
    "zaoan.cli.rehearsing",
    "zaoan.cli.campaigns.trials",
    "zaoan.demo.demo",
    "zaoan.process.processes",
    "zaoan.process.service",
)
STANDARD = (0, 1, 2)
PR_SET_PDEATHSIG = 1
"""The signal that a process gets when its parent dies; prctl(2)."""
_one_only = threading.Lock()


def pytest_load_initial_conftests(early_config):
    if getattr(early_config.known_args_namespace, "numprocesses", None):
        share()


def share():
    """This process, and whatever it starts, forks from the same one from now on."""
    if ADDRESS not in os.environ:
        os.environ[ADDRESS] = _own()


def folder():
    """A folder of the whole run; None outside of one."""
    return Path(os.environ[ADDRESS]).parent if ADDRESS in os.environ else None


class Process:
    """A new process that calls ``run``; ``standard`` are its input, output and error.

    ``run`` goes there by its name: a function of a module, or a ``functools.partial`` of one. It is asked what a
    ``Popen`` is asked.
    """

    def __init__(self, run, *standard):
        with _asked(("fork", pickle.dumps(run), os.nice(0))) as server:
            for each in standard:
                reduction.send_handle(server, each, None)
            self.pid = server.recv()
        self._gone = os.pidfd_open(self.pid)  # nobody has asked yet how it ended, so its number is still its own
        weakref.finalize(self, os.close, self._gone)

    def poll(self):
        """How it has ended (minus a signal's number); None while it runs."""
        return self._exit_code() if self._is_gone(0) else None

    def wait(self, timeout=None):
        if not self._is_gone(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return self._exit_code()

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def _is_gone(self, within_seconds):
        ended = select.poll()  # and not select.select, which refuses what was opened after the first 1,024 files
        ended.register(self._gone, select.POLLIN)
        return bool(ended.poll(None if within_seconds is None else math.ceil(within_seconds * 1000)))

    def _exit_code(self):
        with _asked(("exit_code", self.pid)) as server:
            return server.recv()


def _asked(what):
    server = Client(os.environ.get(ADDRESS) or _own())
    server.send(what)
    return server


def _own():
    with _one_only:
        return _started()


@cache
def _started():
    folder = mkdtemp(prefix="zaoan-forking-")
    address = str(Path(folder) / "socket")
    command = [sys.executable, "-m", "tests.running.forking", address]
    serving = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], start_new_session=True
    )
    serving.stdout.readline()  # it can be asked now, and answers when it has loaded everything
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(serving.stdin.close)
    return address


class _Server:
    def __init__(self, address):
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(address)
        self._listening.listen(64)
        self._ended = {}

    def serve(self):
        while sys.stdin not in select.select([self._listening, sys.stdin], [], [])[0]:
            become = None
            with Connection(self._listening.accept()[0].detach()) as client, suppress(EOFError, OSError):
                become = self._answer(client)  # whoever has asked may be dead by now, and nobody else shall suffer
            if become:
                self._listening.close()
                become()

    def _answer(self, client):
        """Returns what a new process has to become, in that process; None in this one."""
        match client.recv():
            case "fork", run, niceness:
                standard = [reduction.recv_handle(client) for _ in STANDARD]
                pid = os.fork()
                if not pid:
                    return partial(_become, run, standard, niceness)
                for each in standard:
                    os.close(each)
                client.send(pid)
            case "exit_code", pid:
                client.send(self._exit_code(pid))
        return None

    def _exit_code(self, pid):
        if pid not in self._ended:
            self._ended[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return self._ended[pid]


def _become(run, standard, niceness):
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a run that was killed leaves nothing running
    os.nice(niceness - os.nice(0))
    for number, each in zip(STANDARD, standard, strict=True):
        os.dup2(each, number)
        os.close(each)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout.reconfigure(line_buffering=True)
    try:
        pickle.loads(run)()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        _end(ended.code or 0)
    _end(0)


def _end(code):
    """As Python ends, without taking apart all that was loaded: that would cost each process a third of a second."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _load():
    gc.disable()
    for each in LOADED:
        import_module(each)
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    server = _Server(sys.argv[1])
    print("listening", flush=True)
    _load()
    server.serve()
