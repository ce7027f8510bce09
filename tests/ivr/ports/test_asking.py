"""The contract of the port, for every adapter: what is asked of a provider, and how that may fail."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ivr.models import Ending, TextState
from ivr.ports.events import Keys, LegReport, RecordingReport, Words
from ivr.ports.provider import (
    CallOrder,
    OptedOutError,
    OurFaultError,
    RefusedForGoodError,
    RefusedForNowError,
    UncertainError,
)
from ivr.provider.sip.adapter import SipTelephony
from tests.ivr.ports.bench import OURS, WAIT_SECONDS, Fate

GRANNY, GRANDPA, SECOND_LINE = "+8613800000001", "+8613800000002", "+8631186009002"
URL, STATUS = "https://us.example/telephony/calls/1/turns/0", "https://us.example/telephony/texts/1/status"
NETWORKS_ENDINGS = [Ending.COMPLETED, Ending.BUSY, Ending.NO_ANSWER, Ending.FAILED, Ending.CANCELLED]
OFFSETS = [timezone(timedelta(hours=hours)) for hours in (-8, 0, 5.75, 14)]


def order(to=GRANNY, from_=OURS, machine_url="https://us.example/machine"):
    return CallOrder(to, from_, 30, URL, "https://us.example/status", machine_url, "https://us.example/fallback")


def ago(**by):
    return datetime.now(UTC) - timedelta(**by)


@pytest.mark.parametrize("machine_url", [None, "https://us.example/machine"])
def test_a_call_that_was_placed_is_known_from_then_on(telephony, machine_url):
    placed = telephony.place(order(machine_url=machine_url))
    assert (placed.to, placed.from_, placed.ending, placed.by_machine) == (GRANNY, OURS, None, False)
    assert placed.provider_id
    assert placed.created_at > ago(minutes=1)
    assert telephony.look_up(placed.provider_id) == placed
    assert telephony.calls_since(GRANNY, OURS, ago(minutes=1)) == [placed]
    assert telephony.newest_calls(OURS) == [placed]


PLACING = {
    Fate.REFUSED_FOR_GOOD: (RefusedForGoodError, 0),
    Fate.REFUSED_FOR_NOW: (RefusedForNowError, 0),
    Fate.ASKED_TO_WAIT: (RefusedForNowError, 0),
    Fate.OUR_FAULT: (OurFaultError, 0),
    Fate.LOST_BEFORE: (UncertainError, 0),
    Fate.LOST_AFTER: (UncertainError, 1),
}


@pytest.mark.parametrize(("fate", "error", "placed"), [(fate, *what) for fate, what in PLACING.items()])
def test_a_request_that_fails_says_whether_anything_can_have_come_of_it(bench, fate, error, placed):
    bench.next_request(GRANNY, fate)
    with pytest.raises(error) as raised:
        bench.telephony.place(order())
    assert type(raised.value) is error
    assert bench.calls_to(GRANNY) == placed
    assert len(bench.telephony.calls_since(GRANNY, OURS, ago(minutes=1))) == placed
    if error is RefusedForGoodError:
        assert raised.value.code > 0
    if error is RefusedForNowError:
        assert raised.value.wait_seconds == (WAIT_SECONDS if fate is Fate.ASKED_TO_WAIT else 0)
    assert bench.telephony.place(order()).ending is None, "the next one is not concerned"


ASKING = {
    "look up": lambda telephony: telephony.look_up("1"),
    "newest": lambda telephony: telephony.newest_calls(OURS),
    "since": lambda telephony: telephony.calls_since(GRANNY, OURS, ago(minutes=1)),
    "requests": lambda telephony: telephony.requests_of("1"),
    "hang up": lambda telephony: telephony.hang_up("1"),
    "cancel": lambda telephony: telephony.cancel("1"),
    "redirect": lambda telephony: telephony.redirect("1", URL),
    "fetch": lambda telephony: telephony.fetch_recording("1"),
    "delete": lambda telephony: telephony.delete_recording("1"),
    "place": lambda telephony: telephony.place(order()),
}


ASKING_FOR_TEXTS = {
    "texts": lambda telephony: telephony.texts_since(GRANNY, OURS, ago(minutes=1)),
    "text": lambda telephony: telephony.look_up_text("1"),
    "received": lambda telephony: telephony.texts_received(OURS, ago(minutes=1)),
    "send": lambda telephony: telephony.send_text(GRANNY, OURS, "您好", STATUS),
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_of_a_provider_that_does_not_answer_nothing_is_concluded(bench, ask):
    nothing_is_concluded(bench, ask)


@pytest.mark.parametrize("ask", ASKING_FOR_TEXTS.values(), ids=ASKING_FOR_TEXTS)
def test_of_a_provider_that_does_not_answer_no_text_is_known(texting, ask):
    nothing_is_concluded(texting, ask)


def nothing_is_concluded(bench, ask):
    assert bench.telephony.is_there()
    bench.goes_down()
    with pytest.raises((RefusedForNowError, UncertainError)):
        ask(bench.telephony)
    with pytest.raises(RefusedForNowError):
        ask(bench.unreachable)
    assert not bench.telephony.is_there()
    assert not bench.unreachable.is_there()


def test_a_call_that_the_provider_does_not_know_is_none(telephony):
    assert telephony.look_up("CA" + "9" * 32) is None
    assert list(telephony.requests_of("CA" + "9" * 32)) == []


@pytest.mark.parametrize("ending", NETWORKS_ENDINGS)
def test_a_call_that_has_ended_says_how(bench, ending):
    call = bench.telephony.place(order()).provider_id
    bench.has_ended(call, ending)
    known = bench.telephony.look_up(call)
    assert (known.ending, known.by_machine) == (ending, False)


def test_a_call_that_lives_has_no_ending_and_one_that_a_machine_answered_says_so(bench):
    call = bench.telephony.place(order()).provider_id
    bench.is_answered(call)
    assert bench.telephony.look_up(call).ending is None
    bench.has_ended(call, Ending.COMPLETED, by_machine=True)
    assert bench.telephony.look_up(call).by_machine


def test_what_nobody_has_answered_is_cancelled_and_a_conversation_goes_on(bench):
    rings, talks = (bench.telephony.place(order(to)).provider_id for to in (GRANNY, GRANDPA))
    bench.is_answered(talks)
    for call in (rings, talks, rings):
        bench.telephony.cancel(call)
    assert bench.telephony.look_up(rings).ending is Ending.CANCELLED
    assert bench.telephony.look_up(talks).ending is None


def test_a_call_is_hung_up_whatever_its_state_and_one_that_has_ended_stays_as_it_ended(bench):
    rings, talks, over = (bench.telephony.place(order(to)).provider_id for to in (GRANNY, GRANDPA, SECOND_LINE))
    bench.is_answered(talks)
    bench.has_ended(over, Ending.BUSY)
    for call in (rings, talks, over, talks, "CA" + "9" * 32):
        bench.telephony.hang_up(call)
    assert bench.telephony.look_up(rings).ending is not None
    assert bench.telephony.look_up(talks).ending is Ending.COMPLETED
    assert bench.telephony.look_up(over).ending is Ending.BUSY


def test_a_conversation_goes_on_elsewhere_and_one_that_is_over_nowhere(bench):
    talks, over = (bench.telephony.place(order(to)).provider_id for to in (GRANNY, GRANDPA))
    bench.is_answered(talks)
    bench.has_ended(over, Ending.COMPLETED)
    for call in (talks, over):
        bench.telephony.redirect(call, URL)
    assert (bench.sent_to(talks), bench.sent_to(over)) == ([URL], [])


def test_calls_are_found_by_both_numbers_and_their_age(bench):
    ours = bench.has_called(GRANNY, age=timedelta(minutes=10))
    bench.has_called(GRANNY, age=timedelta(hours=2))
    bench.has_called(GRANDPA)
    bench.has_called(GRANNY, from_=SECOND_LINE)
    bench.has_called(GRANNY, is_leg=True)
    assert [each.provider_id for each in bench.telephony.calls_since(GRANNY, OURS, ago(minutes=20))] == [ours]
    assert bench.telephony.calls_since("+8613800000009", OURS, ago(days=1)) == []


def test_the_newest_calls_of_a_line_are_those_it_made_without_legs(bench):
    first, second = bench.has_called(GRANNY, age=timedelta(minutes=2)), bench.has_called(GRANDPA)
    bench.has_called(GRANNY, from_=SECOND_LINE)
    bench.has_called(GRANNY, is_leg=True)
    assert {each.provider_id for each in bench.telephony.newest_calls(OURS)} == {first, second}


@pytest.mark.parametrize("zone", OFFSETS, ids=str)
def test_instants_are_the_same_wherever_the_provider_stands(bench, zone):
    bench.writes_instants(zone)
    bench.has_called(GRANNY, age=timedelta(hours=1))
    young = bench.has_called(GRANNY, age=timedelta(minutes=4))
    [found] = bench.telephony.calls_since(GRANNY, OURS, ago(minutes=10))
    assert found.provider_id == young
    assert abs(found.created_at - ago(minutes=4)) < timedelta(minutes=1)
    assert bench.telephony.look_up(young).created_at == found.created_at


@pytest.mark.parametrize("zone", OFFSETS, ids=str)
def test_instants_of_texts_are_the_same_wherever_the_provider_stands(texting, zone):
    texting.writes_instants(zone)
    text = texting.telephony.send_text(GRANNY, OURS, "您好", STATUS)
    texting.writes(GRANNY, "我很好", age=timedelta(minutes=4))
    [sent], [received] = (texting.telephony.texts_since(GRANNY, OURS, ago(minutes=10)),
                          texting.telephony.texts_received(OURS, ago(minutes=10)))  # fmt: skip
    assert sent.provider_id == text
    assert abs(sent.created_at - ago(minutes=0)) < timedelta(minutes=1)
    assert abs(received.created_at - ago(minutes=4)) < timedelta(minutes=1)
    assert texting.telephony.texts_received(OURS, ago(minutes=1, seconds=30)) == []


def test_what_a_provider_asked_in_a_call_is_told_in_its_order(bench):
    call = bench.has_called(GRANNY)
    recording = bench.keeps_recording(b"RIFF")
    asked = [
        (Keys("3"), True),
        (Keys(""), False),
        (Words("我很好", 0.9), True),
        (RecordingReport(recording, 4), True),
        (LegReport("CA1", Ending.NO_ANSWER, was_connected=False), False),
    ]
    for number, (told, was_answered) in enumerate(asked):
        bench.has_asked(call, f"{URL}{number}", told, was_answered=was_answered)
    known = bench.telephony.requests_of(call)
    assert [(each.url, each.told, each.was_answered) for each in known] == [
        (f"{URL}{number}", bench.tells(told), was_answered) for number, (told, was_answered) in enumerate(asked)
    ]


def test_a_recording_is_fetched_until_it_is_deleted(bench):
    recording = bench.keeps_recording(b"RIFF a voice")
    assert bench.telephony.fetch_recording(recording) == b"RIFF a voice"
    for _ in "twice":
        bench.telephony.delete_recording(recording)
    with pytest.raises(RefusedForGoodError):
        bench.telephony.fetch_recording(recording)


def test_a_text_that_was_sent_is_known_from_then_on(texting):
    sent = texting.telephony.send_text(GRANNY, OURS, "您好", STATUS)
    texting.telephony.send_text(GRANDPA, OURS, "您好", STATUS)
    known = texting.telephony.look_up_text(sent)
    assert (known.provider_id, known.body, known.state, known.failure) == (sent, "您好", TextState.SENT, None)
    assert texting.telephony.texts_since(GRANNY, OURS, ago(minutes=1)) == [known]
    assert texting.telephony.texts_since(GRANNY, SECOND_LINE, ago(minutes=1)) == []
    assert texting.telephony.look_up_text("SM" + "9" * 32) is None


SENDING = {
    Fate.REFUSED_FOR_GOOD: (RefusedForGoodError, 0),
    Fate.OPTED_OUT: (OptedOutError, 0),
    Fate.REFUSED_FOR_NOW: (RefusedForNowError, 0),
    Fate.OUR_FAULT: (RefusedForNowError, 0),
    Fate.LOST_BEFORE: (UncertainError, 0),
    Fate.LOST_AFTER: (UncertainError, 1),
}


@pytest.mark.parametrize(("fate", "error", "sent"), [(fate, *what) for fate, what in SENDING.items()])
def test_a_text_that_fails_says_whether_it_can_have_been_sent(texting, fate, error, sent):
    texting.next_request(GRANNY, fate)
    with pytest.raises(error) as raised:
        texting.telephony.send_text(GRANNY, OURS, "您好", STATUS)
    assert isinstance(raised.value, OptedOutError) is (fate is Fate.OPTED_OUT)
    assert texting.texts_to(GRANNY) == sent
    assert len(texting.telephony.texts_since(GRANNY, OURS, ago(minutes=1))) == sent


@pytest.mark.parametrize("state", [TextState.SENT, TextState.DELIVERED, TextState.UNDELIVERED, TextState.FAILED])
def test_a_text_says_how_it_fared(texting, state):
    text = texting.telephony.send_text(GRANNY, OURS, "您好", STATUS)
    failure = "30003" if state in {TextState.UNDELIVERED, TextState.FAILED} else None
    texting.text_stands(text, state, failure)
    known = texting.telephony.look_up_text(text)
    assert (known.state, known.failure) == (state, failure)


def test_a_text_that_failed_because_they_want_none_was_refused(texting):
    text = texting.telephony.send_text(GRANNY, OURS, "您好", STATUS)
    texting.text_stands(text, TextState.UNDELIVERED, texting.opt_out)
    assert texting.telephony.look_up_text(text).state is TextState.REFUSED


def test_what_was_written_to_us_is_told_the_earliest_first(texting):
    texting.writes(GRANNY, "long ago", age=timedelta(days=2))
    texting.writes(GRANNY, "first", age=timedelta(minutes=9))
    texting.writes(GRANDPA, "second")
    texting.telephony.send_text(GRANNY, OURS, "from us", STATUS)
    received = texting.telephony.texts_received(OURS, ago(days=1))
    assert [(each.number, each.body) for each in received] == [(GRANNY, "first"), (GRANDPA, "second")]
    assert len({each.provider_id for each in received}) == 2


def test_a_provider_that_carries_no_texts_says_so_and_knows_none():
    line = SipTelephony("http://127.0.0.1:1", "a secret")
    with pytest.raises(RefusedForGoodError):
        line.send_text(GRANNY, OURS, "您好", STATUS)
    assert (list(line.texts_since(GRANNY, OURS, ago(days=1))), list(line.texts_received(OURS, ago(days=1)))) == ([], [])
    assert line.look_up_text("SM1") is None


def test_each_way_says_whether_it_carries_texts(bench):
    assert bench.telephony.carries_texts is type(bench).carries_texts
