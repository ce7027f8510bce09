"""The service with a fate: it dies at a commit boundary, as by ``kill -9``.

The boundaries are found by instrumenting the unit of work: whoever writes, wherever, has one before its commit and one
after it. Each is told to the census; the fate (a JSON object in the environment variable ``FATE``) says when to die.
"""

import json
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from sqlalchemy import event

from campaigns.rounds.attempts import OWNER
from core import clock
from core.storage.database import Database, after_commit
from ivr.dialogue.engine import Sound
from ivr.models import Direction
from ivr.turns import turns
from zaoan.__main__ import main
from zaoan.rehearsal.judge import ANSWER_KEYS

FATE = "FATE"
HEARS_KEY = "hears_key"
BOOKKEEPING = {"lines", "ticks"}
"""Tables whose writing alone is no step of anybody's morning: the lease renewed, the tick noted."""
UNCOUNTED = ("core", "contextlib", "tests")


@dataclass(frozen=True)
class Boundary:
    """Where a unit of work commits: who opened it, which tables it wrote, and ``before`` or ``after`` its commit."""

    where: str
    tables: str
    phase: str


@dataclass(frozen=True)
class Fate:
    """Die at ``boundary`` when it has come ``passes`` times before, and in any case after so many boundaries.

    With ``keys`` the boundary is whatever unit of work is about to commit what a resident pressed, once the service has
    lived for so many real seconds (``peace``).
    """

    census: str
    boundary: Boundary | None = None
    passes: int = 0
    at_latest: int | None = None
    keys: bool = False
    peace: float = 0.0

    def is_at(self, boundary, hears_key):
        """Whether this is the boundary, be it for the first time or not."""
        if self.keys:
            return hears_key and boundary.phase == "before"
        return boundary == self.boundary


class Reaper:
    """Counts boundaries and ends this process at the one that is its fate."""

    def __init__(self, fate):
        self._fate = fate
        self._census = os.open(fate.census, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._guard = threading.Lock()
        self._passed = 0
        self._seen = 0
        self._born = monotonic()

    def meet(self, boundary, hears_key=False):
        with self._guard:
            self._seen += 1
            is_there = self._fate.is_at(boundary, hears_key) and monotonic() - self._born >= self._fate.peace
            self._passed += is_there
            dies = (is_there and self._passed > self._fate.passes) or self._seen == self._fate.at_latest
            self._tell(boundary, dies)
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)

    def _tell(self, boundary, dies):
        told = asdict(boundary) | {"killed": dies, "at": clock.real_now().isoformat()}
        os.write(self._census, (json.dumps(told) + "\n").encode())


def instrument(reaper):
    """From now on every unit of work that writes meets the reaper before and after its commit."""
    _instrument_patient(reaper)
    _instrument_hurried(reaper)
    _instrument_keys()


def _instrument_hurried(reaper):
    """Those whose caller waits may share a commit: before it each has its own end, and after it its own reply."""
    original = Database.store

    def store(database, work, *turn):
        named = getattr(work, "func", work)  # a report's is a partial
        where = f"{named.__module__}.{named.__qualname__}"

        def watched(session):
            written = _watched(session)
            result = work(session)
            hears_key = session.info.pop(HEARS_KEY, False)
            session.flush()
            if written - BOOKKEEPING:
                tables = "+".join(sorted(written))
                reaper.meet(Boundary(where, tables, "before"), hears_key)
                after_commit(session, lambda: reaper.meet(Boundary(where, tables, "after")))
            return result

        return original(database, watched, *turn)

    Database.store = store


def _instrument_keys():
    """A unit of work knows whether it hears what a resident pressed whom we rang."""
    original = turns.first_reply

    def first_reply(session, call, number, heard, position=None):
        if (call.owner, call.direction, heard.sound) == (OWNER, Direction.OUT, Sound.KEY):
            session.info[HEARS_KEY] = heard.key in ANSWER_KEYS
        return original(session, call, number, heard, position)

    turns.first_reply = first_reply


def _instrument_patient(reaper):
    original = Database.unit_of_work

    @contextmanager
    def unit_of_work(database):
        where = caller(sys._getframe(2))
        with original(database) as session:
            written = _watched(session)

            def meet(phase):
                if phase == "before":
                    session.flush()
                if written - BOOKKEEPING:
                    reaper.meet(Boundary(where, "+".join(sorted(written)), phase))

            event.listen(session, "before_commit", lambda _: meet("before"))
            event.listen(session, "after_commit", lambda _: meet("after"))
            yield session

    Database.unit_of_work = unit_of_work


def _watched(session):
    """The tables that this unit of work will have written."""
    written = set()
    event.listen(session, "after_flush", lambda session, _: written.update(flushed(session)))
    event.listen(session, "do_orm_execute", lambda state: written.update(executed(state)))
    return written


def flushed(session):
    return {
        each.__tablename__ for each in (*session.new, *session.dirty, *session.deleted) if session.is_modified(each)
    }


def executed(state):
    if not (state.is_insert or state.is_update or state.is_delete):
        return set()
    return {state.bind_mapper.local_table.name} if state.bind_mapper else set()


def caller(frame):
    """The function of the service that opened the unit of work, and the room through which it was entered."""
    while module(frame).split(".")[0] in UNCOUNTED:
        frame = frame.f_back
    innermost = outermost = frame
    while outermost.f_back and module(outermost.f_back) == module(innermost):
        outermost = outermost.f_back
    names = dict.fromkeys((innermost.f_code.co_qualname, outermost.f_code.co_qualname))
    return f"{module(innermost)}.{' < '.join(names)}"


def module(frame):
    return frame.f_globals.get("__name__", "")


def fate_of_this_process():
    content = json.loads(os.environ[FATE])
    boundary = Boundary(**content["boundary"]) if content["boundary"] else None
    return Fate(content["census"], boundary, content["passes"], content["at_latest"], content["keys"], content["peace"])


def census(path):
    """Every boundary met so far, and whether it was fatal."""
    return [(Boundary(each["where"], each["tables"], each["phase"]), each["killed"]) for each in _entries(path)]


def killed_at(path):
    """When (real time) each service was killed."""
    return [datetime.fromisoformat(each["at"]) for each in _entries(path) if each["killed"]]


def _entries(path):
    whole, _, _ = (Path(path).read_text() if Path(path).exists() else "").rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]  # the last line may be being written just now


def doomed():
    """The command line, with a fate."""
    instrument(Reaper(fate_of_this_process()))
    main()
