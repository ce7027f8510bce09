"""Texts in: kept before anything else, read once, and never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from core import clock
from ivr.models import TextIn, TextRefusal
from ivr.ports import owners
from ivr.ports.events import ReceivedText
from ivr.sms import inbound, outbound
from ivr.webhooks import reports
from tests.ivr.correspondence import DAUGHTER, STRANGER, queue, time_passes
from tests.patience import wait_for


class Reader:
    def __init__(self):
        self.read_texts, self.failures = [], []

    def read(self, session, text, wish):
        if self.failures:
            raise self.failures.pop()
        self.read_texts.append((text.number, text.body, wish))


@pytest.fixture
def reader(street):
    reading = Reader()
    with owners.using(replace(owners.current(), text_reader=reading)):
        yield reading


def test_a_text_is_kept_read_and_answered_with_nothing(street, reader):
    answer = street.write(STRANGER, "王奶奶在吗")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.text.endswith("<Response />")
    assert reader.read_texts == [(STRANGER, "王奶奶在吗", None)]
    assert [(each.number, each.body) for each in street.all(TextIn)] == [(STRANGER, "王奶奶在吗")]


def test_the_same_text_received_again_changes_nothing_and_hears_the_same(street, reader):
    first, again = (street.write(STRANGER, "1", sid="SM" + "1" * 32) for _ in range(2))
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert len(reader.read_texts) == len(street.all(TextIn)) == 1


def test_a_text_that_nobody_signed_is_refused_and_not_kept(street, reader):
    assert street.write(STRANGER, "STOP", signed=False).status_code == 403
    assert (street.all(TextIn), street.all(TextRefusal), reader.read_texts) == ([], [], [])


def test_a_text_that_cannot_be_read_is_kept_and_read_later(street, reader):
    reader.failures = [ValueError("a mistake of ours")]
    assert street.write(STRANGER, "救命").status_code == 200
    inbound.read_waiting()
    assert (reader.read_texts, len(street.unread())) == ([], 1)
    time_passes()
    inbound.read_waiting()
    assert reader.read_texts == [(STRANGER, "救命", None)]
    assert street.unread() == []


def test_one_text_that_can_never_be_read_does_not_hold_up_the_others(street, reader):
    reader.failures = [ValueError("a mistake of ours")] * 2
    street.write(STRANGER, "first")
    street.write(STRANGER, "second")
    time_passes()
    reader.failures = [ValueError("still")]
    inbound.read_waiting()
    assert len(reader.read_texts) == len(street.unread()) == 1


def test_a_text_that_the_database_cannot_take_waits_on_the_disk_and_is_read_once(street, reader, tmp_path):
    failing = [True]

    @event.listens_for(Engine, "commit")
    def fail(connection):
        if failing:
            connection.exec_driver_sql("ROLLBACK")
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    try:
        assert street.write(STRANGER, "3", sid="SM" + "3" * 32).status_code == 200
        assert len(list((tmp_path / reports.FOLDER).glob("*.json"))) == 1
    finally:
        failing.clear()
        event.remove(Engine, "commit", fail)
    wait_for(lambda: not list((tmp_path / reports.FOLDER).glob("*.json")), "the text to be stored")
    assert street.write(STRANGER, "3", sid="SM" + "3" * 32).status_code == 200
    assert reader.read_texts == [(STRANGER, "3", None)]


def test_a_text_that_nobody_told_us_of_is_learnt_from_the_provider_once(street, reader):
    now = clock.real_now()
    street.write(STRANGER, "first", sid="SM1")
    street.provider.received = [
        ReceivedText("SM0", STRANGER, "long ago", now - timedelta(days=2)),
        ReceivedText("SM1", STRANGER, "first", now),
        ReceivedText("SM2", STRANGER, "3", now - timedelta(minutes=7)),
    ]
    inbound.recover()
    inbound.recover()
    assert [body for _, body, _ in reader.read_texts] == ["first", "3"]
    [late] = street.all(TextIn, TextIn.provider_id == "SM2")
    assert clock.now() - late.received_at == pytest.approx(timedelta(minutes=7), abs=timedelta(minutes=1))


def test_stop_holds_at_once_and_start_undoes_it(street, reader):
    queue(DAUGHTER)
    street.write(DAUGHTER, "退订")
    outbound.send()
    assert street.provider.kept == []
    street.write(DAUGHTER, "恢复")
    queue(DAUGHTER, "又有消息了")
    outbound.send()
    assert [body for _, body, *_ in street.provider.kept] == ["又有消息了"]
    assert street.all(TextRefusal) == []
