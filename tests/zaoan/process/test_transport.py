"""Ticks and wake-ups while the broker is well, away, or silently deaf."""

import threading
from collections import Counter

import pytest
from celery import _state

from campaigns import tasks as campaigns
from campaigns.rounds.rounds import CAMPAIGNS
from core import clock
from core.errors import UserError
from core.running import installation
from core.running.installation import Purpose
from core.storage import database
from tests.broker import Broker
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import command
from zaoan.process import clock_follower, processes, wiring
from zaoan.process.clock_follower import ClockFollower
from zaoan.worker import embedded_broker, transport, watchdog
from zaoan.worker.courier import Courier
from zaoan.worker.transport import MEMORY, EmbeddedWorker, celery_app
from zaoan.worker.watchdog import Watchdog


class Transport:
    """Takes what the courier brings, as slowly as it is told to."""

    def __init__(self):
        self.open, self.sent = threading.Event(), []

    def send_task(self, name, **_):
        assert self.open.wait(PATIENCE_SECONDS)
        self.sent.append(name)


class Recorder:
    def __init__(self):
        self.noted = []

    def note(self, name):
        self.noted.append(name)

    def listen(self):
        """Nobody has to hear of the ticks of these tests."""

    def close(self):
        """It has not listened."""


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(watchdog, "SILENT_SECONDS", 0.1)
    monkeypatch.setattr(watchdog, "DEAF_SECONDS", 0.2)
    monkeypatch.setattr(watchdog, "RECONNECTED_SECONDS", 0.2)


def test_a_wake_up_never_waits_for_the_broker_and_several_become_one():
    slow = Transport()
    courier = Courier(slow)
    for _ in range(1000):  # the transport takes nothing until all of them have returned
        courier.carry("ivr.dial", 0.0)
        courier.carry("ivr.sms.outbound", 0.1)
    slow.open.set()
    wait_for(lambda: "ivr.sms.outbound" in slow.sent, "the later wake-up")
    assert 1 <= slow.sent.count("ivr.dial") <= 2
    assert slow.sent.count("ivr.sms.outbound") == 1
    courier.close()


def test_after_an_outage_the_courier_carries_again(tmp_path):
    with Broker(tmp_path) as broker:
        app = celery_app(broker.url)
        courier = Courier(app)
        courier.carry("ivr.dial", 0.0)
        wait_for(lambda: length(app) == 1, "the first wake-up")
        broker.stop()
        courier.carry("ivr.dial", 0.0)
        broker.start()
        wait_for(lambda: courier.carry("ivr.dial", 0.0) or length(app) > 0, "a wake-up after the outage")
        courier.close()


def length(app):
    with app.connection_for_read() as connection:
        return watchdog.waiting_messages(app, connection)


def test_an_application_that_only_looks_at_the_broker_does_not_run_the_tasks_of_this_process():
    celery_app("redis://127.0.0.1:1/0").tasks = {}
    assert campaigns.tick.name == CAMPAIGNS


def test_a_worker_that_hears_no_tick_ticks_by_itself(quick):
    app = celery_app("redis://127.0.0.1:1/0")
    done = threading.Event()
    app.tasks = {"alert": done.set}
    recorder = Recorder()
    watched = Watchdog(app, ("alert",), recorder, lambda: None)
    watched.start()
    wait_for(done.is_set, "the worker's own tick")
    wait_for(lambda: "alert" in recorder.noted, "the record of it")
    watched.close()


def test_a_worker_that_takes_none_of_the_waiting_messages_ends(quick, tmp_path):
    with Broker(tmp_path) as broker:
        app = celery_app(broker.url)
        ended = threading.Event()
        watched = Watchdog(app, ("alert",), Recorder(), ended.set)
        app.tasks = {"alert": lambda: None}
        watched.start()
        assert not ended.wait(0.6), "it ended although no message waits"
        Courier(app).carry("alert", 0.0)
        wait_for(ended.is_set, "the end of the deaf worker")
        watched.close()


class Watched:
    """A watchdog whose real seconds are told by the test, at a broker where messages wait or not."""

    def __init__(self, monkeypatch):
        self.told, self.messages_wait, self.ended, self._looks = 1000.0, True, threading.Event(), Counter()
        monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.001)
        monkeypatch.setattr(watchdog, "monotonic", self._monotonic)
        app = type("App", (), {"tasks": {"alert": lambda: None}})
        self.dog = Watchdog(app, ("alert",), Recorder(), self.ended.set)
        monkeypatch.setattr(self.dog, "_messages_wait", lambda: self.messages_wait)
        self.dog.start()

    def _monotonic(self):
        self._looks[self.told] += 1
        return self.told

    def pass_by(self, *steps):
        for seconds in steps:
            self.told += seconds
            wait_for(lambda: self._looks[self.told] > 8 or self.ended.is_set(), "the watchdog to look")


@pytest.fixture
def watched(monkeypatch):
    there = Watched(monkeypatch)
    yield there
    there.dog.close()


def test_a_frozen_worker_that_thaws_does_not_end_itself_and_a_deaf_one_still_does(watched):
    """A hundred seconds pass while nobody of this process runs."""
    watched.pass_by(100.0)
    assert not watched.ended.is_set()
    watched.pass_by(*[9.0] * 5)
    assert not watched.ended.is_set(), "messages have waited for 27 s before an idle worker"
    watched.pass_by(*[9.0] * 2)
    assert watched.ended.is_set(), "a deaf worker goes on"


def test_a_worker_whose_broker_was_away_for_minutes_has_time_to_come_back_by_itself(watched):
    watched.messages_wait = False
    watched.pass_by(*[9.0] * 20)
    watched.messages_wait = True
    watched.pass_by(*[9.0] * 4)
    assert not watched.ended.is_set(), "it ended while its consumer was about to try again"
    watched.pass_by(*[9.0] * 2)
    assert watched.ended.is_set(), "a deaf worker goes on"


def test_another_process_changes_the_speed_of_a_simulation_and_this_one_follows(house_settings, monkeypatch):
    monkeypatch.setattr(clock_follower, "LOOK_SECONDS", 0.02)
    house = wiring.open_house(house_settings.model_copy(update={"clock_speed": 60.0}), Purpose.DEMO)
    follower = ClockFollower()
    with database.unit_of_work() as session:
        installation.change_speed(session, 1.0)
    wait_for(lambda: clock.anchor().speed == 1.0, "the clock to follow")
    follower.close()
    house.close()


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_processes_of_many_machines_refuse_a_broker_inside_one(process, house_settings):
    with pytest.raises(UserError, match="zaoan up"):
        processes.shared_broker(house_settings)
    done = command(process)
    assert done.returncode == 2
    assert "zaoan up" in done.stderr


@pytest.fixture
def embedded(monkeypatch):
    """An application on the embedded broker with one task, which tells when it ran."""
    monkeypatch.setattr(transport, "TickRecorder", Recorder)
    app = celery_app(MEMORY)
    app.conf.beat_schedule = {}
    ran = threading.Event()

    def alert():
        ran.set()

    app.task(alert, name="alert", shared=False, lazy=False)
    monkeypatch.setattr(_state, "default_app", app)  # in the threads of the worker
    return app, ran


@pytest.fixture
def for_ever(monkeypatch):
    """A reader who has missed a message would look again after two seconds; here it sleeps on."""
    heard_since = embedded_broker._Bell.heard_since
    monkeypatch.setattr(embedded_broker._Bell, "heard_since", lambda bell, rings, _: heard_since(bell, rings, None))


@pytest.fixture
def looks(monkeypatch):
    """Each look of a reader into the embedded broker."""
    counted = []
    look = embedded_broker.Channel._get
    monkeypatch.setattr(embedded_broker.Channel, "_get", lambda self, *a, **k: counted.append(1) or look(self, *a, **k))
    return counted


def test_the_embedded_worker_sleeps_until_it_is_woken(embedded, looks, for_ever):
    app, ran = embedded
    worker = EmbeddedWorker(app)
    worker.start()
    try:
        app.send_task("alert")
        assert ran.wait(PATIENCE_SECONDS)
        looks.clear()
        ran.clear()
        assert not ran.wait(0.5)
        assert len(looks) < 10, "it looked again and again"
        for _ in range(50):
            app.send_task("alert")
            assert ran.wait(PATIENCE_SECONDS), "it slept on"
            ran.clear()
    finally:
        worker.stop()


def test_the_embedded_worker_ends_as_soon_as_it_is_told(embedded, monkeypatch):
    monkeypatch.setattr(transport, "STOP_WITHIN_SECONDS", 10 * PATIENCE_SECONDS)
    app, ran = embedded
    worker = EmbeddedWorker(app)
    worker.start()
    app.send_task("alert")
    assert ran.wait(PATIENCE_SECONDS)
    worker.stop()
    assert not worker._thread.is_alive()
