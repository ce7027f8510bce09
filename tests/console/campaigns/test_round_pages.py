"""The list of rounds by day, a round by hand for all or for some, and the end of one under way."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.models import Campaign, CheckIn, Outcome, Reason, Round
from campaigns.queries import overviews
from campaigns.rounds import round_stops
from contacts.models import Resident
from core import actors
from core.ids import new_id
from core.storage import database
from tests import signed_in
from tests.console import street
from tests.console.filled import filled

UNANSWERED = {"朱奶奶", "李爷爷"}
FOREIGN = {"Origin": "http://evil.example"}


def over():
    """A round in which all but two have answered."""
    begun = street.begin_round()
    for _, _, _, _, called in street.HOMES:
        street.answer(called, Outcome.NO_ANSWER if called in UNANSWERED else Outcome.OK)
    return begun


def asked_in(round_id):
    """Whom a round rings, by what they are called; not who was excused from it."""
    with database.reading() as session:
        found = select(Resident.called, CheckIn.outcome).join(CheckIn, CheckIn.resident_id == Resident.id)
        return {called for called, outcome in session.execute(found.where(CheckIn.round_id == round_id))
                if outcome != Outcome.EXCUSED}  # fmt: skip


def led_to(answer):
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].removeprefix("/rounds/"))


def a_round(round_id):
    with database.reading() as session:
        return session.get_one(Round, round_id)


def only_campaign():
    with database.reading() as session:
        return session.query(Campaign).one().id


def test_rounds_stand_by_day_with_what_came_of_them_and_lead_to_their_report(staff):
    assert "There has been no round yet" in staff.get("/rounds").text
    first = over()
    street.at(street.EIGHT + timedelta(days=1))
    second = street.start(only_campaign())
    page = staff.get("/rounds").text
    assert re.findall(r"<h2 id=\"day-([\d-]+)\">(.*?)</h2>", page) == [
        ("2026-11-24", "Tuesday, November 24, 2026"), ("2026-11-23", "Monday, November 23, 2026"),
    ]  # fmt: skip
    assert re.findall(r'href="/rounds/([\w-]{36})"', page) == [str(second), str(first)]
    assert ("22 of 24 have answered · 2 not reached" in page, "24 still waited for" in page) == (True, True)
    assert ("no answer 2" in page, "under way" in page, "complete" in page) == (True, True, True)
    bar = page.split(f'href="/rounds/{first}"')[1].split("</li>")[0]
    assert re.findall(r'<i class="(\w+)" style="flex-grow: (\d+)"', bar) == [("well", "22"), ("not_reached", "2")]


def test_the_list_goes_back_a_page_at_a_time(staff):
    one = street.campaign()
    for day in range(16):
        street.at(street.EIGHT + timedelta(days=day))
        street.start(one)
    first = staff.get("/rounds").text
    [earlier] = re.findall(r'href="(/rounds\?before=[^"]+)"', first)
    rest = staff.get(earlier).text
    rounds = [re.findall(r'href="/rounds/([\w-]{36})"', page) for page in (first, rest)]
    assert ([len(each) for each in rounds], len({*rounds[0], *rounds[1]})) == ([14, 2], 16)
    page = staff.get(f"/campaigns/{one}").text
    [earlier] = re.findall(r'href="(/campaigns/[^"]+\?before=[^"#]+)', page)
    assert len(re.findall(r'<a href="/rounds/', page)) == 10
    assert len(re.findall(r'<a href="/rounds/', staff.get(earlier).text)) == 6


def test_the_report_offers_to_ring_the_ones_without_an_answer_again(staff):
    first = over()
    page = staff.get(f"/rounds/{first}")
    assert "the 2 without an answer in this round" in page.text
    street.at(street.EIGHT + timedelta(minutes=30))
    again = led_to(staff.post(f"/rounds/{first}/again", data=filled(page, f"/rounds/{first}/again")))
    assert asked_in(again) == UNANSWERED
    report = staff.get(f"/rounds/{again}").text
    assert "was asked in the round of 早安问候" in report
    assert f'action="/rounds/{again}/stop"' in report


def test_a_round_by_hand_is_for_all_or_for_whom_a_rule_means(staff):
    street.flag("lives_alone", "王奶奶", "朱奶奶")
    first = over()
    fields = {"whom": "rule", "rule": "flag:lives_alone", "again": "yes"}
    assert asked_in(led_to(staff.post(f"/rounds/{first}/again", data=fields))) == {"王奶奶", "朱奶奶"}
    street.at(street.EIGHT + timedelta(hours=1))
    everybody = led_to(staff.post(f"/campaigns/{only_campaign()}/rounds", data={"whom": "all", "again": "yes"}))
    assert len(asked_in(everybody)) == 24


def test_whoever_has_answered_a_short_time_ago_is_left_out_unless_it_is_meant_so(staff):
    over()
    street.at(street.EIGHT + timedelta(minutes=30))
    page = staff.get(f"/campaigns/{only_campaign()}")
    action = f"/campaigns/{only_campaign()}/rounds"
    assert asked_in(led_to(staff.post(action, data=filled(page, action)))) == UNANSWERED


def test_a_mistake_stands_on_the_page_with_what_was_typed(staff):
    first, one = over(), only_campaign()
    for address in (f"/rounds/{first}/again", f"/campaigns/{one}/rounds"):
        page = staff.post(address, data={"whom": "rule", "rule": "shoe:<b>"})
        assert (page.status_code, "is not clear in a rule" in page.text) == (422, True)
        assert ('value="shoe:&lt;b&gt;"' in page.text, "<b>" in page.text.split('role="alert"')[1][:200]) == (
            True,
            False,
        )
        missing = staff.post(address, data={"whom": "rule", "rule": "unanswered:abcdef"})
        assert (missing.status_code, "There is no round and no campaign abcdef." in missing.text) == (404, True)
    street.at(street.EIGHT + timedelta(hours=14))
    late = staff.post(f"/rounds/{first}/again")
    assert (late.status_code, "Residents are not rung now, at 22:00." in late.text) == (409, True)
    with database.reading() as session:
        assert session.query(Round).count() == 1


def test_a_round_under_way_is_stopped_with_a_word_why(staff):
    begun = street.begin_round()
    page = staff.get(f"/rounds/{begun}")
    assert f'action="/rounds/{begun}/again"' not in page.text, "who is being asked is not rung a second time"
    sent = staff.post(f"/rounds/{begun}/stop", data=filled(page, f"/rounds/{begun}/stop", note="停电"))
    assert led_to(sent) == begun
    assert (a_round(begun).stopped_because, a_round(begun).stop_note) == (Reason.ROUND_STOPPED, "停电")
    after = staff.get(f"/rounds/{begun}").text
    assert ("Ended by staff" in after, f'action="/rounds/{begun}/stop"' in after) == (True, False)
    assert staff.post(f"/rounds/{begun}/stop").status_code == 409
    assert "ended by staff" in staff.get("/rounds").text


def test_a_campaign_that_has_ended_rings_nobody_by_hand(staff):
    first = over()
    with database.unit_of_work() as session:
        round_stops.stop_campaign(session, actors.system(), session.query(Campaign).one())
    assert f"/rounds/{first}/again" not in staff.get(f"/rounds/{first}").text
    assert staff.post(f"/rounds/{first}/again").status_code == 409


def test_nothing_of_another_community_and_nothing_for_another_site(staff):
    first, nobody = over(), new_id()
    for deed in ("again", "stop"):
        assert staff.post(f"/rounds/{nobody}/{deed}").status_code == 404
        assert staff.post(f"/rounds/{first}/{deed}", headers=FOREIGN).status_code == 403
    elsewhere = signed_in.community("另一个社区")
    with database.unit_of_work() as session:
        session.query(Campaign).one().community_id = elsewhere
    assert staff.post(f"/rounds/{first}/again").status_code == 404
    assert str(first) not in staff.get("/rounds").text


def test_what_came_of_rounds_is_counted_as_their_reports_count_it(staff):
    first = over()
    with database.reading() as session:
        assert overviews.tallies(session, [first])[first] == {"ok": 22, "no_answer": 2}
        [latest] = overviews.latest_rounds(session, [only_campaign(), new_id()]).values()
        assert latest.id == first
