"""Who has taken a case and does not go on is reminded, then others are asked; another one may take it over."""

from datetime import time, timedelta

import pytest

from contacts.community.community import the_community
from contacts.models import Responder
from core import clock
from core.errors import ConflictError
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.deeds import giving_back, handing_over
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.policy_lookup import shipped
from escalation.set_back import set_back
from ivr.models import Call
from tests import quiet_hours
from tests.campaigns.mornings import later
from tests.escalation.deeds.conftest import CLERK, TIAN, WEI
from tests.switchboard import responder, rows

UNWELL = shipped().table[CaseKind.UNWELL]


def reminders():
    return rows(Call, owner="reminder")


def happened(case_id):
    return [each.kind for each in sorted(rows(Event), key=lambda each: each.id) if each.subject_id == case_id]


def late(story, within=UNWELL.move_within):
    story.pass_(seconds=within.total_seconds() + 1)


def test_who_is_in_time_is_left_in_peace(story):
    story.taken()
    story.pass_(minutes=9)
    assert (reminders(), story.case.state) == ([], CaseState.ACCEPTED)


def test_who_has_not_set_out_is_rung_once_and_asked_how_it_goes(story):
    case_id = story.taken()
    late(story)
    story.pass_(seconds=30)
    [call] = reminders()
    assert call.number == TIAN
    heard = story.house.pick_up(TIAN)
    assert "还没有办结" in heard.hears
    assert "王" not in heard.hears  # nobody has proved yet that the helper listens
    heard.press("1").hang_up()
    assert (story.case.state, story.case.reminded_at) == (CaseState.ON_THE_WAY, None)
    assert happened(case_id)[-3:] == ["case.reminded", "page.accepted", "case.on_the_way"]
    story.pass_(seconds=UNWELL.return_after.total_seconds() + 1)
    assert story.case.accepted_by_id == story.tian


@pytest.mark.parametrize(("key", "state"), [("3", CaseState.ON_SITE), ("4", CaseState.CLOSED)])
def test_a_key_says_how_it_goes(story, key, state):
    story.taken()
    late(story)
    heard = story.house.pick_up(TIAN).press(key)
    assert story.case.state == state
    assert ("办结了" if key == "4" else "还交给您") in heard.hears
    assert story.case.finding == (Finding.HELPED if key == "4" else None)
    assert heard.is_over


def test_who_cannot_come_after_all_gives_it_back_and_is_not_asked_again(story):
    case_id = story.taken()
    late(story)
    story.house.pick_up(TIAN).press("2").hang_up()
    assert (story.case.state, story.case.accepted_by_id) == (CaseState.OPEN, None)
    assert "case.given_back" in happened(case_id)
    assert [each.number for each in story.house.waiting_for(WEI)] == [WEI]
    story.house.miss(WEI)
    story.pass_(minutes=6)
    assert story.house.waiting_for(TIAN) == []


def test_silence_after_the_reminder_brings_it_back_to_its_ladder_and_the_time_line_says_so(story):
    case_id = story.taken()
    late(story)
    story.house.miss(TIAN)
    assert story.case.state == CaseState.ACCEPTED
    story.pass_(seconds=UNWELL.return_after.total_seconds() + 1)
    assert story.case.state == CaseState.OPEN
    assert "case.returned" in happened(case_id)
    assert story.house.waiting_for(WEI)


def test_each_word_gives_the_time_for_the_next_step(story):
    case_id = story.taken()
    later(minutes=9)
    story.do(cases.move, case_id, CaseState.ON_THE_WAY)
    story.pass_(minutes=19)
    assert reminders() == []
    story.do(cases.arrive, case_id)
    story.pass_(minutes=59)
    assert (reminders(), story.case.state) == ([], CaseState.ON_SITE)
    story.pass_(minutes=2)
    assert len(reminders()) == 1


def test_one_does_not_go_back_from_the_door(story):
    case_id = story.taken()
    story.do(cases.arrive, case_id)
    with pytest.raises(ConflictError):
        story.do(cases.move, case_id, CaseState.ON_THE_WAY)


def test_a_case_that_is_closed_rings_nobody_any_more(story):
    case_id = story.taken()
    late(story)
    story.do(cases.close, case_id, "", Finding.FINE)
    assert [each for each in reminders() if each.ended_at is None] == []
    story.pass_(hours=3)
    assert story.case.look_at is None


def test_a_reminder_rings_in_nobodys_quiet_hours_and_the_case_returns_all_the_same(story, monkeypatch):
    quiet_hours.as_shipped(monkeypatch)
    with database.unit_of_work() as session:
        the_community(session).call_until = time(20, 0)
        case = cases.open_case(session, CLERK, CaseKind.NO_KEY, story.granny, None)
        case_id = case.id
    later(hours=13, minutes=50)  # ten minutes to ten
    story.do(cases.accept, case_id, story.tian)
    story.pass_(minutes=21)
    story.pass_(minutes=11)
    assert (reminders(), story.case.state) == ([], CaseState.OPEN)
    assert [call for call in rows(Call) if call.due_at > clock.now() - timedelta(hours=2)] == []


def test_several_that_are_late_are_asked_about_in_one_call(story):
    with database.unit_of_work() as session:
        for kind in (CaseKind.NO_KEY, CaseKind.HUNG_UP):
            cases.open_case(session, CLERK, kind, story.granny, None)
    [rung] = rows(Call)
    story.house.pick_up(rung.number).press("9").hang_up()
    story.pass_(minutes=21)
    assert [call.number for call in reminders()] == [rung.number]
    heard = story.house.pick_up(rung.number)
    assert "有2件" in heard.hears
    heard.press("1").hang_up()
    assert {each.state for each in rows(Case)} == {CaseState.ON_THE_WAY}
    assert {each.accepted_by_id for each in rows(Case)} == {rows(Page)[0].responder_id}


def test_the_clock_set_back_leaves_nobody_waiting_longer(story):
    case_id = story.taken()
    with database.unit_of_work() as session:
        jumped = clock.now() - timedelta(days=1)
        set_back(session, jumped, timedelta(days=1))
    case = story.case
    assert case.look_at <= jumped + UNWELL.move_within
    assert case.moved_at <= jumped
    assert case.id == case_id


def test_it_is_the_first_ones_until_the_other_has_accepted(story):
    case_id = story.taken()
    story.do(handing_over.ask_to_take_over, case_id, story.wei)
    assert (story.case.accepted_by_id, story.case.handing_to_id) == (story.tian, story.wei)
    heard = story.house.pick_up(WEI)
    assert "身体不舒服" in heard.hears
    assert story.case.accepted_by_id == story.tian
    heard.press("1").hang_up()
    assert (story.case.accepted_by_id, story.case.handing_to_id) == (story.wei, None)
    assert story.case.state == CaseState.ACCEPTED
    assert happened(case_id)[-2:] == ["case.accepted", "page.accepted"]


@pytest.mark.parametrize("answer", ["2", None])
def test_who_does_not_take_it_over_leaves_it_with_the_first(story, answer):
    case_id = story.taken()
    story.do(handing_over.ask_to_take_over, case_id, story.wei)
    if answer:
        story.house.pick_up(WEI).press(answer).hang_up()
    else:
        story.house.miss(WEI)
    assert (story.case.accepted_by_id, story.case.handing_to_id) == (story.tian, None)
    assert happened(case_id)[-1] == "case.not_handed_over"
    late(story)
    assert len(reminders()) == 1


def test_another_helper_does_not_take_a_case_by_being_handed_nothing(story):
    """A page to somebody else that was answered late takes nothing: only whom it is handed to."""
    story.taken()
    other = responder("第三个", "+8613900000003")
    with database.unit_of_work() as session:
        assert cases.accept_by_key(session, story.case.id, session.get_one(Responder, other)) == "too_late"
    assert story.case.accepted_by_id == story.tian


def test_who_has_agreed_has_it_at_once_and_their_own_time(story):
    case_id = story.taken()
    later(minutes=9)
    story.do(handing_over.give, case_id, story.wei)
    assert (story.case.accepted_by_id, story.case.state) == (story.wei, CaseState.ACCEPTED)
    story.pass_(minutes=9)
    assert reminders() == []
    assert happened(case_id)[-1] == "case.handed_over"


def test_it_is_handed_to_nobody_who_has_it_nor_while_nobody_has(story):
    case_id = story.unwell()
    with pytest.raises(ConflictError):
        story.do(handing_over.give, case_id, story.wei)
    story.house.pick_up(TIAN).press("1").hang_up()
    with pytest.raises(ConflictError):
        story.do(handing_over.give, case_id, story.tian)
    story.do(handing_over.ask_to_take_over, case_id, story.wei)
    with pytest.raises(ConflictError):
        story.do(handing_over.ask_to_take_over, case_id, story.wei)


def test_what_the_office_gives_back_is_asked_about_at_once(story):
    case_id = story.taken()
    story.do(giving_back.give_back, case_id)
    assert story.case.state == CaseState.OPEN
    assert [page.state for page in rows(Page) if page.state == PageState.CALLING]
    with pytest.raises(ConflictError):
        story.do(giving_back.give_back, case_id)
