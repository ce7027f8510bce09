"""A dialling room: the real dialler with its own database and a provider of the test's, and an owner that looks on."""

import json
import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import select, update

from core import clock
from core.settings import Telephony
from core.storage import database
from ivr import queries
from ivr.dialogue.engine import Dialogue, End
from ivr.dispatch import calls
from ivr.dispatch.dialler import Dialler
from ivr.models import Call, CallState, Urgency
from ivr.ports.owners import CallOwner
from ivr.reconciliation import sweep as sweeping
from tests.ivr.owners import also
from tests.patience import PATIENCE_SECONDS
from zaoan.process import wiring

LINES = ("+8631186009001", "+8631186009002")
SILENT = Dialogue(name="silent", language="zh-CN", first="quiet", steps={"quiet": End(prompts=())})


class Owner(CallOwner):
    """Owns the calls of a test; ``raises_for`` holds numbers whose calls it cannot even look at."""

    def __init__(self):
        self.endings, self.raises_for = {}, set()

    def still_wanted(self, session, call):
        if call.number in self.raises_for:
            raise RuntimeError("this owner has a mistake")
        return True

    def ended(self, session, call):
        self.endings[call.number] = str(call.ending)

    def was_machine(self, session, call):
        pass


class DiallingRoom:
    def __init__(self, chosen, provider, lines=1, per_second=100, at_once=500, **more):
        self.settings = chosen.model_copy(
            update={"telephony": Telephony.TWILIO, "twilio_account_sid": "AC" + "1" * 32,
                    "twilio_number": LINES[:lines], "line_calls_per_second": per_second,
                    "line_calls_at_once": at_once, "twilio_api_url": provider.url} | more
        )  # fmt: skip
        self.provider = provider
        self.database = wiring.open_house(self.settings)
        self.connected = wiring.connect(self.settings, self.settings.public_url, provider.url)
        self.owner, self.dialler = Owner(), Dialler()
        self._owners = ExitStack()
        self._owners.enter_context(also(calls={"test": self.owner}))

    def close(self):
        self._owners.close()
        self.dialler.close()
        self.connected.voice.close()
        self.database.close()

    def queue(self, number, urgency=Urgency.ROUTINE, owner="test", ring_seconds=30, lasts=timedelta(hours=1)):
        with database.unit_of_work() as session:
            now = clock.now()
            return calls.queue(session, number=number, owner=owner, dialogue=SILENT, urgency=urgency, due_at=now,
                               not_after=now + lasts, ring_seconds=ring_seconds).id  # fmt: skip

    def queue_many(self, count, **kind):
        return [self.queue(number_of(index), **kind) for index in range(count)]

    def dial_until(self, condition, what, sweep=False):
        """Ticks until it is so."""
        until = monotonic() + PATIENCE_SECONDS
        while not condition():
            assert monotonic() < until, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
            self.dialler.dial()
            if sweep:
                sweeping.sweep()
            sleep(0.02)

    def dial(self):
        """One tick, and every request answered and recorded."""
        self.dialler.dial()
        self.settle()

    @contextmanager
    def dialling(self):
        """Dials in the background; at the end nothing waits any more."""
        dialling = threading.Thread(target=self.dialler.dial)
        dialling.start()
        try:
            yield
        finally:
            with database.unit_of_work() as session:
                session.execute(update(Call).where(Call.state == CallState.QUEUED).values(state=CallState.ENDED))
            dialling.join(PATIENCE_SECONDS)
            self.settle()

    def settle(self):
        until = monotonic() + PATIENCE_SECONDS
        while self.dialler._asking.total():
            assert monotonic() < until, "a request never ended"
            sleep(0.01)

    def call(self, call_id: UUID) -> Call:
        with database.reading() as session:
            return session.get_one(Call, call_id)

    def states(self):
        with database.reading() as session:
            return {call.number: call.state for call in session.scalars(select(Call))}

    def settings_file(self):
        """The settings, for a worker process of this room."""
        path = self.settings.data_dir / "settings.json"
        chosen = self.settings.model_dump(mode="json", exclude={"twilio_auth_token", "secret_key", "twilio_number"})
        path.write_text(json.dumps(chosen | {"twilio_auth_token": "secret",
                                             "twilio_number": ",".join(self.settings.twilio_number)}))  # fmt: skip
        return path

    def line(self, index=0):
        with database.reading() as session:
            return queries.lines(session)[index]

    def change(self, call_id, **values):
        with database.unit_of_work() as session:
            call = session.get_one(Call, call_id)
            for name, value in values.items():
                setattr(call, name, value)

    def look_up_now(self, call_id):
        """As if the request's deadline had passed."""
        self.change(call_id, request_deadline=clock.real_now())
        sweeping.sweep()


def number_of(index):
    return f"+86311{86100000 + index:08d}"
