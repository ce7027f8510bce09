"""Placing a call: whatever the provider answers, nobody is rung twice and nobody is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from sqlalchemy import select

from contacts.models import RefusedNumber
from core import clock
from core.storage import database
from ivr.dispatch import call_off as calling_off
from ivr.dispatch import calls, claiming
from ivr.dispatch.claiming import REQUEST_MARGIN
from ivr.dispatch.placing import back_off_seconds
from ivr.dispatch.rate_limit import Pace
from ivr.models import Call, CallState, Ending, StoredDialogue, Urgency
from ivr.provider.retry_after import retry_after
from ivr.provider.station import station
from ivr.provider.twilio import adapter, rest
from ivr.provider.twilio.errors import NUMBER_FAULTS, OURSELVES
from ivr.queries import to_sweep
from ivr.reconciliation import sweep as sweeping
from tests.ivr.dialling_room import LINES, number_of
from tests.ivr.fake_provider import (
    BUSY_ALREADY,
    CUT,
    HTML,
    NO_SID,
    NOT_PLACED_500,
    PLACED_AND_CUT,
    PLACED_BUT_500,
    PLACED_TWICE_AND_CUT,
    TOO_MANY,
    Answer,
    Placed,
    refused,
)

NUMBER, OTHER = number_of(1), number_of(2)


def refused_numbers():
    with database.reading() as session:
        return {each.number: each.code for each in session.scalars(select(RefusedNumber))}


def test_a_call_that_is_accepted_carries_the_providers_id(room):
    opened = room()
    call_id = opened.queue(NUMBER)
    opened.dial()
    call = opened.call(call_id)
    assert (call.state, call.provider_id) == (CallState.PLACED, opened.provider.calls[0].sid)


@pytest.mark.parametrize("code", sorted(NUMBER_FAULTS))
def test_a_number_that_is_refused_for_good_is_marked_and_its_call_ends(room, code):
    opened = room()
    opened.provider.says(NUMBER, refused(code))
    call_id = opened.queue(NUMBER)
    opened.dial()
    assert opened.owner.endings == {NUMBER: Ending.REFUSED}
    assert opened.call(call_id).refusal_code == code
    assert refused_numbers() == {NUMBER: code}
    assert opened.line().resting_until is None


@pytest.mark.parametrize(("code", "status"), [*((code, 400) for code in sorted(OURSELVES)), (20003, 401), (20404, 404)])
def test_an_error_of_ours_marks_no_number_rests_the_line_and_says_so(room, caplog, code, status):
    opened = room()
    opened.provider.says(NUMBER, refused(code, status))
    call_id, before = opened.queue(NUMBER), clock.real_now()
    opened.dial()
    assert opened.owner.endings == {}
    assert refused_numbers() == {}
    assert opened.call(call_id).state == CallState.QUEUED
    assert opened.line().resting_until > before
    assert any(record.levelname == "ERROR" and str(code) in record.message for record in caplog.records)


@pytest.mark.parametrize("answer", [TOO_MANY, refused(20429, 403), refused(21999), Answer(0, 400, "<html>no</html>")])
def test_what_is_refused_for_now_is_tried_again_and_uses_up_nothing(room, answer):
    opened = room()
    opened.provider.says(NUMBER, answer)
    call_id, before = opened.queue(NUMBER), clock.now()
    opened.dial()
    call = opened.call(call_id)
    assert (call.state, call.refusals) == (CallState.QUEUED, 1)
    assert before + timedelta(seconds=1) <= call.due_at <= clock.now() + timedelta(seconds=2)
    opened.change(call_id, due_at=clock.now())
    opened.dial_until(lambda: opened.states()[NUMBER] == CallState.PLACED, "the second try")
    assert opened.owner.endings == {}


@pytest.mark.parametrize(
    ("urgency", "asked_for", "waits"),
    [
        (Urgency.ROUTINE, "45", 45),
        (Urgency.ROUTINE, "86400", 600),
        (Urgency.ALERT, "45", 45),
        (Urgency.ALERT, "900", 60),
    ],
)
def test_a_provider_that_asks_to_be_left_alone_for_a_while_is(room, urgency, asked_for, waits):
    opened = room()
    opened.provider.says(NUMBER, replace(TOO_MANY, headers={"Retry-After": asked_for}))
    call_id = opened.queue(NUMBER, urgency=urgency)
    opened.dial()
    call = opened.call(call_id)
    assert (call.state, call.refusals) == (CallState.QUEUED, 1)
    assert timedelta(seconds=waits - 20) < call.due_at - clock.now() <= timedelta(seconds=waits)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("0", 0), ("Mon, 23 Nov 2026 08:00:30 GMT", 30), ("Mon, 23 Nov 2026 07:00:00 GMT", 0),
     ("soon", None), ("-5", None), ("", None)],
)  # fmt: skip
def test_how_long_to_wait_is_told_in_seconds_or_as_an_instant(header, seconds):
    assert retry_after(header, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == seconds


def test_the_provider_is_told_whom_to_ask_when_our_words_cannot_be_had(room):
    opened = room()
    call_id = opened.queue(NUMBER)
    opened.dial()
    [order] = opened.provider.orders
    assert order["FallbackUrl"] == [f"{opened.settings.public_url}/telephony/calls/{call_id}/fallback"]


def test_a_provider_that_cannot_be_reached_has_placed_nothing(room):
    opened = room()
    opened.provider.close()
    call_id = opened.queue(NUMBER)
    opened.dial()
    assert opened.call(call_id).state == CallState.QUEUED


def test_a_provider_whose_name_is_unknown_has_placed_nothing(room):
    opened = room()
    opened.connected.voice.close()
    unknown = adapter.TwilioTelephony("AC" + "1" * 32, "", "http://no-such-host.invalid")
    with pytest.raises(adapter.RefusedForNowError):
        unknown.place(adapter.CallOrder(NUMBER, LINES[0], 30, *["http://x/"] * 4))


@pytest.mark.parametrize("answer", [PLACED_BUT_500, PLACED_AND_CUT])
def test_a_call_that_was_placed_although_nobody_said_so_is_adopted(room, answer):
    opened = room()
    opened.provider.says(NUMBER, answer)
    call_id = opened.queue(NUMBER)
    opened.dial()
    assert opened.call(call_id).state == CallState.DIALLING
    sweeping.sweep()
    assert opened.call(call_id).state == CallState.DIALLING, "it is too early to say what became of it"
    opened.look_up_now(call_id)
    call = opened.call(call_id)
    assert (call.state, call.provider_id) == (CallState.PLACED, opened.provider.calls[0].sid)
    assert len(opened.provider.requests) == 1


@pytest.mark.parametrize("answer", [NOT_PLACED_500, Answer(0, 201, CUT), HTML, NO_SID, Answer(0, 201, "[]")])
def test_a_call_that_was_certainly_not_placed_is_dialled_again(room, answer):
    opened = room()
    opened.provider.says(NUMBER, answer)
    call_id = opened.queue(NUMBER)
    opened.dial()
    assert opened.call(call_id).state == CallState.DIALLING
    opened.look_up_now(call_id)
    assert opened.call(call_id).state == CallState.QUEUED
    opened.dial_until(lambda: opened.states()[NUMBER] == CallState.PLACED, "the second try")
    assert len(opened.provider.calls) == 1


def test_a_call_that_is_found_and_has_ended_is_not_waited_for(room):
    opened = room()
    opened.provider.says(NUMBER, replace(PLACED_BUT_500, call_status="busy"))
    call_id = opened.queue(NUMBER)
    opened.dial()
    opened.look_up_now(call_id)
    assert (opened.call(call_id).state, opened.owner.endings) == (CallState.ENDED, {NUMBER: Ending.BUSY})


@pytest.mark.parametrize("hours", [-5, 0, 8, 14])
def test_a_call_is_found_wherever_the_clock_stands_by_which_the_provider_tells_the_time(room, hours):
    opened = room()
    opened.provider.dated = lambda at: format_datetime(at.astimezone(timezone(timedelta(hours=hours))))
    opened.provider.says(NUMBER, PLACED_BUT_500)
    call_id = opened.queue(NUMBER)
    opened.dial()
    opened.look_up_now(call_id)
    opened.dial()
    assert opened.call(call_id).provider_id == opened.provider.calls[0].sid
    assert len(opened.provider.requests) == 1, "it would have been rung twice"


@pytest.mark.parametrize("hours", [-5, 8])
def test_an_older_call_is_not_taken_for_ours_wherever_that_clock_stands(room, hours):
    opened = room()
    opened.provider.dated = lambda at: format_datetime(at.astimezone(timezone(timedelta(hours=hours))))
    opened.provider.calls.append(Placed("CA" + "f" * 32, NUMBER, LINES[0], age=timedelta(minutes=30)))
    opened.provider.says(NUMBER, CUT)
    call_id = opened.queue(NUMBER)
    opened.dial()
    opened.look_up_now(call_id)
    assert (opened.call(call_id).provider_id, opened.call(call_id).state) == (None, CallState.QUEUED)


@pytest.mark.parametrize("date", ["yesterday", "", 1790000000, "2026-11-28T08:00:00Z"])
def test_a_date_that_nobody_can_read_leaves_the_call_uncertain_and_nobody_is_rung_again(room, date):
    opened = room()
    opened.provider.dated = lambda at: date
    opened.provider.says(NUMBER, CUT)
    call_id = opened.queue(NUMBER)
    opened.provider.calls.append(Placed("CA" + "f" * 32, NUMBER, LINES[0]))
    opened.dial()
    opened.look_up_now(call_id)
    opened.dial()
    assert (opened.call(call_id).state, len(opened.provider.requests)) == (CallState.DIALLING, 1)


def test_a_call_that_another_worker_has_just_claimed_is_not_ended_because_its_time_is_over(room, monkeypatch):
    opened = room()
    call_id = opened.queue(NUMBER)
    opened.dial()
    monkeypatch.setattr(to_sweep, "too_late", lambda *_: [call_id])
    claiming.end_expired()
    assert opened.call(call_id).state == CallState.PLACED


def test_the_call_before_is_not_taken_for_one_that_was_not_placed(room):
    opened = room()
    first = opened.queue(NUMBER)
    opened.dial()
    with database.unit_of_work() as session:
        calls.end(session, first, Ending.BUSY)
    opened.provider.says(NUMBER, NOT_PLACED_500)
    second = opened.queue(NUMBER)
    opened.dial()
    opened.look_up_now(second)
    assert (opened.call(second).state, opened.call(second).provider_id) == (CallState.QUEUED, None)
    assert opened.provider.updates == []


@pytest.mark.parametrize("places", [0, 1])
def test_a_request_that_times_out_is_looked_up(room, monkeypatch, places):
    monkeypatch.setattr(rest, "READ_TIMEOUT_SECONDS", 0.5)
    opened = room()
    opened.provider.says(NUMBER, Answer(places, after=2, body={}))
    call_id = opened.queue(NUMBER)
    opened.dial()
    opened.look_up_now(call_id)
    assert opened.call(call_id).state == (CallState.PLACED if places else CallState.QUEUED)


def test_a_request_is_over_before_its_call_can_count_as_not_placed():
    assert timedelta(seconds=adapter.REQUEST_TIMEOUT_SECONDS) < REQUEST_MARGIN
    assert rest.CONNECT_TIMEOUT_SECONDS + rest.READ_TIMEOUT_SECONDS <= adapter.REQUEST_TIMEOUT_SECONDS


def test_a_call_that_has_ended_in_the_very_answer_is_not_lost(room):
    opened = room()
    opened.provider.says(NUMBER, BUSY_ALREADY)
    opened.queue(NUMBER)
    opened.dial()
    assert opened.owner.endings == {NUMBER: Ending.BUSY}


def test_of_two_calls_placed_for_one_the_living_is_kept_and_the_other_hung_up(room):
    opened = room()
    opened.provider.says(NUMBER, PLACED_TWICE_AND_CUT)
    call_id = opened.queue(NUMBER)
    opened.dial()
    dead, living = opened.provider.calls
    dead.age, dead.status = timedelta(seconds=5), "failed"
    opened.provider.calls.append(Placed("CAthird", NUMBER, LINES[0], age=timedelta(seconds=-5)))
    opened.look_up_now(call_id)
    assert opened.call(call_id).provider_id == living.sid
    assert {sid for sid, _ in opened.provider.updates} == {dead.sid, "CAthird"}


def test_the_call_is_found_behind_other_pages_and_old_calls_and_legs_are_not_taken_for_it(room):
    opened = room(page_size=2)
    opened.provider.says(NUMBER, PLACED_AND_CUT)
    call_id = opened.queue(NUMBER)
    opened.dial()
    ours = opened.provider.calls[0].sid
    for index in range(5):
        opened.provider.calls.append(Placed(f"CAold{index}", NUMBER, LINES[0], age=timedelta(days=1)))
    opened.provider.calls.append(Placed("CAleg", NUMBER, LINES[0], parent="CAparent"))
    opened.look_up_now(call_id)
    assert opened.call(call_id).provider_id == ours


def test_a_call_that_cannot_be_looked_up_holds_no_other_up(room):
    opened = room()
    ids = {}
    for number in (NUMBER, OTHER):
        opened.provider.says(number, PLACED_AND_CUT)
        ids[number] = opened.queue(number)
    opened.dial()
    opened.provider.lists_nothing_for.add(NUMBER)
    for call_id in ids.values():
        opened.change(call_id, request_deadline=clock.real_now())
    sweeping.sweep()
    assert opened.states() == {NUMBER: CallState.DIALLING, OTHER: CallState.PLACED}
    assert opened.call(ids[NUMBER]).request_deadline > clock.real_now()
    opened.provider.lists_nothing_for.clear()
    opened.look_up_now(ids[NUMBER])
    assert opened.call(ids[NUMBER]).provider_id


def test_a_worker_that_fell_behind_does_not_touch_its_successors_claim(room):
    opened = room()
    call_id = opened.queue(NUMBER)
    before = clock.real_now() - timedelta(seconds=30)
    opened.change(call_id, state=CallState.DIALLING, requested_at=clock.real_now(), line_id=opened.line().id)
    with database.unit_of_work() as session:
        calls.give_back(session, call_id, before, clock.now())
        calls.put_off(session, call_id, before, clock.now())
        assert not calls.is_claimed(session, call_id, before)
    assert opened.call(call_id).state == CallState.DIALLING


def test_a_call_that_was_given_back_too_early_and_then_reported_is_not_dialled_again(room):
    opened = room()
    call_id = opened.queue(NUMBER)
    with database.unit_of_work() as session:
        assert calls.adopt(session, session.get_one(calls.Call, call_id), "CAlate")
    opened.dial()
    assert opened.call(call_id).state == CallState.PLACED
    assert opened.provider.requests == []


def test_a_claim_that_was_held_up_is_not_sent(room, monkeypatch):
    opened = room()
    monkeypatch.setattr("ivr.dispatch.claiming.SEND_WITHIN", timedelta(seconds=-1))
    call_id = opened.queue(NUMBER)
    opened.dialler._dial_on(opened.line())
    opened.settle()
    assert opened.call(call_id).state == CallState.QUEUED
    assert opened.provider.requests == []


def test_a_number_that_rings_after_all_is_not_marked_any_more(room):
    opened = room()
    opened.provider.says(NUMBER, refused(21211))
    opened.queue(NUMBER)
    opened.dial()
    assert refused_numbers() == {NUMBER: 21211}
    opened.queue(NUMBER)
    opened.dial()
    assert refused_numbers() == {}


def test_a_call_that_was_withdrawn_while_the_provider_was_asked_for_it_is_cancelled(room, monkeypatch):
    opened = room()
    call_id, telephony = opened.queue(NUMBER), station().telephony
    place = telephony.place

    def placed_too_late(order):
        placed = place(order)
        with database.unit_of_work() as session:
            calls.end(session, call_id, Ending.WITHDRAWN)
        return placed

    monkeypatch.setattr(telephony, "place", placed_too_late)
    opened.dial()
    [placed] = opened.provider.calls
    assert opened.provider.updates == [(placed.sid, "canceled")]
    assert opened.call(call_id).ending == Ending.WITHDRAWN


@pytest.mark.parametrize("poison", ["owner", "nobody", "dialogue"])
def test_a_call_that_nobody_can_make_sense_of_holds_no_other_up(room, caplog, poison):
    opened = room()
    call_id = opened.queue(NUMBER, owner="nobody" if poison == "nobody" else "test")
    if poison == "owner":
        opened.owner.raises_for.add(NUMBER)
    if poison == "dialogue":
        with database.unit_of_work() as session:
            session.add(StoredDialogue(digest=b"broken", text='{"name": "broken"}', used_at=clock.real_now()))
        opened.change(call_id, particulars="[]", dialogue_digest=b"broken")
    opened.queue(OTHER)
    opened.dial()
    assert opened.states() == {NUMBER: CallState.ENDED, OTHER: CallState.PLACED}
    assert opened.call(call_id).ending == Ending.FAILED
    assert str(call_id) in caplog.text


def test_a_call_whose_time_is_over_ends_also_when_no_line_can_dial(room):
    opened = room()
    opened.queue(NUMBER, lasts=timedelta(0))
    sweeping.sweep()
    assert opened.owner.endings == {NUMBER: Ending.NOT_WANTED}


def test_no_call_is_placed_so_late_that_it_would_ring_when_nobody_may_be_rung(room):
    opened = room()
    opened.queue(NUMBER, ring_seconds=60, lasts=timedelta(seconds=110))
    opened.queue(OTHER, ring_seconds=60, lasts=timedelta(seconds=130))
    opened.dial()
    assert opened.states() == {NUMBER: CallState.ENDED, OTHER: CallState.PLACED}


def test_a_call_that_the_provider_still_queues_when_nobody_may_be_rung_is_cancelled(room):
    opened = room()
    ids = [opened.queue(number) for number in (NUMBER, OTHER)]
    opened.dial()
    by_number = {call.to: call for call in opened.provider.calls}
    by_number[OTHER].status = "in-progress"
    for call_id in ids:
        opened.change(call_id, cancel_at=clock.now())
    sweeping.sweep()
    assert by_number[NUMBER].status == "canceled"
    assert by_number[OTHER].status == "in-progress"
    assert [status for _, status in opened.provider.updates] == ["canceled"] * 2
    sweeping.sweep()
    assert len(opened.provider.updates) == 2  # not asked again at every tick


def test_tries_come_ever_later_and_never_all_at_once():
    for urgency, longest in ((Urgency.ALERT, 10), (Urgency.ROUTINE, 60)):
        seconds = [back_off_seconds(refused, urgency, 1.0) for refused in range(12)]
        assert seconds == sorted(seconds)
        assert seconds[-1] == longest
        assert back_off_seconds(3, urgency, 0.0) == seconds[3] / 2


@pytest.fixture
def held_up(monkeypatch):
    """What happens between a claim and its request."""
    meanwhile = []

    def held(_, *, leave=Pace.leave):
        leave(_)
        for happens in meanwhile:
            happens()

    monkeypatch.setattr(Pace, "leave", held)
    return meanwhile


def call_off(call_id, how):
    with database.unit_of_work() as session:
        return how(session, session.get_one(Call, call_id))


@pytest.mark.parametrize("how", [calling_off.keep_undialled, calling_off.call_off])
def test_a_call_that_is_called_off_between_its_claim_and_its_request_is_never_dialled(room, held_up, how):
    opened = room()
    call_id = opened.queue(NUMBER)
    held_up.append(lambda: call_off(call_id, how))
    opened.dial()
    assert opened.provider.calls == []
    opened.dial_until(lambda: opened.owner.endings, "the call to end", sweep=True)
    assert opened.owner.endings == {NUMBER: Ending.NOT_WANTED}
    assert opened.provider.calls == []


def test_a_call_that_is_called_off_in_the_queue_ends_at_once(room):
    opened = room()
    call_id = opened.queue(NUMBER)
    assert call_off(call_id, calling_off.keep_undialled)
    opened.dial()
    assert (opened.owner.endings, opened.provider.calls) == ({NUMBER: Ending.NOT_WANTED}, [])


def test_a_telephone_that_rings_goes_on_or_is_cancelled_as_was_asked(room, monkeypatch):
    opened, cancelled = room(), []
    monkeypatch.setattr(station().telephony, "cancel", cancelled.append)
    call_id = opened.queue(NUMBER)
    opened.dial()
    assert not call_off(call_id, calling_off.keep_undialled)
    sweeping.sweep()
    assert cancelled == []
    assert not call_off(call_id, calling_off.call_off)
    sweeping.sweep()
    assert cancelled == [opened.call(call_id).provider_id]
    assert opened.call(call_id).state == CallState.PLACED


def test_a_call_that_was_answered_is_not_cancelled(room, monkeypatch):
    opened, cancelled = room(), []
    monkeypatch.setattr(station().telephony, "cancel", cancelled.append)
    call_id = opened.queue(NUMBER)
    opened.dial()
    opened.change(call_id, answered_at=clock.now())
    assert not call_off(call_id, calling_off.call_off)
    sweeping.sweep()
    assert cancelled == []
