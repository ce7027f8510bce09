"""How it ended: whoever was alarmed is told who has taken it and what was found, and nobody is told what is not so."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from campaigns.models import CheckIn, Outcome
from campaigns.people import resident_status
from campaigns.rounds import check_ins
from contacts.callers import refused_numbers
from contacts.community.community import the_community
from contacts.models import Relative, Removal
from core import actors, clock
from core.clock import Anchor
from core.i18n import Language
from core.storage import database
from escalation import climbing
from escalation.cases import cases, relative_texts, relative_words
from escalation.cases.relative_words import Channel, Letterhead
from escalation.findings import Finding
from escalation.models import Case, News, Report
from escalation.paging.promises import Help, Promise
from ivr.models import Text
from ivr.sms import outbound
from ivr.sms.segments import segments
from tests.ivr.correspondence import DAUGHTER, GRANNY, HELPER, LANDLINE, SON

ZONE = ZoneInfo("Asia/Shanghai")
EIGHT_52 = datetime(2026, 11, 28, 0, 52, tzinfo=UTC)
STAMP = "【槐东社区早安电话】11月28日08:52，"


def at(instant):
    clock.set_anchor(Anchor(clock.real_now(), instant, 1.0))


@pytest.fixture
def granny(street):
    at(EIGHT_52)
    with database.unit_of_work() as session:
        the_community(session).name = "槐东社区"
        the_community(session).call_from, the_community(session).call_until = time(7, 30), time(21, 0)
    return street.resident("王奶奶", LANDLINE, GRANNY)


@pytest.fixture
def family(street, granny):
    """A daughter who wants everything, a son who wants nothing, and a building head."""
    street.relative(granny, "小梅", DAUGHTER, wants="everything")
    street.relative(granny, "小刚", SON, wants="nothing")
    return street.responder("楼长", HELPER, role="building_head")


def decide(street, outcome):
    street.begin_round(f"早安{outcome}")
    with database.unit_of_work() as session:
        for check_in in session.scalars(select(CheckIn).where(CheckIn.outcome.is_(None))):
            check_ins.decide(session, actors.system(), check_in, Outcome(outcome))


def hear(said):
    with database.unit_of_work() as session:
        check_ins.hear(session, session.scalars(select(CheckIn)).one(), Outcome(said))


def accept(responder_id):
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), session.scalars(select(Case)).one().id, responder_id)


def close(finding, note="她在医院，心脏不好"):
    with database.unit_of_work() as session:
        cases.close(session, actors.system(), session.scalars(select(Case)).one().id, note, finding)


def sent(street):
    """What the family has really been sent by now, and whoever of them."""
    outbound.send()
    return [(to, body) for to, body, *_ in street.provider.kept if to != HELPER]


def bodies(street):
    return [body for _, body in sent(street)]


def later(**passed):
    at(clock.now() + timedelta(**passed))


def test_good_news_reads_as_the_house_writes(street, granny, family):
    decide(street, "ok")
    [(to, body)] = sent(street)
    assert to == DAUGHTER
    assert body.startswith(f"{STAMP}王奶奶接了电话，一切都好。可回拨")


def test_whoever_was_alarmed_is_told_that_it_was_taken_and_how_it_ended(street, granny, family):
    decide(street, "no_answer")
    assert sent(street)[0][1].startswith(f"{STAMP}王奶奶还没有回答，电话没有人接。我们正在打电话请人帮忙。可回拨")
    later(minutes=3)
    accept(family)
    assert len(sent(street)) == 1
    later(minutes=1, seconds=1)
    assert re.match("【槐东社区早安电话】11月28日08:55，王奶奶的事已有人接手（楼栋长）。可回拨", bodies(street)[1])
    later(minutes=20)
    close(Finding.FINE)
    assert "社区已联系上王奶奶，平安无事。" in bodies(street)[2]
    assert {to for to, _ in sent(street)} == {DAUGHTER}
    assert [each.news for each in sorted(street.all(Report), key=lambda each: each.at)] == [
        "problem",
        "taken",
        "closed",
    ]


def test_what_is_closed_within_a_minute_brings_one_text(street, granny, family):
    decide(street, "unwell")
    sent(street)
    accept(family)
    close(Finding.HELPED)
    later(minutes=5)
    assert ["处理好" in each for each in bodies(street)] == [False, True]


def test_an_alarm_that_never_left_is_not_sent_after_its_end(street, granny, family):
    decide(street, "unwell")
    close(Finding.FALSE_ALARM)
    [body] = bodies(street)
    assert "误报" in body


def test_whoever_was_not_alarmed_is_not_told_the_end(street, granny, family):
    with database.unit_of_work() as session:
        session.scalars(select(Relative).where(Relative.number == DAUGHTER)).one().wants = "nothing"
    decide(street, "unwell")
    accept(family)
    close(Finding.FINE)
    later(hours=1)
    assert sent(street) == []


def test_whoever_could_not_be_alarmed_is_not_told_the_end_either(street, granny, family):
    street.write(DAUGHTER, "STOP")
    decide(street, "unwell")
    assert sent(street) == []
    close(Finding.FINE)
    assert [each.news for each in street.all(Report)] == [News.PROBLEM]


@pytest.mark.parametrize("finding", [Finding.TAKEN_TO_HOSPITAL, Finding.DECEASED])
def test_what_a_person_has_to_say_is_not_texted_and_no_note_ever_is(street, granny, family, finding):
    street.responder("社区办公室", "+8631185190001")
    decide(street, "no_answer")
    close(finding)
    end = bodies(street)[-1]
    assert "关于王奶奶，请您尽快给社区打电话。可回拨0311 8519 0001。" in end
    assert not re.search("医院|去世|心脏", end)


def test_a_mobile_of_somebody_at_the_office_is_not_given_away(street, granny, family):
    street.responder("社区办公室", "+8613811112222")
    decide(street, "no_answer")
    close(Finding.NOT_FOUND)
    assert "没有找到王奶奶" in bodies(street)[-1]
    assert "138" not in bodies(street)[-1]


def test_a_case_that_comes_back_is_said_to_have_come_back_once(street, granny, family):
    decide(street, "unwell")
    sent(street)
    accept(family)
    later(minutes=2)
    sent(street)
    later(hours=1)
    climbing.climb_due()
    climbing.climb_due()
    last = bodies(street)
    assert [("还没有结果" in each, "正在打电话请人" in each) for each in last] == [
        (False, True),
        (False, False),
        (True, True),
    ]
    close(Finding.FINE)
    assert len(bodies(street)) == 4


def given_back():
    """Whoever has taken it was reminded, and has said nothing since."""
    with database.unit_of_work() as session:
        case = session.scalars(select(Case)).one()
        case.moved_at = case.reminded_at = clock.now() - timedelta(days=1)
        case.look_at = clock.now()
    climbing.climb_due()


def test_a_case_that_was_never_said_to_be_taken_comes_back_in_silence(street, granny, family):
    decide(street, "unwell")
    sent(street)
    accept(family)
    given_back()
    later(minutes=5)
    assert len(bodies(street)) == 1


def test_a_case_that_is_taken_and_given_back_all_day_is_not_told_all_day(street, granny, family):
    decide(street, "unwell")
    for _ in range(8):
        accept(family)
        later(minutes=2)
        sent(street)
        given_back()
    assert len(bodies(street)) == 1 + relative_texts.MOST_FOLLOWING
    close(Finding.FINE)
    assert "平安无事" in bodies(street)[-1]


def test_who_answers_after_all_is_told_to_whoever_was_alarmed(street, granny, family):
    decide(street, "no_answer")
    hear("ok")
    hear("ok")
    assert ["刚才回答了，说一切都好" in each for each in bodies(street)] == [False, True]
    assert [each.state for each in street.all(Case)] == ["open"]


def test_an_ok_after_an_unwell_reassures_nobody(street, granny, family):
    decide(street, "unwell")
    hear("ok")
    assert len(bodies(street)) == 1


def test_at_night_the_end_comes_at_once_to_whoever_was_just_alarmed_else_in_the_morning(street, granny, family):
    street.begin_round()
    at(datetime(2026, 11, 28, 15, 30, tzinfo=UTC))
    hear("unwell")
    assert len(bodies(street)) == 1
    later(minutes=30)
    close(Finding.FINE)
    assert len(bodies(street)) == 2


def test_the_end_of_an_old_alarm_waits_for_the_morning(street, granny, family):
    decide(street, "unwell")
    sent(street)
    at(datetime(2026, 11, 28, 14, 1, tzinfo=UTC))
    close(Finding.FINE)
    assert len(bodies(street)) == 1
    waiting = next(text for text in street.all(Text) if "平安无事" in text.body)
    assert waiting.next_try_at.astimezone(ZONE).strftime("%d %H:%M") == "29 07:30"


def test_until_ten_in_the_evening_it_comes_at_once(street, granny, family):
    decide(street, "unwell")
    at(datetime(2026, 11, 28, 13, 55, tzinfo=UTC))
    close(Finding.FINE)
    assert len(bodies(street)) == 1


def test_of_somebody_who_has_left_nothing_is_written(street, granny, family):
    decide(street, "unwell")
    sent(street)
    with database.unit_of_work() as session:
        resident_status.remove(session, actors.user("办公室"), granny, Removal.DECEASED)
    assert [each.finding for each in street.all(Case)] == ["deceased"]
    assert len(bodies(street)) == 1


def test_nobody_is_said_to_be_told_where_nobody_can_be(street, granny):
    street.relative(granny, "小梅", DAUGHTER)
    decide(street, "unwell")
    [body] = bodies(street)
    assert "现在没有帮手的电话可打，已记在社区办公室的页面上。请您也联系王奶奶，紧急请拨120。" in body
    assert "正在" not in body


def test_where_every_number_is_refused_nobody_is_said_to_be_told_either(street, granny, family):
    with database.unit_of_work() as session:
        refused_numbers.mark(session, HELPER, 13224, family)
    decide(street, "no_answer")
    assert "没有帮手的电话可打" in bodies(street)[0]


def test_who_was_not_rung_is_never_said_not_to_have_answered(street, granny, family):
    decide(street, "not_asked")
    assert sent(street) == []


def head(language, community="槐东社区", number="0311 8600 0000"):
    return Letterhead(language, community, ZONE, EIGHT_52, number, "120")


PROMISES = [Promise(Help.RINGING), Promise(Help.LATER, EIGHT_52 + timedelta(hours=23)), Promise(Help.NOBODY),
            Promise(Help.TAKEN)]  # fmt: skip


def every_text(letterhead, called):
    yield from (relative_words.well(letterhead, called, channel) for channel in Channel)
    for promise in PROMISES:
        yield relative_words.returned(letterhead, called, promise)
        yield from (relative_words.problem(letterhead, called, each, promise) for each in relative_words.PROBLEMS)
    yield from (relative_words.closed(letterhead, called, finding) for finding in Finding)
    yield relative_words.taken(letterhead, called, relative_texts.Role.GRID_WORKER)
    yield relative_words.answered(letterhead, called)


@pytest.mark.parametrize(
    ("language", "community", "called"),
    [(Language.CHINESE, "槐东社区", "欧阳奶奶"), (Language.ENGLISH, "Huaidong", "Granny Ouyang")],
)
def test_every_text_is_short_complete_and_in_one_language(language, community, called):
    for body in every_text(head(language, community), called):
        assert segments(body) <= 2, body
        assert "{" not in body
        assert called in body
        assert community in body
        assert "0311 8600 0000" in body
        if language is Language.CHINESE:
            assert not re.search("[A-Za-z]", body), body
        else:
            assert body.isascii(), body


def test_good_news_and_an_alarm_fit_into_one_segment():
    letterhead = head(Language.CHINESE)
    assert segments(relative_words.well(letterhead, "王奶奶", Channel.CALLED)) == 1
    assert segments(relative_words.problem(letterhead, "王奶奶", "unwell", PROMISES[0])) == 1


def test_in_english():
    said = relative_words.problem(head(Language.ENGLISH, "Huaidong"), "Granny Wang", "no_answer", PROMISES[1])
    assert said == (
        "[Huaidong Zao'an] 28 Nov 08:52: Granny Wang has not answered the telephone."
        " We will ring somebody to help from 29 Nov 07:52. Ring us: 0311 8600 0000."
    )


def test_every_outcome_that_concerns_a_family_can_be_said():
    worrying = set(Outcome) - {Outcome.OK, Outcome.EXCUSED, Outcome.WITHDRAWN, Outcome.NOT_ASKED}
    assert set(relative_words.PROBLEMS) == worrying
    assert set(relative_words.FINDINGS) == set(Finding)
    assert set(relative_words.HELP) == set(Help)
