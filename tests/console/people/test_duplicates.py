"""One person written down twice: seen side by side, made one once it is told what moves, or said to be two."""

import re
from datetime import timedelta

import pytest

from campaigns.people import merge_preview, resident_merging
from contacts.community.community import the_community
from contacts.duplicates import candidates
from contacts.models import Resident, ResidentFlag
from contacts.people import absences, consent, health_notes, resident_lists
from core import actors, clock
from core.identity.roles import AccessRole
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from escalation import queries as escalation
from escalation.cases import cases
from escalation.models import CaseKind
from tests import people, signed_in
from tests.console.people.forms import forms

PATH = "/residents/duplicates"
FIRST, SECOND = "+8631186000101", "+8631186000102"


@pytest.fixture
def twice(lives):
    """王桂兰, written down a second time with another telephone and room, and all that a file can tell."""
    kept, other = lives("王桂兰", FIRST, birth_year=1941), lives("王桂兰", SECOND, room="502", notes="怕黑", pace=90)
    with unit_of_work() as session:
        session.add(ResidentFlag(resident_id=other, flag="lives_alone"))
        people.relative(session, other, "王丽", "+8613800138000", relation="女儿")
        community = the_community(session)
        choir = resident_lists.create(session, actors.system(), community.id, "合唱队")
        resident_lists.put_on(session, actors.system(), choir, [session.get_one(Resident, other)])
        today = clock.now().date()
        absences.pause(session, actors.system(), other, today + timedelta(9), today + timedelta(12), "住在女儿家")
        health_notes.set_health_notes(session, actors.system(), other, "起搏器")
        cases.open_case(session, actors.system(), CaseKind.UNWELL, other, None)
    return kept, other


def pairs(page):
    """Between whom is asked on the page."""
    return re.findall(rf'href="{PATH}/([0-9a-f-]+)/([0-9a-f-]+)"', page.text)


def apart(office, one, other, action="distinct"):
    return office.post(f"{PATH}/{action}", data={"first": str(one), "second": str(other)})


def merge(office, kept, other, language="en"):
    where = f"{PATH}/{kept}/{other}"
    return office.post(where, data=forms(office.get(f"{where}?language={language}"))[where])


def told(kind):
    with reading() as session:
        return [(event.actor_id, event.subject_id) for event in latest(session, 9, [kind])]


def test_both_stand_beside_each_other_and_what_differs_is_marked(office, twice):
    page = office.get(PATH)
    assert pairs(page) == [tuple(map(str, twice))]
    rows = re.findall(r"<tr( data-differs)?>\s*<th scope=\"row\">([A-Z][a-z ]+)", page.text)
    assert {label.strip() for differs, label in rows if not differs} == {"Name", "Form of address", "Language",
                                                                         "Consent"}  # fmt: skip
    assert {label.strip() for differs, label in rows if differs} == {"Place", "Telephone", "Birth year", "Flags",
                                                                     "Relatives", "Notes"}  # fmt: skip
    assert "起搏器" not in page.text
    assert re.search(r'href="/residents/duplicates">[^<]+<b>1</b>', office.get("/residents").text)


def test_where_nobody_is_twice_the_page_and_the_list_say_so(office, lives):
    lives("王桂兰", FIRST)
    assert "Nobody seems to have been written down twice." in office.get(PATH).text
    assert PATH not in office.get("/residents").text


def test_two_people_are_not_offered_again_until_whoever_said_so_takes_it_back(office, twice):
    for _ in range(2):
        assert apart(office, *twice).status_code == 303
    page = office.get(PATH)
    assert (pairs(page), "Said to be two people" in page.text) == ([], True)
    assert "said by lilei" in page.text
    assert told("resident.told_apart") == [(office.id, each) for each in reversed(twice)]
    for _ in range(2):
        assert apart(office, *twice, "offer-again").status_code == 303
    page = office.get(PATH)
    assert (len(pairs(page)), "Said to be two people" in page.text) == (1, False)
    assert told("resident.offered_again") == [(office.id, each) for each in reversed(twice)]
    assert "took back that it is somebody else" in office.get(f"/residents/{twice[0]}").text


def test_what_moves_is_told_before_it_is_done(office, twice):
    page = office.get(f"{PATH}/{twice[0]}/{twice[1]}")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    for said in ("0311 8600 0102", "王丽 女儿", "lives alone", "怕黑", "written apart", "1 consent to be called",
                 "住在女儿家", "合唱队", "Case: is unwell", "Pace"):  # fmt: skip
        assert said in text, said
    assert "起搏器" not in page.text
    with reading() as session:
        assert session.get_one(Resident, twice[1]).removed_at is None


def test_what_was_told_is_what_is_done(office, twice):
    kept, other = twice
    with unit_of_work() as session:
        told = merge_preview.preview(session, *(session.get_one(Resident, each) for each in twice))
        facts = told.version
        resident_merging.merge(session, actors.system(), kept, other)
    with reading() as session:
        who = session.get_one(Resident, kept)
        assert [each.number for each in who.phones] == [FIRST, *facts["telephones"]]
        assert [each.id for each in who.relatives] == facts["relatives"]
        assert [each.flag for each in who.flags] == facts["flags"]
        assert (who.notes, who.pace, facts["filled"]) == (facts["notes"], 90, ["pace"])
        assert facts["health"] is (health_notes.health_notes(session, kept) == "起搏器")
        assert len(who.consents) == 1 + facts["consents"]
        assert absences.absences(session, kept) == facts["absences"]
        assert [each.id for each in escalation.unclosed_cases(session, [kept])] == facts["cases"]
        [choir] = resident_lists.lists(session, who.community_id)
        assert ([each.id for each in resident_lists.members(session, choir.id)], facts["lists"]) == ([kept], ["合唱队"])
        assert not facts["no_calls"]


def test_they_become_one_and_the_one_that_was_chosen_stays(office, twice):
    first, second = twice
    done = merge(office, second, first)
    assert (done.status_code, done.headers["Location"]) == (303, f"{PATH}?merged={second}")
    assert told("resident.merged") == [(office.id, first), (office.id, second)]
    after = office.get(done.headers["Location"]).text
    assert f'<a href="/residents/{second}">王桂兰</a>' in after
    assert "2 people are looked after" not in office.get("/residents").text
    with reading() as session:
        assert session.get_one(Resident, first).merged_into_id == second
        assert [each.number for each in session.get_one(Resident, second).phones] == [SECOND, FIRST]


def test_pressing_twice_makes_one_only_once(office, twice):
    kept, other = twice
    where = f"{PATH}/{kept}/{other}"
    typed = forms(office.get(where))[where]
    assert [office.post(where, data=typed).status_code for _ in range(2)] == [303, 303]
    assert len(told("resident.merged")) == 2
    assert office.get(where).status_code == 404
    assert office.post(f"{PATH}/{other}/{kept}", data=typed).status_code != 303


def test_what_has_changed_since_it_was_told_is_told_again_instead(office, twice):
    kept, other = twice
    where = f"{PATH}/{kept}/{other}"
    typed = forms(office.get(where))[where]
    with unit_of_work() as session:
        consent.withdraw(session, actors.system(), other, by="本人", how="当面")
    refused = office.post(where, data=typed)
    assert (refused.status_code, "nobody rings the person until a new consent" in refused.text) == (412, True)
    assert told("resident.merged") == []
    assert office.post(where, data=forms(refused)[where]).status_code == 303
    with reading() as session:
        assert not absences.queries.has_consent(session, kept)


def test_one_file_is_not_two(office, twice):
    assert office.get(f"{PATH}/{twice[0]}/{twice[0]}").status_code == 409
    refused = apart(office, twice[0], twice[0])
    assert (refused.status_code, "This is one file already." in refused.text) == (409, True)


def test_a_crowd_of_pairs_is_paged_and_read_in_as_many_statements(office, lives):
    for number in range(5):
        lives("王桂兰", f"+86311860001{number:02d}", room=f"50{number}")
    assert [len(pairs(office.get(f"{PATH}?page={page}"))) for page in (1, 2)] == [10, 10]
    lives("王桂兰", "+8631186000199", room="509")
    assert [len(pairs(office.get(f"{PATH}?page={page}"))) for page in (1, 2, 3)] == [10, 5, 5]


def test_nobody_of_another_community_is_offered_or_reached(office, twice):
    with unit_of_work() as session:
        there = people.another_community(session, "别的社区")
        home = people.household(session, of=there)
        strangers = [people.resident(session, "外人", "+8631186000109", home=home).id for _ in range(2)]
        assert len(candidates.alike(session, there.id)) == 1
    assert "外人" not in office.get(PATH).text
    for one, other in (strangers, (twice[0], strangers[0]), (strangers[0], twice[0])):
        assert office.get(f"{PATH}/{one}/{other}").status_code == 404
        assert office.post(f"{PATH}/{one}/{other}").status_code == 404
        assert apart(office, one, other).status_code == 404
    assert told("resident.merged") == told("resident.told_apart") == []


def test_whoever_may_not_see_people_does_not(service):
    for role in (AccessRole.RESPONDER, AccessRole.RELATIVE, AccessRole.AUDITOR):
        browser = service()
        signed_in.enter(browser, role=role)
        assert (browser.get(PATH).status_code, browser.post(f"{PATH}/distinct").status_code) == (403, 403)


def test_another_site_cannot_press_the_buttons(office, twice):
    office.headers["Origin"] = "https://elsewhere.example"
    assert apart(office, *twice).status_code == 403
    assert office.post(f"{PATH}/{twice[0]}/{twice[1]}").status_code == 403
