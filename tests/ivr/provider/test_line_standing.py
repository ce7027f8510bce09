"""How the provider stands: silence, clocks apart, and calls of which nobody is told."""

from datetime import timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from core import clock
from core.running import troubles
from core.running.troubles import Kind
from core.storage import database
from ivr.models import Call, Ending
from ivr.provider import line_standing
from ivr.provider.station import station
from ivr.reconciliation import provider_memory
from ivr.reconciliation import sweep as sweeping
from tests.ivr.dialling_room import number_of
from tests.ivr.fake_provider import Placed
from tests.patience import wait_for

MINUTE = timedelta(minutes=1)


def known():
    with database.reading() as session:
        return {each.kind: each for each in troubles.known(session)}


@pytest.fixture
def provider(house):
    """How the provider of a house stands, asked a moment ago."""
    stands = station().standing
    stands._asked_at = monotonic()
    return stands


def ago(**by):
    return clock.real_now() - timedelta(**by)


def test_a_provider_is_silent_after_a_minute_without_an_answer_until_it_answers(provider):
    provider.failed("ConnectTimeout")
    provider.watch()
    assert known() == {}
    provider._silent_since = ago(seconds=61)
    provider.watch()
    noted = known()[Kind.PROVIDER_SILENT]
    assert dict(noted.gaps) == {"reason": "ConnectTimeout"}
    assert noted.since < ago(seconds=60)
    provider.answered(None)
    provider.watch()
    assert known() == {}


def test_a_trouble_that_nobody_notices_any_more_is_forgotten(provider):
    with database.unit_of_work() as session:
        troubles.note(session, Kind.PROVIDER_SILENT, timedelta(0), reason="a worker that has died since")
    assert known() == {}


@pytest.mark.parametrize(("seconds", "minutes"), [(0, None), (-240, None), (3600, 60), (-3600, 60)])
def test_clocks_that_are_apart_are_noticed(provider, seconds, minutes):
    provider.answered(format_datetime(ago(seconds=seconds)))
    provider.watch()
    noted = known().get(Kind.CLOCK_APART)
    assert (noted and dict(noted.gaps)["minutes"]) == minutes


@pytest.mark.parametrize("date", ["", "yesterday", None])
def test_a_provider_whose_clock_cannot_be_read_is_there_all_the_same(provider, date):
    provider.failed("HTTP 503")
    provider.answered(date)
    assert provider._silent_since is None


def untold(provider, house, ending, dialled=61):
    with database.unit_of_work() as session:
        call = session.get_one(Call, house.call_id)
        call.dialled_at = clock.now() - timedelta(seconds=dialled)
        provider.untold(session, call, ending)


def test_an_answered_call_of_which_nothing_was_told_is_noticed_until_something_is(provider, house):
    untold(provider, house, Ending.COMPLETED, dialled=30)
    assert known() == {}
    untold(provider, house, Ending.COMPLETED)
    assert dict(known()[Kind.WEBHOOKS_SILENT].gaps) == {"url": house.chosen.public_url}
    house.turn(0)
    wait_for(lambda: known() == {}, "the first request of the provider's to be recorded")
    untold(provider, house, Ending.COMPLETED)
    assert known() == {}, "something has come since that call was dialled"


def test_one_call_that_nobody_answered_may_just_have_lost_its_report(provider, house):
    untold(provider, house, Ending.NO_ANSWER)
    assert known() == {}


def test_whoever_forges_a_request_is_no_sign_of_the_provider(provider, house):
    house.post(f"/telephony/calls/{house.call_id}/turns/0", signed=False)
    assert provider._heard_at < 0


def test_calls_that_the_provider_knows_and_we_do_not_are_told_of(room, monkeypatch):
    opened = room()
    provider_memory.compare()
    assert known() == {}, "a new installation knows nothing"
    call_id = opened.queue(number_of(1))
    opened.dial_until(lambda: opened.call(call_id).provider_id, "the call to be placed")
    provider_memory.compare()
    assert known() == {}
    first = clock.real_now() + 5 * MINUTE
    opened.provider.calls += [
        Placed("CA" + "f" * 32, number_of(2), opened.line().number, created=first + MINUTE),
        Placed("CA" + "e" * 32, number_of(3), opened.line().number, created=first),
        Placed("CA" + "d" * 32, number_of(3), opened.line().number, created=first, parent="CA" + "e" * 32),
    ]
    provider_memory.compare()
    gaps = dict(known()[Kind.DATABASE_OLD].gaps)
    assert gaps["count"] == 2
    assert gaps["first"].startswith(first.isoformat(timespec="seconds")[:19])


def test_a_provider_whom_nobody_asks_is_asked_whether_it_is_there(room, monkeypatch):
    opened = room()
    opened.provider.close()
    monkeypatch.setattr(line_standing, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(line_standing, "SILENT_AFTER", timedelta(0))
    sweeping.sweep()
    assert list(known()) == [Kind.PROVIDER_SILENT]
