"""A community that runs Zao'an by the README: its commands, typed as they stand there, day after day."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import requests
from openpyxl import Workbook

from zaoan.process.ports import any_free_port
from zaoan.rehearsal.wire import read_wire

ROOT = Path(__file__).parents[2]
PATIENCE = 300
"""Real seconds after which a story hangs; whatever is waited for usually comes within a few."""
FASTER, FAST = 14, 4
"""People's time; waits between attempts are skipped, and a busy machine has time enough for what happens."""


def blocks(chapter, heading):
    """The command lines of each block of code below a heading of the README (and before the next one of its rank)."""
    text = (ROOT / "README.md").read_text("utf-8")
    below = text.split(f"{chapter} {heading}\n", 1)[1].split(f"\n{chapter} ", 1)[0]
    written = [block.split("\n", 1)[1] for block in below.split("```")[1::2]]
    return [[line for line in block.splitlines() if line.strip()] for block in written]


def write_list(path, header, rows):
    """A spreadsheet as an office has it."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)


class Community:
    """One installation in a folder of its own, with a terminal in it."""

    def __init__(self, folder, language, evening):
        self.folder = folder
        port, self.exchange = any_free_port(), f"http://127.0.0.1:{any_free_port()}"
        self.page = f"http://127.0.0.1:{port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZAOAN_")}
        self.environment = inherited | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ZAOAN_LANGUAGE": language,
            "ZAOAN_PORT": str(port),
            "ZAOAN_PUBLIC_URL": self.page,
            "ZAOAN_EXCHANGE_URL": self.exchange,
            "ZAOAN_VOICE": "provider",
            "ZAOAN_LINE_CALLS_PER_SECOND": "30",
            "ZAOAN_LINE_CALLS_AT_ONCE": "12",
            "ZAOAN_CLOCK_START": evening.isoformat(),
        }
        self.up = None

    def type(self, line, exits=0):
        """Types one line at the prompt; returns what it printed."""
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=PATIENCE, check=False)  # fmt: skip
        assert done.returncode == exits, (line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, (line, done.stderr)
        self.environment.pop("ZAOAN_CLOCK_START", None)  # it has been used, and the story turns the clock from now on
        return done.stdout + done.stderr

    def start(self, line):
        """Types a line that goes on, and waits until it says that all is well."""
        self._rehearse()
        with (self.folder / "up.log").open("w") as said:
            self.up = subprocess.Popen(["bash", "-c", f"exec {line}"], cwd=self.folder, env=self.environment,
                                       stdout=said, stderr=said, start_new_session=True)  # fmt: skip
        self.until(self._is_ready, "the service")

    def stop(self):
        """Ctrl-C."""
        if self.up is not None:
            self.up.send_signal(signal.SIGINT)
            self.up.wait(PATIENCE)

    def people(self, subscribers):
        """How everybody behaves at the telephone."""
        requests.put(f"{self.exchange}/exchange/subscribers", json=subscribers, timeout=30).raise_for_status()

    def at(self, instant):
        """Lets the time until then pass at once, without anything happening; the clock then runs at real speed."""
        self._tempo(1)
        self._anchor(instant)

    def hurry_until(self, condition, what):
        """From now on time passes quickly, and waits between two attempts at once, until something is so.

        Not so quickly while somebody who is unwell waits for a helper: after five minutes they are rung back, which a
        busy machine can need for what takes the helper seconds.
        """
        waits = None

        def is_so():
            nonlocal waits
            before, waits = waits, self._somebody_unwell_waits()
            if waits != before:
                self._tempo(FAST if waits else FASTER)
            if not waits:
                self._skip_wait()
            return condition()

        self.until(is_so, what)

    def until(self, condition, what):
        """Waits until something is so."""
        until = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < until, f"{what} did not come\n{(self.folder / 'up.log').read_text()}"
            assert self.up is None or self.up.poll() is None, (self.folder / "up.log").read_text()
            sleep(0.2)

    def rounds(self):
        """How many rounds there have been, and how many of them are complete."""
        return self._ask("SELECT count(*), count(completed_at) FROM rounds")[0]

    def open_cases(self):
        """Cases that nobody has taken."""
        return self._ask("SELECT count(*) FROM cases WHERE state = 'open'")[0][0]

    def _somebody_unwell_waits(self):
        return self._ask("SELECT count(*) FROM cases WHERE state = 'open' AND kind = 'unwell'")[0][0] > 0

    def rung(self):
        """The telephone of every call that was placed so far, in their order."""
        return [call.number for call in read_wire(self.folder / "var" / "exchange.jsonl") if not call.inbound]

    def _skip_wait(self):
        """Where nobody is on the telephone and the next attempt is minutes away, it is there."""
        [(under_way,)] = self._ask("SELECT count(*) FROM calls WHERE state != 'ended'")
        [(next_attempt,)] = self._ask("SELECT min(next_attempt_at) FROM check_ins")
        if next_attempt and not under_way:
            at = datetime.fromisoformat(next_attempt).replace(tzinfo=UTC)
            if at - self._now() > timedelta(minutes=2):
                self.at(at)
                self._tempo(FASTER)

    def _now(self):
        [anchored] = self._ask("SELECT clock_real, clock_start, clock_speed FROM installation")
        real, start = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in anchored[:2])
        return start + (datetime.now(UTC) - real) * anchored[2]

    def _is_ready(self):
        try:
            return requests.get(f"{self.page}/readyz", timeout=30).ok
        except requests.ConnectionError:
            return False

    def _tempo(self, speed):
        answer = requests.put(f"{self.exchange}/exchange/tempo", json={"speed": speed}, timeout=30)
        answer.raise_for_status()

    def _rehearse(self):
        """People of a story answer their telephones only where nobody real could be meant."""
        self._change("UPDATE installation SET purpose = 'rehearsal'")

    def _anchor(self, instant):
        values = [f"{each.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for each in (datetime.now(UTC), instant)]
        self._change("UPDATE installation SET clock_real = ?, clock_start = ?, clock_speed = 1", *values)

    def _ask(self, question):
        with closing(sqlite3.connect(self.folder / "var" / "zaoan.db", timeout=60)) as connection:
            return connection.execute(question).fetchall()

    def _change(self, statement, *values):
        with closing(sqlite3.connect(self.folder / "var" / "zaoan.db", timeout=60)) as connection, connection:
            connection.execute(statement, values)


def leave(community):
    """Nothing is left behind."""
    community.stop()
    shutil.rmtree(community.folder, ignore_errors=True)
