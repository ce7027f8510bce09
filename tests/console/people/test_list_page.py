"""The list of residents: who is on it, in which order, and what narrows it."""

import re
from datetime import date

import pytest

from contacts.models import Pause, PhoneState, Removal, Resident
from contacts.people import consent, residents
from core import actors
from core.identity.roles import AccessRole
from core.storage.database import unit_of_work
from tests import people, signed_in


def names(answer):
    """Who stands on the page, from above."""
    assert answer.status_code == 200
    return re.findall(r'href="/residents/[0-9a-f-]{36}">([^<]+)</a>', answer.text)


def counts(answer):
    return dict(re.findall(r'<a href="/residents[^"]*"[^>]*>([^<]+) <b>(\d+)</b></a>', answer.text))


@pytest.fixture
def street(lives):
    """Five people, of whom each differs in something."""
    return {
        "单桂英": lives("单桂英", "+8631186000101", building="10", room="601", called="单奶奶", flags=["lives_alone"]),
        "王桂兰": lives("王桂兰", "+8631186000102", "+8613800138000", room="501", called="王奶奶", birth_year=1941),
        "李长海": lives("李长海", "+8631186000103", room="1202", agreed=False),
        "John Smith": lives("John Smith", "+8631186000104", room="302", language="en"),
        "张淑琴": lives("张淑琴", room="402"),
    }


def test_everybody_stands_in_the_order_of_their_doors(office, street):
    assert names(office.get("/residents")) == ["John Smith", "张淑琴", "王桂兰", "李长海", "单桂英"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("q=wgl", ["王桂兰"]), ("q=shan", ["单桂英"]), ("q=0103", ["李长海"]), ("q=8000", ["王桂兰"]),
     ("q=3-2-402", ["张淑琴"]), ("q=10号楼", ["单桂英"]), ("q=奶奶", ["王桂兰", "单桂英"]), ("q=奶奶 501", ["王桂兰"]),
     ("building=10", ["单桂英"]), ("flag=lives_alone", ["单桂英"]), ("spoken=en", ["John Smith"]),
     ("standing=not_agreed", ["李长海"]), ("standing=no_number", ["张淑琴"]), ("q=nnn", []),
     ("standing=king&spoken=xx", ["John Smith", "张淑琴", "王桂兰", "李长海", "单桂英"])],
)  # fmt: skip
def test_it_is_narrowed_to_whom_one_looks_for(office, street, asked, expected):
    assert names(office.get(f"/residents?{asked}")) == expected


def test_whoever_is_away_has_left_or_wishes_no_calls_is_counted_apart(office, street):
    with unit_of_work() as session:
        session.add(Pause(resident_id=street["王桂兰"], first_day=date(2020, 1, 1), last_day=None, reason="女儿家"))
        consent.withdraw(session, actors.system(), street["单桂英"], by="本人", how="当面")
        residents.mark_removed(session, actors.system(), street["John Smith"], Removal.MOVED_AWAY)
    page = office.get("/residents")
    assert "John Smith" not in names(page)
    assert counts(page) == {"looked after": "4", "paused": "1", "no telephone": "1", "no consent": "2", "removed": "1"}
    assert names(office.get("/residents?standing=gone")) == ["John Smith"]
    assert names(office.get("/residents?standing=paused")) == ["王桂兰"]


def test_a_telephone_that_is_wrong_is_shown_as_such_and_still_found(office, lives):
    who = lives("王桂兰", "+8631186000101", "+8631186000102")
    with unit_of_work() as session:
        session.get_one(Resident, who).phones[0].state = PhoneState.WRONG
    page = office.get("/residents?q=0101")
    assert names(page) == ["王桂兰"]
    assert '<span class="bad">0311 8600 0101 <small>wrong' in page.text


def test_fifty_stand_on_a_page_and_the_pages_hold_everybody_once(office, lives):
    for number in range(120):
        lives(f"居民{number}", room=str(number + 1))
    seen = [names(office.get(f"/residents?page={page}")) for page in (1, 2, 3, 4)]
    assert [len(each) for each in seen] == [50, 50, 20, 20]
    assert [name for page in seen[:3] for name in page] == [f"居民{number}" for number in range(120)]
    first = office.get("/residents?building=3").text
    assert 'rel="next" href="/residents?building=3&amp;page=2"' in first
    assert 'rel="prev"' not in first
    assert office.get("/residents?page=0").status_code == 422


def test_where_nobody_is_the_page_says_what_to_do(office, lives):
    assert "Nobody is enrolled yet." in office.get("/residents").text
    lives("王桂兰")
    nobody = office.get("/residents?q=zzz").text
    assert ("Nobody is found." in nobody, "its pinyin or initials" in nobody) == (True, True)


def test_the_script_is_given_the_list_alone(office, street):
    part = office.get("/residents?q=wgl", headers={"X-Parts": "true"})
    assert ("<html" in part.text, names(part)) == (False, ["王桂兰"])


def test_what_is_typed_stands_there_again_and_is_never_html(office, street):
    assert 'value="&lt;b&gt;"' in office.get("/residents?q=<b>").text


def test_nobody_of_another_community_is_found(office, street):
    with unit_of_work() as session:
        other = people.another_community(session, "别的社区")
        people.resident(session, "外人", "+8631186000109", home=people.household(session, of=other))
    assert names(office.get("/residents?q=外人")) == []
    assert names(office.get("/residents?q=0109")) == []


def test_whoever_may_not_see_people_does_not(service):
    for role in (AccessRole.RESPONDER, AccessRole.RELATIVE, AccessRole.AUDITOR):
        browser = service()
        signed_in.enter(browser, role=role)
        assert browser.get("/residents").status_code == 403
