"""What the page of today knows, over a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from campaigns import queries
from campaigns.changes import round_starts
from campaigns.models import Outcome
from console.view.headline import Mood
from console.view.roster import place_in
from console.view.signs import Sign
from console.view.today import today
from core import actors
from core.i18n import Language
from core.storage import database
from escalation.models import PageState
from tests.console import street


def page():
    with database.reading() as session:
        return today(session)


def sentence(language=Language.CHINESE):
    return ", ".join(phrase.say(language) for phrase in page().headline.phrases)


def line(called):
    return next(each for each in page().check_ins if each.called == called)


def statements(house):
    seen = []
    event.listen(house.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    page()
    return len(seen)


def test_an_empty_database_says_what_to_do(house):
    assert page().headline.mood is Mood.EMPTY
    assert "zaoan import" in page().headline.next.say(Language.CHINESE)


def test_before_the_first_round_the_houses_stand_already(neighbourhood):
    shown = page()
    assert (shown.headline.mood, len(shown.fronts)) == (Mood.BEFORE, 3)
    assert {each.sign for each in shown.check_ins} == {Sign.RESTING}


def test_the_sentence_counts_who_answered_who_is_rung_and_who_needs_a_person(neighbourhood):
    street.half_a_morning()
    assert sentence(Language.ENGLISH) == "12 of 24 have answered, 2 being called, 4 need somebody"
    assert sentence() == "24 位居民，12 位已有回音, 2 位正在呼叫, 有 4 位要人去看看"


def test_when_all_are_well_it_says_so(neighbourhood):
    street.begin_round()
    for *_, called in street.HOMES:
        street.answer(called, Outcome.OK)
    assert sentence(Language.ENGLISH) == "24 residents, all are well"


def test_when_every_case_is_closed_everybody_has_been_looked_after(neighbourhood):
    street.half_a_morning()
    street.all_done()
    assert (page().headline.mood, page().cases) == (Mood.ALL_WELL, [])
    assert sentence(Language.ENGLISH) == "24 residents, everybody has been looked after"


def test_the_round_of_yesterday_is_not_the_morning_of_today(neighbourhood):
    street.half_a_morning()
    street.all_done()
    street.at(street.EIGHT + timedelta(days=1, hours=-1))
    assert page().headline.mood is Mood.BEFORE
    assert {each.sign for each in page().check_ins} == {Sign.RESTING}


@pytest.mark.parametrize(("picked_up", "sign"), [(False, Sign.CALLING), (True, Sign.TALKING)])
def test_a_telephone_that_rings_is_seen(neighbourhood, picked_up, sign):
    street.begin_round()
    assert line("王奶奶").sign is Sign.WAITING
    street.telephone_rings("王奶奶", picked_up)
    assert line("王奶奶").sign is sign


def test_a_couple_shares_a_window_that_shows_the_more_worrying_of_the_two(neighbourhood):
    street.begin_round()
    street.answer("黄爷爷", Outcome.OK)
    street.answer("周奶奶", Outcome.UNWELL)
    homes = [home for front in page().fronts for unit in front.units for floor in unit.floors for home in floor.homes]
    (shared,) = [home for home in homes if home and {"黄爷爷", "周奶奶"} == {each.called for each in home.lines}]
    assert shared.sign is Sign.UNWELL


def test_the_most_urgent_case_comes_first_and_an_accepted_one_last(neighbourhood):
    street.half_a_morning()
    assert [case.called for case in page().cases] == ["李爷爷", "周奶奶", "朱奶奶", "刘奶奶"]


def test_a_case_tells_who_has_been_rung_and_what_they_said(neighbourhood):
    street.half_a_morning()
    rung = {each.name: each.state for each in page().cases[0].rung}
    assert rung == {"田保国": PageState.DECLINED, "石磊": PageState.CALLING, "槐东社区办公室": PageState.CALLING}, (
        "the office, which is rung about another case, is told of this one as well"
    )


def test_a_closed_case_is_kept_with_its_note(neighbourhood):
    street.half_a_morning()
    assert {case.called: case.note for case in page().closed}["徐爷爷"] == "在楼下遛弯"
    assert line("徐爷爷").care == "closed"


def test_places_are_said_in_the_language_of_the_page(neighbourhood):
    assert place_in(Language.ENGLISH, page().check_ins[0].spot) == "building 1, unit 1, room 101"
    assert place_in(Language.CHINESE, page().check_ins[0].spot) == "1号楼1单元101"


def test_the_last_happenings_name_everybody_newest_first(neighbourhood):
    street.half_a_morning()
    told = page().happenings
    assert len(told) == 12
    assert [each.happening.event_id for each in told] == sorted(
        (each.happening.event_id for each in told), reverse=True
    )
    assert (told[0].called, told[0].happening.text) == ("徐爷爷", "The case of {called} is closed")
    accepted = next(each for each in told if "takes care" in each.happening.text)
    assert (accepted.called, accepted.responder) == ("刘奶奶", "石磊")


def test_numbers_that_the_provider_refuses_are_listed_with_whose_they_are_and_why(neighbourhood):
    assert page().numbers == []
    street.numbers_refused()
    resident, helper = page().numbers
    assert (resident.name, place_in("zh-CN", resident.spot), resident.fault) == ("王桂兰", "1号楼1单元101", "invalid")
    assert (helper.name, helper.spot, helper.role, helper.fault) == ("石磊", None, "volunteer", "other")


def test_a_notice_is_no_morning_but_whoever_is_unwell_in_it_is_seen(neighbourhood):
    street.begin_round()
    street.answer("王奶奶", Outcome.OK)
    street.answer("李爷爷", Outcome.OK)
    street.notice({"王奶奶": Outcome.UNWELL, "李爷爷": Outcome.NO_KEY, "张奶奶": Outcome.OK,
                   "朱奶奶": Outcome.UNWELL})  # fmt: skip
    assert line("王奶奶").sign is Sign.UNWELL
    assert line("李爷爷").sign is Sign.WELL
    assert line("张奶奶").sign is Sign.WAITING
    assert line("朱奶奶").sign is Sign.UNWELL
    assert [(case.called, case.kind) for case in page().cases] == [
        ("王奶奶", "unwell"), ("朱奶奶", "unwell"), ("李爷爷", "notice_not_heard"),
    ]  # fmt: skip
    told = [each.happening.text for each in page().happenings]
    assert "{called} has heard the notice" in told
    assert told.count("The round started") == 1


def test_many_residents_cost_no_more_statements_than_few(house):
    street.move_in([home for home in street.HOMES if home[0] == "1"])
    street.begin_round()
    street.answer("王奶奶", Outcome.UNWELL)
    few = statements(house)
    street.move_in([("9", "1", f"{n // 3 + 1}{n % 3 + 1:02}", f"邻{n}", f"邻居{n}") for n in range(60)], helpers=[])
    with database.unit_of_work() as session:
        round_starts.start_now(session, actors.system(), queries.campaigns(session)[0])
    for n in range(30):
        street.answer(f"邻居{n}", Outcome.UNWELL)
    assert len(page().check_ins) == 69
    assert statements(house) == few
