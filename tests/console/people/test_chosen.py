"""Residents who are ticked on the list: what is done with all of them is told, confirmed, done once, and told again."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.changes import new_campaigns
from campaigns.models import CheckIn, Round
from campaigns.people import bulk, choices
from console.people.chosen import changing
from contacts.chosen import ResidentChoice
from contacts.models import Pause, Removal, ResidentFlag
from contacts.people import residents
from core import actors, clock
from core.identity.roles import AccessRole
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests import people, signed_in
from tests.console.people.forms import forms

PATH = "/residents/chosen"
NAMES = ("王桂兰", "李长海", "张淑琴", "赵德明", "刘玉芬")


@pytest.fixture
def five(lives):
    """Five people along the street; the third carries a flag."""
    return [lives(name, f"+863118600020{at}", room=f"50{at}", flags=["lives_alone"] if at == 2 else [])
            for at, name in enumerate(NAMES)]  # fmt: skip


def choose(office, *ids, **typed):
    """Ticks these people; returns where their choice is."""
    done = office.post(PATH, data={"who": list(map(str, ids))} | typed)
    assert done.status_code == 303, done.text
    return done.headers["Location"]


def confirm(office, place, **typed):
    """The page before it is done, and where its form is sent."""
    page = office.get(f"{place}/confirm", params={"language": "en"} | typed)
    found = [each for each in forms(page) if each and each.startswith(f"{place}/changes/")]
    return page, *found


def do(office, place, **typed):
    page, where = confirm(office, place, **typed)
    done = office.post(where, data=forms(page)[where])
    assert (done.status_code, done.headers["Location"]) == (303, where)
    return office.get(f"{where}?language=en")


def names(office, place):
    page = office.get(place).text.split('class="names">')[1].split("</p>")[0]
    return page.split(", ")


def carriers(flag):
    with reading() as session:
        return set(session.scalars(select(ResidentFlag.resident_id).where(ResidentFlag.flag == flag)))


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_who_is_ticked_is_chosen_in_the_order_in_which_they_stand(office, five):
    page = office.get("/residents")
    assert page.text.count('type="checkbox" name="who"') == 5
    assert names(office, choose(office, five[3], five[0])) == ["赵德明", "王桂兰"]


def test_all_who_are_found_are_chosen_on_all_pages(office, five, lives):
    for number in range(60):
        lives(f"居民{number}", building="7", room=str(number + 1))
    place = choose(office, everybody="yes", building="7", page="2")
    assert "60 people chosen" in office.get(f"{place}?language=en").text
    assert names(office, choose(office, five[1], everybody="yes", q="wgl")) == ["王桂兰"]
    assert names(office, choose(office, everybody="yes", flag="lives_alone")) == ["张淑琴"]


def test_whoever_ticks_nobody_is_told_so_on_the_same_list(office, five):
    told = office.post(PATH, data={"building": "3", "q": "wgl"})
    assert (told.status_code, "Tick whom you mean." in told.text, 'value="wgl"' in told.text) == (422, True, True)
    assert "Nobody is chosen" in office.post(PATH, data={"everybody": "yes", "q": "xyzq"}).text


def test_more_than_may_be_changed_at_once_are_refused(office, five, monkeypatch):
    monkeypatch.setattr(choices, "MOST", 4)
    assert "narrow the list" in office.get("/residents").text
    refused = office.post(PATH, data={"everybody": "yes"})
    assert (refused.status_code, "5 people are too many at once." in refused.text) == (422, True)


def test_whom_it_would_change_is_told_before_and_who_stays_as_they_are(office, five):
    place = choose(office, *five)
    page, where = confirm(office, place, deed="set_flag", flag="lives_alone")
    said = text(page)
    for each in ("4 of 5 would be changed.", "carries it already 1 张淑琴", "Do it with 4 people"):
        assert each in said, each
    assert carriers("lives_alone") == {five[2]}
    done = office.post(where, data=forms(page)[where])
    assert done.status_code == 303
    assert carriers("lives_alone") == set(five)
    said = text(office.get(f"{where}?language=en"))
    assert ("Set the flag “lives alone”" in said, "4 changed" in said, "1 was so already" in said) == (True, True, True)
    with reading() as session:
        assert {each.actor_id for each in latest(session, 4, ["resident.changed"])} == {office.id}
        assert [each.actor_id for each in latest(session, 4, ["residents.changed_together"])] == [office.id]


def test_pressing_twice_changes_nobody_twice(office, five):
    page, where = confirm(office, choose(office, *five), deed="set_flag", flag="lives_alone")
    for _ in range(3):
        assert office.post(where, data=forms(page)[where]).status_code == 303
    with reading() as session:
        assert len(latest(session, 99, ["resident.changed"])) == 4
        assert len(latest(session, 99, ["residents.changed_together"])) == 1


def test_pause_and_resume(office, five):
    place, today = choose(office, *five[:3]), clock.now().date()
    last = today + timedelta(9)
    do(office, place, deed="pause", first_day=today.isoformat(), last_day=last.isoformat(), reason="楼栋维修")
    with reading() as session:
        found = {(each.resident_id, each.last_day, each.reason) for each in session.scalars(select(Pause))}
    assert found == {(each, last, "楼栋维修") for each in five[:3]}
    after = do(office, choose(office, *five), deed="resume")
    assert ("3 changed" in text(after), "2 left as they are" in text(after)) == (True, True)
    assert after.text.count("is not paused.") == 2
    assert "--all" not in after.text
    with reading() as session:
        assert session.scalars(select(Pause)).all() == []


def test_whoever_has_left_is_left_as_they_are_and_named(office, five):
    with unit_of_work() as session:
        residents.mark_removed(session, actors.system(), five[0], Removal.MOVED_AWAY)
    place = choose(office, *five[:2])
    page, _ = confirm(office, place, deed="pause")
    assert "is not looked after any more 1 王桂兰" in text(page)
    after = do(office, place, deed="pause")
    assert (
        "1 left as they are" in text(after),
        f'href="/residents/{five[0]}">王桂兰 has been removed.' in after.text,
    ) == (True, True)


def test_they_are_rung_now_and_nobody_else(office, five):
    with unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "早安问候").id
    place = choose(office, *five[:2])
    after = do(office, place, deed="ring", campaign=str(campaign))
    with reading() as session:
        [round_] = session.scalars(select(Round))
        assert set(session.scalars(select(CheckIn.resident_id))) == set(five[:2])
    assert (f'href="/rounds/{round_.id}"' in after.text, "2 rung" in text(after)) == (True, True)
    assert office.get(f"/rounds/{round_.id}").status_code == 200


def test_what_may_not_be_done_is_said_where_it_was_chosen(office, five):
    with unit_of_work() as session:
        draft = new_campaigns.create_campaign(session, actors.system(), "草稿", draft=True).id
    place = choose(office, *five)
    for typed, said in (
        ({"deed": "set_flag"}, "No flag is chosen."),
        ({"deed": "take_flag", "flag": "没有"}, "没有"),
        ({"deed": "pause", "last_day": "2020-01-01"}, "Choose a later last day."),
        ({"deed": "pause", "first_day": "gestern"}, "“gestern” is not a day."),
        ({"deed": "ring", "campaign": "x"}, "No campaign is chosen."),
        ({"deed": "dance"}, "Nothing is chosen that is to be done."),
    ):
        page, *where = confirm(office, place, **typed)
        assert (page.status_code, said in page.text, where) == (422, True, []), typed
    page, where = confirm(office, place, deed="ring", campaign=str(draft))
    refused = office.post(where, data=forms(page)[where])
    assert (refused.status_code, "is a draft" in refused.text) == (409, True)
    assert office.get(where).status_code == 404


def test_a_long_change_says_how_far_it_is_and_goes_on(office, five, monkeypatch):
    monkeypatch.setattr(bulk, "BITE", 2)
    monkeypatch.setattr(changing, "AT_A_TIME", -1)
    page, where = confirm(office, choose(office, *five), deed="set_flag", flag="disabled")
    office.post(where, data=forms(page)[where])
    half = office.get(f"{where}?language=en")
    assert ("2 of 5 so far" in half.text, "go_on.js" in half.text) == (True, True)
    for _ in range(2):
        office.post(where, data=forms(office.get(where))[where])
    after = office.get(f"{where}?language=en")
    assert ("5 changed" in text(after), where in forms(after)) == (True, False)
    assert carriers("disabled") == set(five)


def test_their_list_is_printed_and_nobody_else_is_on_it(office, five):
    place = choose(office, five[1], five[3])
    page = office.get(f"/print?chosen={place.rsplit('/')[-1]}&language=en")
    assert [name for name in NAMES if name in page.text] == ["李长海", "赵德明"]
    assert "chosen by hand" in page.text
    assert office.get(f"/print?chosen={five[0]}").status_code == 404


def test_a_choice_is_its_users_alone(office, service, five):
    place = choose(office, *five)
    page, where = confirm(office, place, deed="set_flag", flag="disabled")
    other = service()
    signed_in.enter(other, "hanmei")
    assert [other.get(each).status_code for each in (place, f"{place}/confirm?deed=resume", where)] == [404] * 3
    assert other.post(where, data=forms(page)[where]).status_code == 404
    assert other.get(f"/print?chosen={place.rsplit('/')[-1]}").status_code == 404
    assert carriers("disabled") == set()
    with unit_of_work() as session:
        session.scalars(select(ResidentChoice)).one().made_at -= choices.KEPT + timedelta(seconds=1)
    assert (office.get(place).status_code, office.post(where, data=forms(page)[where]).status_code) == (404, 404)


def test_nobody_of_another_community_is_chosen_changed_or_rung(office, five):
    with unit_of_work() as session:
        there = people.another_community(session, "别的社区")
        stranger = people.resident(session, "外人", "+8631186000299", home=people.household(session, of=there)).id
    assert office.post(PATH, data={"who": [str(stranger)]}).status_code == 422
    place = choose(office, five[0], stranger)
    assert names(office, place) == ["王桂兰"]
    do(office, place, deed="set_flag", flag="disabled")
    assert carriers("disabled") == {five[0]}
    assert office.post(PATH, data={"everybody": "yes", "q": "外人"}).status_code == 422


def test_whoever_may_not_change_people_does_not(service):
    for role in (AccessRole.RESPONDER, AccessRole.RELATIVE, AccessRole.AUDITOR):
        browser = service()
        signed_in.enter(browser, role=role)
        assert browser.post(PATH, data={"everybody": "yes"}).status_code == 403


def test_another_site_cannot_choose_or_change(office, five):
    page, where = confirm(office, choose(office, *five), deed="set_flag", flag="disabled")
    office.headers["Origin"] = "https://elsewhere.example"
    assert office.post(PATH, data={"everybody": "yes"}).status_code == 403
    assert office.post(where, data=forms(page)[where]).status_code == 403
    assert carriers("disabled") == set()
