"""Texts from residents, relatives, responders and strangers: whose word each is, and what comes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.models import CheckIn, Outcome
from campaigns.rounds import check_ins
from contacts import queries as contacts
from core import clock
from core.storage import database
from escalation import queries
from escalation.cases import cases
from escalation.models import Case, CaseText
from ivr.models import Call, Text, TextRefusal
from ivr.ports.events import ReceivedText
from ivr.sms import inbound
from tests.ivr.correspondence import DAUGHTER, GRANDPA, GRANNY, HELPER, LANDLINE, STRANGER


@pytest.fixture
def granny(street):
    resident_id = street.resident("王奶奶", LANDLINE, GRANNY)
    street.relative(resident_id, "小梅", DAUGHTER)
    return resident_id


def consents(resident_id):
    with database.reading() as session:
        return contacts.has_consent(session, resident_id)


def calls(street):
    return {(each.number, each.state, each.hang_up_wanted) for each in street.all(Call) if each.owner == "check_in"}


def ring(answered=False):
    """The provider has taken the first call."""
    with database.unit_of_work() as session:
        call = session.scalars(select(Call).where(Call.owner == "check_in")).one()
        call.state, call.provider_id = "placed", "CA" + "1" * 32
        call.answered_at = call.due_at if answered else None


def no_answer():
    """Nobody has answered the calls of the round."""
    with database.unit_of_work() as session:
        for check_in in session.scalars(select(CheckIn)):
            check_ins.decide(session, check_in, Outcome.NO_ANSWER)


@pytest.mark.parametrize(
    ("body", "outcome"), [("1", "ok"), ("２", "needs_supplies"), ("3。", "unwell"), (" 0 ", "wants_person")]
)
def test_a_key_from_a_residents_own_number_is_their_answer(street, granny, body, outcome):
    street.begin_round()
    street.write(GRANNY, body)
    assert street.outcomes() == {"王奶奶": outcome}
    assert street.cases() == ([] if outcome == "ok" else [(outcome, granny)])
    assert calls(street) == {(LANDLINE, "ended", False)}
    assert [each.startswith("早安电话：王奶奶，知道您") for each in street.texts_to(GRANNY)] == [True]


def test_a_call_that_rings_is_hung_up(street, granny):
    street.begin_round()
    ring()
    street.write(GRANNY, "1")
    assert calls(street) == {(LANDLINE, "ended", True)}


def test_whoever_has_picked_up_is_not_cut_off_by_a_text(street, granny):
    street.begin_round()
    ring(answered=True)
    street.write(GRANNY, "1")
    assert (street.outcomes(), calls(street)) == ({"王奶奶": "ok"}, {(LANDLINE, "placed", False)})


def test_a_later_text_makes_an_answer_more_worrying_and_never_less(street, granny):
    street.begin_round()
    street.write(GRANNY, "1")
    street.write(GRANNY, "3")
    street.write(GRANNY, "1")
    assert street.outcomes() == {"王奶奶": "unwell"}
    assert street.cases() == [("unwell", granny)]


def test_the_same_text_twice_is_one_answer(street, granny):
    street.begin_round()
    for _ in range(2):
        street.write(GRANNY, "2", sid="SM" + "2" * 32)
    assert len(street.cases()) == 1
    assert len(street.texts_to(GRANNY)) == 1


@pytest.mark.parametrize("body", ["好", "平安", "我很好", "I am well", "11", "1 2", "一", "ok", "①"])
def test_no_words_are_an_answer_and_a_person_reads_them(street, granny, body):
    street.begin_round()
    street.write(GRANNY, body)
    assert street.outcomes() == {"王奶奶": None}
    assert street.cases() == [("message", granny)]
    assert [(each.writer, each.name) for each in street.all(CaseText)] == [("resident", "王奶奶")]
    assert calls(street) == {(LANDLINE, "queued", False)}


def test_before_the_round_an_answer_is_seen_and_what_is_not_well_has_its_case(street, granny):
    street.write(GRANNY, "1")
    assert [each.facts for each in street.happened("resident.texted")] == [{"said": "ok"}]
    assert street.cases() == []
    street.write(GRANNY, "3")
    assert street.cases() == [("unwell", granny)]


def test_a_text_that_could_only_be_read_after_the_round_began_answers_no_later_question(street, granny):
    before = clock.real_now() - timedelta(minutes=5)
    street.begin_round()
    street.provider.received = [ReceivedText("SM1", GRANNY, "1", before), ReceivedText("SM2", GRANNY, "3", before)]
    inbound.recover()
    assert street.outcomes() == {"王奶奶": None}
    assert street.cases() == [("unwell", granny)]


def test_an_answer_by_text_before_the_round_counts_for_it_and_nobody_is_rung(street, granny):
    street.write(GRANNY, "1")
    street.begin_round()
    assert (street.outcomes(), street.cases(), calls(street)) == ({"王奶奶": "ok"}, [], set())


def test_what_is_not_well_before_the_round_keeps_its_one_case_when_the_round_starts(street, granny):
    street.write(GRANNY, "3")
    street.begin_round()
    assert (street.outcomes(), street.cases(), calls(street)) == ({"王奶奶": "unwell"}, [("unwell", granny)], set())


@pytest.mark.parametrize("in_a_round", [True, False])
def test_whoever_looks_after_a_resident_reads_the_text_that_said_so(street, granny, in_a_round):
    if in_a_round:
        street.begin_round()
    street.write(GRANNY, "3")
    [case], [tied] = street.all(Case), street.all(CaseText)
    assert (tied.case_id, tied.writer, tied.name) == (case.id, "resident", "王奶奶")


def test_a_text_answers_every_open_check_in_of_its_writer(street, granny):
    for name in ("早安", "午安"):
        street.begin_round(name)
    street.write(GRANNY, "1")
    assert [each.outcome for each in street.all(CheckIn)] == ["ok", "ok"]


def test_please_do_not_call_me_ends_every_open_check_in(street, granny):
    for name in ("早安", "午安"):
        street.begin_round(name)
    street.write(GRANNY, "不要再打了")
    assert [each.outcome for each in street.all(CheckIn)] == ["withdrawn", "withdrawn"]


def test_a_message_that_waits_does_not_hide_what_is_said_after_it(street, granny):
    street.write(GRANNY, "我家的灯坏了")
    street.write(GRANNY, "2")
    assert sorted(street.cases()) == [("message", granny), ("needs_supplies", granny)]


def test_an_unwell_text_before_the_round_is_told_to_the_family(street, granny):
    street.write(GRANNY, "3")
    assert len(street.texts_to(DAUGHTER)) == 1


def test_one_of_a_couple_who_answers_does_not_silence_the_call_for_the_other(street):
    street.resident("王奶奶", LANDLINE, GRANNY, room="301")
    street.resident("李爷爷", LANDLINE, GRANDPA, room="301")
    street.begin_round()
    street.write(GRANNY, "1")
    assert street.outcomes() == {"王奶奶": "ok", "李爷爷": None}
    [(number, state, hang_up_wanted)] = calls(street)
    assert (number, state, hang_up_wanted) == (LANDLINE, "queued", False)


def test_a_key_from_a_telephone_of_two_is_nobodys_answer(street):
    two = [street.resident("王奶奶", GRANNY, room="301"), street.resident("李爷爷", GRANNY, room="301")]
    street.begin_round()
    street.write(GRANNY, "1")
    assert (street.outcomes(), street.cases()) == ({"王奶奶": None, "李爷爷": None}, [])
    assert "请打电话给我们" in street.texts_to(GRANNY)[0]
    street.write(GRANNY, "3")
    assert street.outcomes() == {"王奶奶": None, "李爷爷": None}
    assert sorted(street.cases()) == [("unwell", each) for each in two]


def test_a_daughters_telephone_that_is_her_mothers_second_one_makes_nobody_well(street):
    resident_id = street.resident("王奶奶", LANDLINE, DAUGHTER)
    street.relative(resident_id, "小梅", DAUGHTER)
    street.begin_round()
    street.write(DAUGHTER, "1")
    assert street.outcomes() == {"王奶奶": None}


@pytest.mark.parametrize("body", ["1", "１", "她很好", "妈妈今天很好，我刚和她通过电话"])
def test_a_relatives_word_is_theirs_and_never_makes_ok(street, granny, body):
    street.begin_round()
    street.write(DAUGHTER, body)
    assert street.outcomes() == {"王奶奶": None}
    assert [each.facts["writer"] for each in street.happened("text.received")] == ["relative"]


def test_a_relatives_word_is_read_where_their_resident_is_looked_after(street, granny):
    street.begin_round()
    no_answer()
    street.write(DAUGHTER, "我刚和她通过电话，她在楼下")
    assert street.cases() == [("no_answer", granny)]
    [case] = street.all(Case)
    assert case.state == "open"
    with database.reading() as session:
        [(tie, text)] = queries.texts_of_cases(session, [case.id])[case.id]
    assert (tie.name, text.body) == ("小梅 (女儿)", "我刚和她通过电话，她在楼下")


def test_a_relatives_worry_is_read_by_a_person_and_their_thanks_need_nobody(street, granny):
    street.write(DAUGHTER, "谢谢！")
    assert street.cases() == []
    street.write(DAUGHTER, "妈妈说她摔倒了")
    street.write(DAUGHTER, "你们快去看看")
    assert street.cases() == [("message", granny)]
    assert len(street.all(CaseText)) == 2
    assert len(street.texts_to(DAUGHTER)) == 1


def test_a_stranger_is_read_and_thanked_once_a_day(street):
    street.responder("办公室", HELPER)
    for body in ("1", "请问你们是谁", "喂？"):
        street.write(STRANGER, body)
    assert street.cases() == [("message", None)]
    [case] = street.all(Case)
    assert case.caller == STRANGER
    assert len(street.all(CaseText)) == 3
    [reply] = street.texts_to(STRANGER)
    assert "没有登记" in reply
    assert [each.number for each in street.all(Call)] == [HELPER]


def test_a_closed_message_is_not_opened_again_by_the_next_text(street):
    street.write(STRANGER, "您好")
    with database.unit_of_work() as session:
        cases.close(session, session.scalars(select(Case)).one().id, "回了电话")
    street.write(STRANGER, "还有一件事")
    assert sorted(each.state for each in street.all(Case)) == ["closed", "open"]


def test_a_responder_accepts_nothing_by_text(street, granny):
    responder_id = street.responder("楼长", HELPER, role="building_head")
    street.begin_round()
    no_answer()
    for body in ("1", "接受"):
        street.write(HELPER, body)
    assert [(each.kind, each.state) for each in street.all(Case)] == [("no_answer", "open")]
    [reply] = street.texts_to(HELPER)
    assert "电话里按键" in reply
    with database.unit_of_work() as session:
        cases.accept(session, session.scalars(select(Case)).one().id, responder_id)
    street.write(HELPER, "没有人开门")
    [case] = street.all(Case)
    assert [(each.case_id, each.writer) for each in street.all(CaseText)] == [(case.id, "responder")]


def test_a_responder_with_nothing_in_hand_is_read_by_the_office(street):
    street.responder("楼长", HELPER, role="building_head")
    street.write(HELPER, "三号楼停电了")
    assert street.cases() == [("message", None)]


@pytest.mark.parametrize("body", ["STOP", "退订", "TD", "别再发了"])
def test_stop_from_a_resident_stops_texts_and_is_told_to_the_office_but_does_not_stop_calls(street, granny, body):
    street.begin_round()
    street.write(GRANNY, body)
    assert [each.number for each in street.all(TextRefusal)] == [GRANNY]
    assert street.cases() == [("message", granny)]
    assert consents(granny)
    assert calls(street) == {(LANDLINE, "queued", False)}
    assert street.all(Text, Text.number == GRANNY) == []


def test_stop_from_a_relative_is_seen_and_opens_nothing(street, granny):
    street.write(DAUGHTER, "STOP")
    assert len(street.happened("texts.refused")) == 1
    assert street.cases() == []


@pytest.mark.parametrize("body", ["不要再打了", "别再打电话了", "STOP CALLS", "Please don't call me"])
def test_please_do_not_call_me_stops_the_calls_at_once_and_is_told_to_the_office(street, granny, body):
    street.begin_round()
    ring()
    street.write(GRANNY, body)
    street.write(GRANNY, body)
    assert not consents(granny)
    assert street.outcomes() == {"王奶奶": "withdrawn"}
    assert street.cases() == [("wants_no_calls", granny)]
    assert calls(street) == {(LANDLINE, "ended", True)}
    assert street.all(TextRefusal) == []


def test_please_do_not_call_me_from_anybody_else_stops_nothing(street, granny):
    street.begin_round()
    street.write(DAUGHTER, "不要再打了")
    assert consents(granny)
    assert (street.outcomes(), street.cases()) == ({"王奶奶": None}, [("message", granny)])
