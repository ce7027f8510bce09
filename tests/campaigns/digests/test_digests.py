"""Digests for relatives: one text for a day or a week, never two, never at night, and nothing lost in between."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.digests import digests
from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome, Round
from campaigns.people import resident_status
from campaigns.rounds import check_ins
from campaigns.schedules import plans
from campaigns.set_back import follow_the_clock
from contacts.community.community import the_community
from contacts.models import Relative
from contacts.people import relative_changes
from core import actors, clock
from core.clock import Anchor
from core.ids import new_id
from core.running import events
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case, Digest, Report
from ivr.models import Text, TextState
from ivr.sms import outbound
from tests import people
from tests.ivr.correspondence import DAUGHTER, GRANNY, LANDLINE, SON

ZONE = ZoneInfo("Asia/Shanghai")
NUMBERS = count(1)


def at(day, hour, minute=0, month=11):
    """A local time of November 2026, whose 29th is a Sunday."""
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)))


def write_at(*local):
    """What is due at this time is written."""
    at(*local)
    digests.write_due()


@pytest.fixture
def granny(street):
    at(23, 6)
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_from, community.call_until = time(7), time(21)
    return street.resident("王奶奶", LANDLINE, GRANNY)


def asked(resident_id, outcome=None, kind=CampaignKind.CHECK_IN):
    """A round of a moment ago asks them; decided now, if there is an outcome."""
    with database.unit_of_work() as session:
        campaign = Campaign(id=new_id(), community_id=the_community(session).id, name=str(new_id()), kind=kind,
                            audience={}, schedule=plans.document(plans.BY_HAND))  # fmt: skip
        round_ = Round(id=new_id(), campaign_id=campaign.id, occurrence=clock.now(), started_at=clock.now(),
                       deadline=clock.now() + timedelta(hours=2))  # fmt: skip
        check_in = CheckIn(id=new_id(), round_id=round_.id, resident_id=resident_id, numbers=[], refused=[],
                           attempts=1)  # fmt: skip
        for each in (campaign, round_, check_in):
            session.add(each)
            session.flush()
        check_in_id = check_in.id
    if outcome:
        decide(check_in_id, outcome)
    return check_in_id


def decide(check_in_id, outcome):
    with database.unit_of_work() as session:
        check_ins.decide(session, actors.system(), session.get_one(CheckIn, check_in_id), Outcome(outcome))


def close(finding):
    with database.unit_of_work() as session:
        [case] = session.scalars(select(Case).where(Case.closed_at.is_(None)))
        cases.close(session, actors.user("田主任"), case.id, "", Finding(finding))


def written(street):
    """The digests in the order in which they were due, as texts; an empty one is None."""
    bodies = {each.id: each.body for each in street.all(Text)}
    return [bodies.get(each.text_id) for each in sorted(street.all(Digest), key=lambda each: each.due_on)]


def test_a_daily_one_tells_each_answer_of_the_day_in_one_text(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8, 2)
    asked(granny, "ok")
    at(25, 17, 5)
    asked(granny, "ok")
    outbound.send()
    assert street.texts_to(DAUGHTER) == []
    write_at(25, 18, 59)
    assert street.all(Digest) == []
    write_at(25, 19)
    [body] = street.texts_to(DAUGHTER)
    assert body.startswith("【槐东社区早安电话】王奶奶：11月25日08:02一切都好；11月25日17:05一切都好。")
    outbound.send()
    assert [to for to, *_ in street.provider.kept] == [DAUGHTER]


def test_it_is_written_once_for_a_day_whoever_looks_again(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    for minute in (0, 1, 59):
        write_at(25, 19, minute)
    write_at(26, 8)
    assert len(street.texts_to(DAUGHTER)) == 1


def test_a_weekly_one_comes_on_sunday_evening_in_the_relatives_language(street, granny):
    with database.unit_of_work() as session:
        people.relative(session, granny, "Mei", DAUGHTER, wants="weekly", language="en")
    for day in range(24, 30):
        at(day, 8, day)
        asked(granny, "ok" if day != 27 else "excused")
        at(day, 18, 30)
        digests.write_due()
    assert street.all(Digest) == []
    write_at(29, 19, 10)
    [body] = street.texts_to(DAUGHTER)
    assert [f"{day} Nov 08:{day} well" in body for day in range(24, 30)] == [True, True, True, False, True, True]
    assert body.startswith("[槐东社区 Zao'an] 王奶奶: 24 Nov")


def test_an_alarm_is_told_at_once_and_the_digest_tells_what_came_of_it(street, granny):
    for number, wish in ((DAUGHTER, "daily"), (SON, "weekly")):
        street.relative(granny, "家人", number, wants=wish)
    at(25, 8)
    asked(granny, "unwell")
    assert [len(street.texts_to(each)) for each in (DAUGHTER, SON)] == [1, 1]
    write_at(25, 19)
    assert "11月25日08:00身体不舒服（还在等人处理）。" in street.texts_to(DAUGHTER)[-1]
    at(26, 8)
    close("helped")
    write_at(29, 19)
    assert "11月25日08:00身体不舒服（已帮助处理好）。" in street.texts_to(SON)[-1]


def test_who_was_silent_and_answered_later_is_told_so(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    check_in_id = asked(granny, "no_answer")
    with database.unit_of_work() as session:
        check_ins.hear(session, session.get_one(CheckIn, check_in_id), Outcome.OK)
    write_at(25, 19)
    assert "没有回答（后来回答一切都好）" in street.texts_to(DAUGHTER)[-1]


def test_what_was_found_in_a_hospital_is_left_to_a_person(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "unwell")
    close("taken_to_hospital")
    write_at(25, 19)
    assert "（请来电了解）" in street.texts_to(DAUGHTER)[-1]


def test_a_day_without_a_check_in_brings_no_text(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "excused")
    asked(granny, "ok", CampaignKind.NOTICE)
    write_at(25, 19)
    assert (written(street), street.texts_to(DAUGHTER)) == ([None], [])


def test_it_waits_for_an_answer_of_the_evening_and_tells_the_rest_the_next_day(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 18, 50)
    evening = asked(granny)
    write_at(25, 19, 30)
    assert street.all(Digest) == []
    decide(evening, "ok")
    digests.write_due()
    late = asked(granny)
    at(25, 20, 45)
    decide(late, "ok")
    write_at(26, 19)
    first, second = written(street)
    assert ("19:30一切都好" in first, "20:45一切都好" in second, "19:30" in second) == (True, True, False)


def test_a_machine_that_slept_over_the_evening_tells_in_the_morning(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    for day, hour in ((25, 22), (26, 3), (26, 6)):
        at(day, hour)
        digests.write_due()
    assert street.all(Digest) == []
    write_at(26, 7)
    assert "11月25日08:00一切都好" in street.texts_to(DAUGHTER)[0]


def test_what_a_digest_would_have_told_that_did_not_leave_comes_with_the_next(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    write_at(25, 19)
    at(25, 23)  # the provider was away, and nobody is written to at night
    outbound.send()
    assert (street.text_to(DAUGHTER).state, street.provider.kept) == (TextState.FAILED, [])
    at(26, 8)
    asked(granny, "ok")
    write_at(26, 19)
    assert "11月25日08:00一切都好；11月26日08:00一切都好" in street.texts_to(DAUGHTER)[-1]


def test_without_the_residents_consent_nobody_is_told(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    with database.unit_of_work() as session:
        resident_status.refuse(session, actors.user("田主任"), granny, by="王奶奶", how="电话")
    write_at(25, 19)
    assert (street.all(Digest), street.texts_to(DAUGHTER)) == ([], [])


def test_who_wishes_for_one_today_is_not_told_of_yesterday_at_once(street, granny):
    at(25, 8)
    asked(granny, "ok")
    street.relative(granny, "小梅", DAUGHTER, wants="everything")
    at(26, 9)
    with database.unit_of_work() as session:
        relative_changes.change(session, actors.user("田主任"), granny, "小梅", {"wants": "每日汇总"})
    digests.write_due()
    assert street.all(Digest) == []
    write_at(26, 19)
    assert len(street.all(Digest)) == 1


def test_a_clock_that_was_set_back_brings_no_second_one_and_loses_none(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    at(26, 19)  # a day too early, and then put right
    digests.write_due()
    assert [each.due_on.day for each in street.all(Digest)] == [26]
    with database.unit_of_work() as session:
        events.append(session, actors.system(), "campaign.paused", None)
    at(25, 18)
    assert follow_the_clock(clock.now()) is not None
    assert street.all(Digest) == []
    write_at(25, 19)
    with database.unit_of_work() as session:
        events.append(session, actors.system(), "campaign.paused", None)
    at(25, 18)
    follow_the_clock(clock.now())
    write_at(25, 19, 30)
    assert [each.due_on.day for each in street.all(Digest)] == [25]


def test_the_text_is_on_record_as_any_other_to_the_family(street, granny):
    street.relative(granny, "小梅", DAUGHTER, wants="daily")
    at(25, 8)
    asked(granny, "ok")
    write_at(25, 19)
    [report] = street.all(Report)
    assert (report.news, report.outcome, report.case_id, report.resident_id) == ("digest", "daily", None, granny)


jumps = st.lists(st.integers(1, 60 * 40), min_size=1, max_size=8)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(jumps, st.sampled_from(["daily", "weekly"]), st.data())
def test_every_answer_is_told_once_and_only_once_however_the_machine_sleeps(street, granny, minutes, wish, data):
    """The service runs now and then, for any stretch; at the end it runs on, and every answer has been told once."""
    with database.unit_of_work() as session:
        home = people.household(session, f"{next(NUMBERS)}室")
        who = people.resident(session, "李爷爷", f"+86138{next(NUMBERS):08d}", home=home).id
        number = f"+86139{next(NUMBERS):08d}"
        at(2, 6, month=11)
        people.relative(session, who, "小刚", number, wants=wish)
    told, now = [], clock.now()
    for step in minutes:
        now += timedelta(minutes=step)
        clock.set_anchor(Anchor(clock.real_now(), now))
        if data.draw(st.booleans()):
            asked(who, "ok")
            told.append(f"{now.astimezone(ZONE).month}月{now.astimezone(ZONE):%d日%H:%M}".replace("月0", "月"))
        if data.draw(st.booleans()):
            digests.write_due()
    for _ in range(8 * 12):
        now += timedelta(hours=2)
        clock.set_anchor(Anchor(clock.real_now(), now))
        digests.write_due()
    texts = street.all(Text, Text.number == number)
    read = Counter(word for word in told for text in texts for _ in range(text.body.count(word)))
    old = {word for word, count_ in Counter(told).items() if count_ > 1}
    assert {word: times for word, times in read.items() if word not in old} == {w: 1 for w in told if w not in old}
    assert all(7 <= each.created_at.astimezone(ZONE).hour < 21 for each in texts)
    days = Counter((each.relative_id, each.due_on) for each in street.all(Digest))
    assert set(days.values()) <= {1}
    with database.unit_of_work() as session:  # the next example is somebody else's
        relative = session.scalars(select(Relative).where(Relative.number == number)).one()
        relative.wants = "nothing"
