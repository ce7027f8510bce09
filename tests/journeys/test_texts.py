"""Stories of texts, told over real HTTP between the service and the exchange."""

from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from contacts.models import Responder
from core import clock
from core.storage.database import reading
from escalation import queries
from escalation.models import Case
from ivr.models import Call, Text
from ivr.provider.twilio.adapter import TwilioTelephony
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.process import wiring
from zaoan.rehearsal.behaviours import Behaviour, answer, no_answer, press
from zaoan.rehearsal.town import subscriber

ACCEPTS = Behaviour([answer(press("1"), after=3.0)])
STOPPED_AT_THE_PROVIDER = 21610


def mobile(building, index=1):
    return f"+861370{building.number:03d}{index:04d}"


def write(building, number, body):
    """Somebody writes to the service on the exchange."""
    url = f"{building.around.service.settings.exchange_url}/exchange/texts"
    answered = requests.post(url, json={"from": number, "body": body}, timeout=PATIENCE_SECONDS).json()
    assert answered["webhook_status"] == 200
    return answered


def picks_up_nothing(building, number):
    """A telephone that can receive texts."""
    building.scripts.append(subscriber(number, Behaviour([no_answer()]), label="路人"))


def the_case(building, state="open"):
    wait_for(lambda: [case for case in building.cases() if case.state == state], f"a case that is {state}")
    [case] = building.cases()
    return case


def texts_of(*numbers):
    with reading() as session:
        return session.scalars(select(Text).where(Text.number.in_(numbers)).order_by(Text.created_at)).all()


def test_a_text_while_the_telephone_rings_is_the_answer_and_the_ringing_stops(building):
    telephone = building.home(Behaviour([no_answer()]), "王奶奶")
    building.begin()
    wait_for(lambda: building.calls_to(telephone), "the telephone to ring")
    write(building, telephone, "１。")
    building.until_over()
    assert building.outcomes() == {"王奶奶": "ok"}
    wait_for(lambda: building.calls_to(telephone)[0].ended_at is not None, "the ringing to stop")
    assert len(building.calls_to(telephone)) == 1
    wait_for(lambda: _endings(telephone) == ["withdrawn"], "the end of the call to be known")


def test_a_three_as_a_text_fetches_a_helper(building):
    telephone = building.home(Behaviour([no_answer()]), "王奶奶")
    head = building.responder(ACCEPTS, "楼长")
    building.begin(retry_minutes=30)
    wait_for(lambda: [call for call in building.calls_to(telephone) if call.ended_at], "the first call to end")
    write(building, telephone, "3")
    building.until_over()
    assert building.outcomes() == {"王奶奶": "unwell"}
    assert len(building.calls_to(head)) == 1


def test_a_daughters_word_is_read_with_the_case_and_makes_nobody_well(building):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    building.begin(attempts=1)
    case = the_case(building)
    assert "还没有回答" in building.texts_to(daughter)[0]
    write(building, daughter, "我刚和妈妈通了电话，她在买菜")
    with reading() as session:
        [(tie, text)] = queries.texts_of_cases(session, [case.id])[case.id]
    assert (tie.writer, tie.name, text.body) == ("relative", "小梅", "我刚和妈妈通了电话，她在买菜")
    assert building.outcomes() == {"王奶奶": "no_answer"}
    assert the_case(building).id == case.id
    wait_for(lambda: len(building.texts_to(daughter)) == 2, "a kind word back")


def test_a_stranger_is_thanked_and_read_by_the_office(building):
    stranger = mobile(building)
    picks_up_nothing(building, stranger)
    building.responder(ACCEPTS, "办公室", role="社区办公室")
    building.settle()
    write(building, stranger, "王奶奶家好像没人")
    assert "没有登记" in building.texts_to(stranger)[0]
    wait_for(lambda: _message_from(stranger).state == "accepted", "the office to take it")
    with reading() as session:
        taker = session.get_one(Responder, _message_from(stranger).accepted_by_id)
    assert taker.role == "office"  # of this story or, in the same neighbourhood, of another
    assert building.calls_to(taker.number)


@pytest.mark.parametrize("body", ["Liked “{ours}”", "赞了“{ours}”"])
def test_a_sign_that_was_tapped_at_our_text_rings_nobody(building, body):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    head = building.responder(ACCEPTS, "楼长")
    building.begin(attempts=1)
    case = the_case(building, "accepted")
    wait_for(lambda: len(building.texts_to(daughter)) == 2, "the alarm and who has taken it")
    rung, written = len(building.calls_to(head)), building.texts_to(daughter)
    write(building, daughter, body.format(ours=written[0]))
    building.settle()
    assert (len(building.calls_to(head)), [each.id for each in building.cases()]) == (rung, [case.id])
    assert building.texts_to(daughter) == written


@pytest.mark.parametrize("by_provider", [False, True])
def test_a_family_that_wants_no_texts_gets_none_and_the_office_sees_it(building, by_provider):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    if by_provider:
        building.scripts[-1] = subscriber(
            daughter, Behaviour([no_answer()], refuse=STOPPED_AT_THE_PROVIDER), label="小梅"
        )
    building.settle()
    if not by_provider:
        write(building, daughter, "退订")
    building.begin(attempts=1)
    case = the_case(building)
    wait_for(lambda: [text.state for text in texts_of(daughter)] == ["refused"], "the text to be refused")
    with reading() as session:
        assert queries.cases_untold(session, [case.id]) == {case.id}
    page = requests.get(building.around.service.settings.public_url, timeout=PATIENCE_SECONDS).text
    assert "没能通知到家属" in page


def test_a_daughter_is_told_who_has_taken_it_and_how_it_ended(building):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    building.responder(ACCEPTS, "楼长")
    building.begin(attempts=1)
    case = the_case(building, "accepted")
    wait_for(lambda: len(building.texts_to(daughter)) == 2, "the alarm and who has taken it")
    alarm, taken = building.texts_to(daughter)
    assert alarm.startswith("【槐东社区早安电话】")
    assert "王奶奶还没有回答" in alarm
    assert "王奶奶的事已有人接手（楼栋长）" in taken
    page = building.around.service.settings.public_url
    closed = {"finding": "fine", "note": "在邻居家打牌"}
    assert requests.post(f"{page}/today/cases/{case.id}/close", data=closed, timeout=20).status_code == 200
    wait_for(lambda: len(building.texts_to(daughter)) == 3, "how it ended")
    assert "社区已联系上王奶奶，平安无事。" in building.texts_to(daughter)[2]
    assert "打牌" not in "".join(building.texts_to(daughter))


def test_a_telephone_that_is_off_is_a_fact_of_the_case(building):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    building.scripts.pop()
    building.begin(attempts=1)
    case = the_case(building)
    wait_for(lambda: [text.state for text in texts_of(daughter)] == ["undelivered"], "the text to fail")
    with reading() as session:
        assert queries.cases_untold(session, [case.id]) == {case.id}


def _message_from(number):
    with reading() as session:
        return session.scalars(select(Case).where(Case.caller == number)).one()


def _endings(number):
    with reading() as session:
        return [call.ending for call in session.scalars(select(Call).where(Call.number == number))]


def test_a_text_that_was_written_to_us_can_be_learnt_from_the_provider(building):
    stranger = mobile(building)
    sid = write(building, stranger, "喂？")["sid"]
    account, settings = wiring.account_of(building.around.service.settings), building.around.service.settings
    telephony = TwilioTelephony(account.sid, account.token, settings.exchange_url)
    received = telephony.texts_received(account.numbers[0], clock.real_now() - timedelta(minutes=5))
    assert [(each.number, each.body) for each in received if each.provider_id == sid] == [(stranger, "喂？")]
