"""Reports to relatives: who is told what and when, and what follows when a text does not arrive."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from campaigns.models import CheckIn, Outcome
from campaigns.rounds import check_ins
from console.view.today import today
from contacts.community.community import the_community
from contacts.models import Relative
from core import actors, clock
from core.storage import database
from escalation import queries
from escalation.models import Case, Report
from ivr.models import Text, Urgency
from ivr.sms import outbound
from tests.ivr.correspondence import DAUGHTER, GRANNY, LANDLINE, SON

ELSEWHERE = "+8631186000199"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def granny(street):
    return street.resident("王奶奶", LANDLINE, GRANNY)


def decide(outcome):
    with database.unit_of_work() as session:
        for check_in in session.scalars(select(CheckIn)):
            check_ins.decide(session, actors.system(), check_in, Outcome(outcome))


def untold():
    with database.reading() as session:
        return queries.cases_untold(session, [case.id for case in session.scalars(select(Case))])


def quiet_now():
    """The hours in which anybody may be disturbed begin in an hour."""
    opens = (clock.now() + timedelta(hours=1)).astimezone(ZONE)
    with database.unit_of_work() as session:
        the_community(session).call_from = opens.time().replace(microsecond=0)
        the_community(session).call_until = (opens + timedelta(minutes=1)).time().replace(microsecond=0)
    return opens


def test_good_news_waits_for_the_morning_and_bad_news_for_nothing(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="everything")
    street.begin_round()
    opens = quiet_now()
    decide("ok")
    [good] = street.all(Text)
    assert (good.urgency, abs(good.next_try_at - opens) < timedelta(seconds=2)) == (Urgency.ROUTINE, True)
    outbound.send()
    assert street.provider.kept == []
    decide("unwell")
    outbound.send()
    assert [body for _, body, *_ in street.provider.kept] == [street.all(Text, Text.urgency == Urgency.ALERT)[0].body]
    assert street.all(Text, Text.id == good.id)[0].state == "not_wanted"


def test_good_news_by_day_leaves_at_once(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="everything")
    street.begin_round()
    decide("ok")
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER]


@pytest.mark.parametrize("failure", ["landline", "refused", "undelivered"])
def test_when_nobody_of_the_family_can_be_told_the_office_sees_it(street, granny, failure):
    street.relative(granny, "小梅", ELSEWHERE if failure == "landline" else DAUGHTER)
    if failure == "refused":
        street.write(DAUGHTER, "STOP")
    street.begin_round()
    decide("no_answer")
    [case] = street.all(Case)
    assert untold() == set()
    outbound.send()
    if failure == "undelivered":
        assert untold() == set()
        street.report(street.text_to(DAUGHTER), "undelivered", ErrorCode="30003")
    assert untold() == {case.id}
    assert [each.subject_id for each in street.happened("case.relative_not_told")] == [case.id]
    assert [each.subject_id for each in street.happened("case.family_not_told")] == [case.id]
    with database.reading() as session:
        assert today(session).untold == {case.id}


def test_as_long_as_one_of_them_may_know_the_family_is_not_untold(street, granny):
    street.relative(granny, "小梅", ELSEWHERE)
    street.relative(granny, "小刚", SON)
    street.begin_round()
    decide("no_answer")
    outbound.send()
    assert untold() == set()
    assert len(street.happened("case.relative_not_told")) == 1
    street.report(street.text_to(SON), "failed", ErrorCode="30005")
    assert len(untold()) == 1
    street.report(street.text_to(SON), "delivered")
    assert untold() == set()


def test_whoever_has_asked_to_know_since_then_is_told_next(street, granny):
    street.relative(granny, "小梅", DAUGHTER)
    street.relative(granny, "小刚", SON, wants="nothing")
    street.begin_round()
    decide("no_answer")
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER]
    with database.unit_of_work() as session:
        session.scalars(select(Relative).where(Relative.number == SON)).one().wants = "problems"
    street.report(street.text_to(DAUGHTER), "undelivered", ErrorCode="30003")
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER, SON]
    assert street.text_to(SON).body == street.text_to(DAUGHTER).body
    assert untold() == set()


def test_good_news_that_does_not_arrive_worries_nobody(street, granny):
    street.relative(granny, "小梅", ELSEWHERE, wants="everything")
    street.begin_round()
    decide("ok")
    outbound.send()
    assert street.text_to(ELSEWHERE).state == "failed"
    assert (street.happened("case.family_not_told"), [each.case_id for each in street.all(Report)]) == ([], [None])


def test_a_report_knows_the_time_of_the_community(street, granny):
    street.relative(granny, "小梅", DAUGHTER)
    street.begin_round()
    before = clock.now()
    decide("unwell")
    body = street.text_to(DAUGHTER).body
    assert any(f"{minute.astimezone(ZONE):%H:%M}" in body for minute in (before, clock.now()))
