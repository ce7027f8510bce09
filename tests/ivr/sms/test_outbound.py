"""Texts out: sent once, whatever the provider answers, and known to the end."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from core import clock
from core.ids import new_id
from core.running.events import Event
from core.storage import database
from ivr.models import Text, TextRefusal, TextState, Urgency
from ivr.ports.provider import OptedOutError, ProviderText, RefusedForGoodError, RefusedForNowError
from ivr.sms import inbound, opt_outs, outbound
from ivr.sms.segments import segments
from tests.ivr.correspondence import DAUGHTER, LANDLINE, SON, TIMEOUT, queue, time_passes
from tests.ivr.owners import also

NOW_AND_AGAIN = RefusedForNowError("too many requests")


class Owner:
    """Somebody who wants to know how their texts end."""

    def __init__(self):
        self.told = []

    def delivered(self, session, text):
        self.told.append("delivered")

    def failed(self, session, text):
        self.told.append(text.failure)


@pytest.fixture
def owner():
    told = Owner()
    with also(texts={"owner": told}):
        yield told


def test_a_text_is_sent_once_and_known_to_have_arrived(street, owner):
    queue(owner="owner")
    outbound.send()
    outbound.send()
    text = street.text_to(DAUGHTER)
    assert (text.state, text.tries, len(street.provider.kept)) == ("sent", 1, 1)
    assert street.report(text, "delivered").status_code == 204
    assert street.text_to(DAUGHTER).state == "delivered"
    assert owner.told == ["delivered"]


def test_reports_that_come_late_twice_and_in_any_order_change_nothing(street, owner):
    queue(owner="owner")
    outbound.send()
    text = street.text_to(DAUGHTER)
    for status in ("sent", "undelivered", "delivered", "sent", "queued", "delivered", "failed", "nonsense"):
        assert street.report(text, status, ErrorCode="30003").status_code == 204
    assert (street.text_to(DAUGHTER).state, street.text_to(DAUGHTER).failure) == ("delivered", None)
    assert owner.told == ["30003", "delivered"]


def test_a_report_that_nobody_signed_changes_nothing(street):
    queue()
    outbound.send()
    text = street.text_to(DAUGHTER)
    fields = {"MessageSid": text.provider_id, "MessageStatus": "delivered"}
    assert street.post(f"/telephony/texts/{text.id}/status", signed=False, **fields).status_code == 403
    assert street.text_to(DAUGHTER).state == "sent"


def test_a_report_may_overtake_the_answer_to_our_own_request(street):
    queue()
    street.provider.failures, street.provider.keeps_nevertheless = [TIMEOUT], True
    outbound.send()
    text, sid = street.text_to(DAUGHTER), street.provider.kept[0][2]
    assert (text.state, text.provider_id) == ("sending", None)
    street.report(text, "delivered", sid=sid)
    time_passes()
    outbound.send()
    assert (street.text_to(DAUGHTER).state, street.text_to(DAUGHTER).provider_id) == ("delivered", sid)
    assert len(street.provider.kept) == 1


def test_a_text_that_may_have_been_sent_is_looked_up_before_it_is_sent_again(street):
    queue()
    street.provider.failures, street.provider.keeps_nevertheless = [TIMEOUT], True
    outbound.send()
    outbound.send()
    assert street.text_to(DAUGHTER).state == "sending"
    time_passes()
    outbound.send()
    assert (street.text_to(DAUGHTER).state, len(street.provider.kept)) == ("sent", 1)


def test_a_text_that_was_certainly_not_sent_is_sent_again(street):
    queue()
    street.provider.failures = [TIMEOUT]
    outbound.send()
    time_passes()
    outbound.send()
    time_passes()
    outbound.send()
    assert (street.text_to(DAUGHTER).state, street.text_to(DAUGHTER).tries) == ("sent", 2)
    assert len(street.provider.kept) == 1


def test_of_two_equal_texts_the_one_that_is_known_is_not_taken_for_the_other(street):
    queue()
    outbound.send()
    queue()
    street.provider.failures = [TIMEOUT]
    outbound.send()
    for _ in range(2):
        time_passes()
        outbound.send()
    sids = {each.provider_id for each in street.all(Text)}
    assert len(sids) == 2
    assert len(street.provider.kept) == 2


def test_what_is_refused_for_now_is_tried_again_with_longer_and_longer_pauses(street, owner):
    queue(owner="owner")
    street.provider.failures = [NOW_AND_AGAIN] * outbound.TRIES
    pauses = []
    for _ in range(outbound.TRIES):
        before = clock.now()
        outbound.send()
        outbound.send()
        pauses.append((street.text_to(DAUGHTER).next_try_at - before).total_seconds())
        time_passes()
    assert pauses[:-1] == sorted(pauses[:-1])
    assert pauses[0] == pytest.approx(outbound.BACK_OFF_SECONDS, abs=3)
    assert pauses[-2] == pytest.approx(outbound.LONGEST_BACK_OFF_SECONDS, abs=3)
    assert street.text_to(DAUGHTER).state == "failed"
    assert owner.told == [str(NOW_AND_AGAIN)]


def test_one_refused_text_does_not_hold_up_the_others(street):
    queue(DAUGHTER)
    queue(SON)
    street.provider.failures = [RefusedForGoodError(21211)]
    outbound.send()
    assert {each.number: (each.state, each.failure) for each in street.all(Text)} == {
        DAUGHTER: ("failed", "21211"),
        SON: ("sent", None),
    }


def test_alerts_leave_before_good_news(street):
    queue(SON)
    queue(DAUGHTER, urgency=Urgency.ALERT)
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER, SON]


def test_a_text_waits_for_its_time_and_is_not_sent_when_that_is_over(street):
    now = clock.now()
    queue(DAUGHTER, not_before=now + timedelta(minutes=30))
    queue(SON, not_after=now - timedelta(seconds=1))
    outbound.send()
    assert street.provider.kept == []
    assert (street.text_to(SON).state, street.text_to(SON).failure) == ("failed", outbound.TOO_LATE)
    time_passes()
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER]


def test_a_landline_is_never_written_to(street, owner):
    queue(LANDLINE, owner="owner")
    outbound.send()
    assert street.provider.kept == []
    assert (street.text_to(LANDLINE).state, owner.told) == ("failed", [outbound.LANDLINE])


def test_whoever_wants_no_texts_gets_none_not_even_one_that_waits(street, owner):
    queue(owner="owner")
    with database.unit_of_work() as session:
        opt_outs.refuse(session, DAUGHTER, opt_outs.ASKED)
    outbound.send()
    assert street.provider.kept == []
    assert (street.text_to(DAUGHTER).state, owner.told) == ("refused", [outbound.ASKED_US_TO_STOP])


@pytest.mark.parametrize("by_report", [True, False])
def test_whoever_has_told_the_provider_to_stop_is_not_written_to_again(street, by_report):
    queue()
    if by_report:
        outbound.send()
        street.report(street.text_to(DAUGHTER), "undelivered", ErrorCode="21610")
    else:
        street.provider.failures = [OptedOutError(21610)]
        outbound.send()
    assert street.text_to(DAUGHTER).state == "refused"
    assert [each.number for each in street.all(TextRefusal)] == [DAUGHTER]
    queue(body="还有一件事")
    outbound.send()
    assert {each.state for each in street.all(Text)} == {"refused"}


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (ProviderText("", "", clock.real_now(), TextState.DELIVERED), "delivered"),
        (ProviderText("", "", clock.real_now(), TextState.UNDELIVERED, "30003"), "undelivered"),
        (ProviderText("", "", clock.real_now(), TextState.SENT), "sent"),
        (None, "failed"),
    ],
)
def test_a_delivery_that_nobody_reports_is_asked_for(street, known, state):
    queue()
    outbound.send()
    sid = street.text_to(DAUGHTER).provider_id
    street.provider.known = {sid: known}
    outbound.send()
    assert street.text_to(DAUGHTER).state == "sent"
    time_passes()
    outbound.send()
    assert street.text_to(DAUGHTER).state == state
    assert (street.text_to(DAUGHTER).look_up_at is not None) == (state == "sent")


def test_after_a_day_nobody_is_asked_any_more(street):
    queue()
    outbound.send()
    sid = street.text_to(DAUGHTER).provider_id
    street.provider.known = {sid: ProviderText(sid, "", clock.real_now(), TextState.SENT)}
    time_passes(25 * 3600)
    outbound.send()
    assert (street.text_to(DAUGHTER).state, street.text_to(DAUGHTER).look_up_at) == ("sent", None)


def test_a_text_that_is_too_long_is_shortened_and_the_log_says_so(street):
    queue(body="王奶奶今天没有接电话。" * 40)
    text = street.text_to(DAUGHTER)
    assert segments(text.body) == 4
    assert street.all(Event, Event.kind == "text.shortened")[0].facts["left_out"] > 0


def test_looking_for_work_does_not_read_the_texts_of_years(street):
    looked = []

    @event.listens_for(street.database.engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, many):
        if "FROM texts" in statement or "UPDATE texts" in statement:
            looked.append((statement, parameters))

    outbound.send()
    inbound.read_waiting()
    with database.unit_of_work() as session:
        outbound.drop_waiting(session, "report", new_id())
    looked_at, looked[:] = list(looked), []
    with street.database.engine.connect() as connection:
        for statement, parameters in looked_at:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert all("INDEX" in step.detail for step in plan if "SCAN" in step.detail or "SEARCH" in step.detail), (
                plan
            )
    assert len(looked_at) >= 4
