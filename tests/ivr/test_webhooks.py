"""Webhooks in this process: what is signed is stored once, and nothing is said that was not stored."""

from datetime import time
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator

from campaigns import attempts, queries, schedule
from contacts.community import area, the_community
from contacts.models import Consent, Household, Phone, Resident, Responder
from core import clock, database
from core.ids import new_id
from escalation.models import Case, Page
from ivr.models import Call, CallState, CallTurn
from zaoan import wiring
from zaoan.web import web_app

NUMBER, RESPONDER = "+8631186000101", "+8613900000001"
SID = "CA" + "0" * 32


class House:
    """The service in this process with one call placed to one resident, and the provider's hand to sign requests."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.database = wiring.open_house(chosen)
        self.connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
        self.client = TestClient(web_app(self.connected.store))
        account = wiring.account_of(chosen)
        self._signer = RequestValidator(account.token)
        self.call_id = self._ring()

    def close(self):
        self.connected.voice.close()
        self.database.close()

    def post(self, path, signed=True, **form):
        fields = {"CallSid": SID, "From": "+8631186009999", "To": NUMBER} | form
        url = self.chosen.public_url + path
        signature = self._signer.compute_signature(url, fields) if signed else "wrong"
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    def turn(self, number, **form):
        return self.post(f"/telephony/calls/{self.call_id}/turns/{number}", **form)

    def ended(self, status="completed", **form):
        return self.post(f"/telephony/calls/{self.call_id}/status", CallStatus=status, **form)

    def check_in(self):
        with database.reading() as session:
            round_ = queries.rounds(session, 1)[0]
            return queries.check_ins(session, round_.id)[0]

    def count(self, table):
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(table))

    def call(self):
        with database.reading() as session:
            return session.get_one(Call, self.call_id)

    def _ring(self):
        with database.unit_of_work() as session:
            community = the_community(session)
            community.call_from, community.call_until = time(0, 0), time(23, 59, 59)
            self._populate(session, community)
            campaign = schedule.create_campaign(session, "早安", flags=None)
            schedule.start_now(session, campaign)
        with database.unit_of_work() as session:
            attempts.queue_due(session)
        with database.unit_of_work() as session:
            call = session.scalars(select(Call)).one()
            call.state, call.dialled_at, call.provider_id = CallState.PLACED, clock.now(), SID
            call.overdue_at = clock.now()
            return call.id

    def _populate(self, session, community):
        home = Household(community_id=community.id, area_id=area(session, community, "3号楼", "2单元").id, room="301")
        session.add(home)
        session.flush()
        resident = Resident(
            id=new_id(),
            community_id=community.id,
            household_id=home.id,
            name="王桂兰",
            called="王奶奶",
            language="zh-CN",
        )
        session.add(resident)
        session.flush()
        session.add_all([
            Phone(resident_id=resident.id, number=NUMBER, position=0),
            Consent(resident_id=resident.id, statement="signed", recorded_at=clock.now()),
            Responder(community_id=community.id, name="办公室", role="office", number=RESPONDER, language="zh-CN"),
        ])  # fmt: skip


@pytest.fixture
def house(tmp_path, house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


def verbs(answer):
    return [element.tag for element in ElementTree.fromstring(answer.text).iter()]


def test_an_unsigned_request_is_refused_and_changes_nothing(house):
    assert house.turn(1, signed=False, Digits="1").status_code == 403
    assert house.post("/telephony/inbound/voice", signed=False).status_code == 403
    assert house.count(CallTurn) == 0
    assert house.check_in().outcome is None


def test_the_whole_menu_can_be_interrupted(house):
    answer = house.turn(0)
    assert answer.headers["content-type"].startswith("application/xml")
    [gather] = ElementTree.fromstring(answer.text)
    assert gather.tag == "Gather"
    assert len(gather) >= 2
    assert gather.attrib["action"].split("?")[0].endswith("/turns/1")


def test_a_key_that_is_not_ok_makes_the_case_and_its_first_page_with_the_answer(house):
    house.turn(0)
    answer = house.turn(1, Digits="3")
    assert "Gather" not in verbs(answer)
    assert house.check_in().outcome == "unwell"
    assert (house.count(Case), house.count(Page)) == (1, 1)


def test_the_same_request_twice_hears_the_same_and_changes_nothing(house):
    house.turn(0)
    first = house.turn(1, Digits="3")
    again = house.turn(1, Digits="3")
    assert again.text == first.text
    assert (house.count(Case), house.count(Page)) == (1, 1)


def test_a_repeated_request_with_another_key_hears_what_was_said_first(house):
    house.turn(0)
    first = house.turn(1, Digits="3")
    assert house.turn(1, Digits="1").text == first.text
    assert house.check_in().outcome == "unwell"


def test_a_second_call_of_the_provider_for_the_same_attempt_is_ended(house):
    answer = house.turn(0, CallSid="CA" + "1" * 32)
    assert verbs(answer) == ["Response", "Hangup"]
    assert house.count(CallTurn) == 0


def test_an_end_that_overtakes_the_key_does_not_lose_the_key(house):
    house.turn(0)
    house.ended()
    assert house.call().state == CallState.ENDED
    house.turn(1, Digits="3")
    assert house.check_in().outcome == "unwell"


def test_the_end_reported_twice_counts_once(house):
    house.turn(0)
    house.ended()
    house.ended(status="no-answer")
    assert house.call().ending == "completed"
    assert house.check_in().attempts == 1


def test_a_machine_that_presses_nothing_is_no_resident(house):
    house.turn(0)
    house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy="machine_start")
    house.turn(1)
    house.ended()
    assert house.check_in().furthest == "voicemail"
    assert house.check_in().outcome is None


@pytest.fixture
def failing_commits(house):
    """The database refuses every commit while the list is not empty."""
    failing = []

    @event.listens_for(house.database.engine, "commit")
    def fail(connection):
        if failing:
            connection.exec_driver_sql("ROLLBACK")
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    return failing


def test_when_the_answer_cannot_be_stored_the_caller_hears_an_apology(house, failing_commits):
    house.turn(0)
    failing_commits.append(True)
    answer = house.turn(1, Digits="3")
    assert answer.status_code == 200
    assert "Gather" not in verbs(answer)
    assert "对不起" in answer.text
    assert house.check_in().outcome is None
    assert (house.count(Case), house.count(CallTurn)) == (0, 1)


def test_what_could_not_be_stored_is_stored_when_the_provider_asks_again(house, failing_commits):
    house.turn(0)
    failing_commits.append(True)
    house.turn(1, Digits="3")
    failing_commits.clear()
    house.turn(1, Digits="3")
    assert house.check_in().outcome == "unwell"
    assert house.count(Case) == 1


def test_a_lost_answer_leads_to_another_call_and_never_to_ok(house, failing_commits):
    house.turn(0)
    failing_commits.append(True)
    house.turn(1, Digits="1")
    failing_commits.clear()
    house.ended()
    check_in = house.check_in()
    assert check_in.outcome is None
    assert check_in.next_attempt_at is not None


def test_the_news_of_a_machine_may_come_after_the_end_of_the_call(house):
    house.turn(0)
    house.ended()
    assert house.check_in().furthest == "hung_up"
    house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy="machine_start")
    assert house.check_in().furthest == "voicemail"
    assert house.check_in().outcome is None
