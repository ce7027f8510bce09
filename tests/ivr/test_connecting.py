"""Connections in this process: what the provider is told to dial, and what guards a leg whatever is reported of it."""

from datetime import UTC, datetime, time, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from contacts import refusals
from contacts.community import area, the_community
from contacts.models import Phone, Responder
from core import clock, database
from core.settings import Settings
from escalation import cases
from escalation.models import Case, Page
from ivr import calls, legs, polling, queries, station, sweeping, withdrawing
from ivr.models import Call, CallState, Direction, Ending, Line, Urgency
from ivr.telephony import ProviderCall
from tests.ivr.house import NUMBER, RESPONDER, SID, House, verbs
from tests.ivr.test_patience import held, redirect

LEG_SID, PAGE_SID = "CA" + "7" * 32, "CA" + "8" * 32
MONDAY_AT_NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)


class ConnectingHouse(House):
    """The house of the webhooks, on its line, with a call placed to the office's telephone about a case."""

    def at(self, instant):
        clock.set_anchor(clock.Anchor(clock.real_now(), instant))
        with database.unit_of_work() as session:
            the_community(session).office_days = "12345"
            for call in session.scalars(select(Call)):
                call.line_id = session.scalars(select(Line.id)).first()
                call.dialled_at, call.overdue_at = instant, instant + timedelta(minutes=12)

    def page(self):
        """A page that its responder has picked up and accepted; returns the answers and the id of its call."""
        with database.unit_of_work() as session:
            resident_id = self.check_in().resident_id
            case = cases.open_case(session, cases.CaseKind.NO_ANSWER, resident_id, None)
            page = session.scalars(select(Page).where(Page.case_id == case.id)).one()
            call = session.get_one(Call, page.call_id)
            call.state, call.provider_id = CallState.PLACED, PAGE_SID
            call.line_id, call.dialled_at = session.scalars(select(Line.id)).first(), clock.now()
            call.overdue_at = clock.now() + timedelta(minutes=12)
        self.step(call.id, 0, sid=PAGE_SID)
        self.step(call.id, 1, sid=PAGE_SID, Digits="1")
        return call.id

    def step(self, call_id, number, sid, **form):
        return self.post(f"/telephony/calls/{call_id}/turns/{number}", CallSid=sid, **form)

    def hear_end(self, call_id, sid, status="completed"):
        return self.post(f"/telephony/calls/{call_id}/status", CallSid=sid, CallStatus=status)

    def legs_of(self, parent_id):
        with database.reading() as session:
            return session.scalars(select(Call).where(Call.parent_id == parent_id).order_by(Call.id)).all()

    def row(self, table, id_):
        with database.reading() as session:
            return session.get_one(table, id_)

    def change(self, table, **values):
        with database.unit_of_work() as session:
            for row in session.scalars(select(table)):
                for name, value in values.items():
                    setattr(row, name, value)

    def case(self):
        with database.reading() as session:
            return session.scalars(select(Case)).one()


@pytest.fixture
def house(house_settings):
    opened = ConnectingHouse(house_settings)
    before = clock.anchor()
    opened.at(MONDAY_AT_NINE)
    yield opened
    clock.set_anchor(before)
    opened.close()


@pytest.fixture
def free(house):
    """The resident's telephone is in no call."""
    house.ended()
    return house


def dial(answer):
    [found] = [element for element in ElementTree.fromstring(answer.text) if element.tag == "Dial"]
    return found


def our_number():
    with database.reading() as session:
        return queries.lines(session)[0].number


def test_key_4_dials_the_resident_behind_our_number(free):
    page = free.page()
    found = dial(free.step(page, 2, PAGE_SID, Digits="4"))
    [leg] = free.legs_of(page)
    [number] = found
    base = free.chosen.public_url
    assert number.text == NUMBER
    assert found.attrib == {
        "callerId": our_number(),
        "timeout": "60",
        "timeLimit": "600",
        "answerOnBridge": "true",
        "action": f"{base}/telephony/calls/{page}/turns/3?step=connecting&play=1&language=zh-CN",
        "method": "POST",
    }
    assert number.attrib == {
        "url": f"{base}/telephony/calls/{leg.id}/turns/0",
        "method": "POST",
        "statusCallback": f"{base}/telephony/calls/{leg.id}/status",
        "statusCallbackEvent": "completed",
        "statusCallbackMethod": "POST",
    }
    assert (leg.state, leg.direction, leg.number) == (CallState.DIALLING, Direction.OUT, NUMBER)


def test_the_whisper_says_who_it_is_and_does_not_hang_up(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    answer = free.step(leg.id, 0, LEG_SID, From=our_number(), To=NUMBER)
    assert verbs(answer) in (["Response", "Pause", "Say"], ["Response", "Pause", "Play"])
    [leg] = free.legs_of(page)
    assert (leg.state, leg.provider_id) == (CallState.PLACED, LEG_SID)


def test_the_same_key_reported_twice_dials_once(free):
    page = free.page()
    first = free.step(page, 2, PAGE_SID, Digits="4")
    assert free.step(page, 2, PAGE_SID, Digits="4").text == first.text
    assert len(free.legs_of(page)) == 1


def test_a_resident_in_another_call_of_ours_is_engaged_and_can_be_tried_again(house):
    page = house.page()
    answer = house.step(page, 2, PAGE_SID, Digits="4")
    assert "Dial" not in verbs(answer)
    assert "Gather" in verbs(answer)
    assert house.legs_of(page) == []
    house.ended()
    assert dial(house.step(page, 3, PAGE_SID, Digits="4")) is not None


@pytest.fixture
def on_postgresql(postgresql, tmp_path):
    opened = ConnectingHouse(Settings(database_url=postgresql(), data_dir=tmp_path, area_code="0311"))
    opened.at(MONDAY_AT_NINE)
    yield opened
    opened.close()


def test_a_resident_in_another_call_is_engaged_on_postgresql_too(on_postgresql):
    page = on_postgresql.page()
    assert "Dial" not in verbs(on_postgresql.step(page, 2, PAGE_SID, Digits="4"))
    on_postgresql.ended()
    assert "Dial" in verbs(on_postgresql.step(page, 3, PAGE_SID, Digits="4"))


def test_no_other_call_goes_to_a_number_while_its_leg_lives(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.unit_of_work() as session:
        queued = calls.queue(
            session,
            number=NUMBER,
            owner="check_in",
            dialogue=calls.dialogue_of(free.call()),
            urgency=Urgency.ROUTINE,
            due_at=clock.now(),
            not_after=clock.now() + timedelta(hours=1),
        )
        session.flush()
        assert queued.id not in {each.call_id for each in queries.waiting_calls(session, clock.now(), 20)}
        assert queries.active_call_with(session, NUMBER).parent_id == page


def test_a_leg_counts_among_the_calls_at_once(free):
    free.change(Line, calls_at_once=1)
    page = free.page()
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    free.change(Line, calls_at_once=2)
    assert "Dial" in verbs(free.step(page, 3, PAGE_SID, Digits="4"))
    with database.reading() as session:
        assert queries.calls_in_use(session, queries.lines(session)[0].id) == 2


@pytest.mark.parametrize("number", ["+86120", "+8616812345678"])
def test_a_number_that_may_never_be_rung_is_not_dialled(free, number):
    free.change(Phone, number=number)
    page = free.page()
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    assert free.legs_of(page) == []


def test_a_telephone_that_the_provider_refuses_to_ring_is_passed_over(free):
    with database.unit_of_work() as session:
        session.add(Phone(resident_id=free.check_in().resident_id, number="+8631186000102", position=1))
        refusals.mark(session, NUMBER, 21217, free.call_id)
    assert dial(free.step(free.page(), 2, PAGE_SID, Digits="4"))[0].text == "+8631186000102"


@pytest.mark.parametrize("reports", [("action",), ("status",), ("status", "action"), ("action", "status"), ("parent",)])
def test_whichever_report_comes_first_ends_the_leg(free, reports):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    told = {
        "action": lambda: free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID),
        "status": lambda: free.hear_end(leg.id, LEG_SID, "busy"),
        "parent": lambda: free.hear_end(page, PAGE_SID),
    }
    for report in reports:
        assert told[report]().status_code in {200, 204}
    [leg] = free.legs_of(page)
    assert leg.state == CallState.ENDED
    assert leg.ending == (Ending.CANCELLED if reports == ("parent",) else Ending.BUSY)


def test_an_action_reported_again_leaves_the_next_leg_alone(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    first = free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID)
    free.step(page, 4, PAGE_SID, Digits="4")
    assert free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID).text == first.text
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED, CallState.DIALLING]


def test_a_key_that_comes_after_the_end_of_its_call_dials_nobody(free):
    page = free.page()
    free.hear_end(page, PAGE_SID)
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    assert free.legs_of(page) == []


def test_a_leg_is_never_dialled_again_by_the_sweep(free, monkeypatch):
    """Its parent lives: only the provider can dial it."""
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.reading() as session:
        assert queries.silent_dialling(session, clock.real_now() + timedelta(hours=1)) == []
    sweeping.sweep()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.DIALLING]


def test_a_leg_whose_parent_has_ended_meanwhile_is_swept_up(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.unit_of_work() as session:
        session.get_one(Call, page).state = CallState.ENDED
    legs.end_orphans()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_the_second_try_takes_the_second_telephone(free):
    with database.unit_of_work() as session:
        session.add(Phone(resident_id=free.check_in().resident_id, number="+8631186000102", position=1))
    page = free.page()
    tried = []
    for turn in (2, 4):
        tried.append(dial(free.step(page, turn, PAGE_SID, Digits="4"))[0].text)
        free.step(page, turn + 1, PAGE_SID, DialCallStatus="no-answer", DialCallSid=f"CA{turn}")
    assert tried == [NUMBER, "+8631186000102"]


def test_what_came_of_connecting_is_not_lost_while_the_database_cannot_take_it(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with held(free, 30):
        answer = free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID)
        assert verbs(answer)[-1] == "Redirect"
    told = free.post(redirect(answer), CallSid=PAGE_SID)
    assert "现在没有接通" in told.text
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_a_leg_of_which_nothing_was_heard_is_given_up_when_its_time_is_over(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    later = clock.now() + timedelta(seconds=60 + legs.TALK_SECONDS + calls.REPORT_MARGIN_SECONDS + 1)
    clock.set_anchor(clock.Anchor(clock.real_now(), later))
    legs.end_orphans()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_two_who_talk_are_not_cut_off_because_the_call_before_was_long(free, monkeypatch):
    hung_up = []
    monkeypatch.setattr(station.station().telephony, "hang_up", hung_up.append)
    monkeypatch.setattr(station.station().telephony, "look_up", lambda known: ProviderCall(
        known, "", "", clock.real_now(), None, by_machine=False))  # fmt: skip
    page = free.page()
    free.change(Call, dialled_at=clock.now() - timedelta(minutes=8))
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    assert free.row(Call, page).overdue_at == leg.overdue_at
    free.step(leg.id, 0, LEG_SID)
    clock.set_anchor(clock.Anchor(clock.real_now(), clock.now() + timedelta(minutes=9)))
    polling.recover()
    polling.poll()
    assert hung_up == []
    free.hear_end(leg.id, LEG_SID)
    polling.recover()
    polling.poll()
    assert hung_up == [PAGE_SID]


def rings_us(house, number):
    return house.post("/telephony/inbound/voice", CallSid="CA" + "5" * 32, From=number, To=our_number())


def test_a_resident_who_rings_us_while_a_helper_has_them_rung_is_heard(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    assert "Gather" in verbs(rings_us(free, NUMBER))
    [leg] = free.legs_of(page)
    assert (leg.ending, leg.hang_up_wanted) == (Ending.WITHDRAWN, True)
    withdrawing.end_at_provider()
    assert not free.legs_of(page)[0].hang_up_wanted
    assert "Gather" in verbs(free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID))


# --- the office ---


def test_a_resident_who_rings_us_once_more_while_waiting_for_the_office_is_looked_after_at_once(house):
    wish(house)
    rings_us(house, NUMBER)
    assert house.call().ending == Ending.WITHDRAWN
    assert [leg.ending for leg in house.legs_of(house.call_id)] == [Ending.CANCELLED]
    assert house.count(Page) == 2


def wish(house):
    """The resident presses 0; the answer, and the leg that rings the office."""
    house.turn(0)
    answer = house.turn(1, Digits="0")
    return answer, next(iter(house.legs_of(house.call_id)), None)


def test_in_office_hours_the_resident_waits_with_a_melody_while_the_office_is_rung(house):
    answer, leg = wish(house)
    found = dial(answer)
    assert found[0].text == RESPONDER
    assert found.attrib["callerId"] == our_number()
    assert verbs(answer)[-2:] == ["Dial", "Number"]
    assert (house.check_in().outcome, house.case().kind) == ("wants_person", "wants_person")
    assert house.case().look_at - clock.now() > timedelta(seconds=50)
    with database.reading() as session:
        [page] = session.scalars(select(Page)).all()
    assert (page.call_id, page.state) == (leg.id, "calling")


@pytest.mark.parametrize(
    "instant",
    [MONDAY_AT_NINE - timedelta(minutes=31), MONDAY_AT_NINE + timedelta(hours=9), MONDAY_AT_NINE - timedelta(days=1)],
    ids=["before", "after", "sunday"],
)
def test_outside_office_hours_a_helper_is_asked_at_once(house, instant):
    house.at(instant)
    answer, leg = wish(house)
    assert leg is None
    assert "Dial" not in verbs(answer)
    with database.reading() as session:
        [page] = session.scalars(select(Page)).all()
        assert session.get_one(Call, page.call_id).state == CallState.QUEUED


def test_without_a_duty_telephone_a_helper_is_asked_at_once(house):
    house.change(Responder, role="volunteer")
    _, leg = wish(house)
    assert leg is None
    assert house.count(Page) == 1


def test_an_office_whose_telephone_the_provider_refuses_is_not_waited_for(house):
    with database.unit_of_work() as session:
        refusals.mark(session, RESPONDER, 21217, house.call_id)
    assert wish(house)[1] is None


def test_an_unwell_resident_is_not_kept_on_the_line(house):
    house.turn(0)
    answer = house.turn(1, Digits="3")
    assert "Dial" not in verbs(answer)
    assert house.legs_of(house.call_id) == []


def test_key_1_of_the_whisper_accepts_the_case_and_connects(house):
    _, leg = wish(house)
    offer = house.step(leg.id, 0, LEG_SID)
    assert "王桂兰" not in offer.text
    accepted = house.step(leg.id, 1, LEG_SID, Digits="1")
    assert "Hangup" not in verbs(accepted)
    assert house.case().state == "accepted"
    house.hear_end(leg.id, LEG_SID)
    over = house.turn(2, DialCallStatus="completed", DialCallSid=LEG_SID)
    assert "Dial" not in verbs(over)
    assert house.case().state == "accepted"
    assert house.count(Page) == 1


@pytest.mark.parametrize("digits", ["", "2", "9"])
def test_without_key_1_nobody_is_connected(house, digits):
    _, leg = wish(house)
    house.step(leg.id, 0, LEG_SID)
    house.step(leg.id, 1, LEG_SID, Digits=digits)
    answer = house.step(leg.id, 2, LEG_SID, Digits=digits)
    assert verbs(answer)[-1] == "Hangup"
    assert house.case().state == "open"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "completed"])
def test_when_nobody_takes_it_the_ladder_goes_on_before_the_resident_is_told(house, status):
    """Whatever the provider calls it: a voicemail has "completed" the Dial, and has pressed nothing."""
    wish(house)
    answer = house.turn(2, DialCallStatus=status, DialCallSid=LEG_SID)
    assert "Dial" not in verbs(answer)
    with database.reading() as session:
        first, second = session.scalars(select(Page).order_by(Page.id)).all()
        assert (first.state, second.state) == ("unanswered", "calling")
        assert session.get_one(Call, second.call_id).state == CallState.QUEUED


def test_when_the_resident_hangs_up_while_waiting_the_ladder_goes_on_at_once(house):
    wish(house)
    house.ended()
    assert house.count(Page) == 2
    assert [leg.state for leg in house.legs_of(house.call_id)] == [CallState.ENDED]


def test_when_nothing_is_ever_reported_the_ladder_goes_on_by_itself(house):
    """The service was killed while the office was rung, and both reports are lost."""
    _, leg = wish(house)
    house.hear_end(leg.id, LEG_SID, "no-answer")
    with database.unit_of_work() as session:
        cases.climb_due(session)
    assert house.count(Page) == 1
    clock.set_anchor(clock.Anchor(clock.real_now(), MONDAY_AT_NINE + timedelta(seconds=70)))
    with database.unit_of_work() as session:
        cases.climb_due(session)
    assert house.count(Page) == 2


def test_the_ladder_does_not_wait_longer_for_an_office_that_is_never_heard_of_again(house):
    with database.unit_of_work() as session:
        session.add(Responder(community_id=the_community(session).id, name="楼长", role="building_head",
                              number="+8613900000003", language="zh-CN"))  # fmt: skip
    _, leg = wish(house)
    for seconds, pages in ((50, 1), (70, 2)):
        clock.set_anchor(clock.Anchor(clock.real_now(), MONDAY_AT_NINE + timedelta(seconds=seconds)))
        with database.unit_of_work() as session:
            cases.climb_due(session)
        assert house.count(Page) == pages
    assert house.legs_of(house.call_id)[0].state == CallState.DIALLING
    house.step(leg.id, 0, LEG_SID)
    house.step(leg.id, 1, LEG_SID, Digits="1")
    assert house.case().state == "accepted"


def test_the_next_duty_telephone_is_rung_when_the_first_is_busy(house):
    with database.unit_of_work() as session:
        community = the_community(session)
        session.add(Responder(community_id=community.id, name="值班", role="office", number="+8613900000002",
                              language="zh-CN"))  # fmt: skip
    wish(house)
    again = house.turn(2, DialCallStatus="busy", DialCallSid=LEG_SID)
    assert dial(again)[0].text == "+8613900000002"
    over = house.turn(3, DialCallStatus="busy", DialCallSid="CA" + "9" * 32)
    assert "Dial" not in verbs(over)
    assert house.count(Page) == 3


def test_whoever_looks_after_one_building_is_not_on_duty_for_all(house):
    with database.unit_of_work() as session:
        session.scalars(select(Responder)).one().area_id = area(session, the_community(session), "3号楼", "").id
    _, leg = wish(house)
    assert leg is None


def test_the_hours_of_an_office_can_be_changed(house):
    with database.unit_of_work() as session:
        community = the_community(session)
        community.office_from, community.office_until, community.office_days = time(13), time(14), "1"
    assert wish(house)[1] is None


def test_the_call_that_rings_waits_in_no_queue(house):
    wish(house)
    with database.reading() as session:
        assert queries.waiting_calls(session, clock.now() + timedelta(hours=1), 20) == []


def test_a_second_call_of_the_provider_for_a_leg_is_ended(house):
    _, leg = wish(house)
    house.step(leg.id, 0, LEG_SID)
    assert verbs(house.step(leg.id, 0, "CA" + "6" * 32)) == ["Response", "Hangup"]
    assert house.legs_of(house.call_id)[0].provider_id == LEG_SID
    assert house.call().provider_id == SID
