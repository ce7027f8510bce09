"""What the command palette finds: residents as the list finds them, the cases about them, and nothing for others."""

import re

import pytest

from contacts.community.community import the_community
from contacts.models import Resident
from core.identity import queries
from core.identity.roles import AccessRole
from core.storage.database import reading
from escalation.models import Case
from tests import signed_in
from tests.console import street

LINKS = re.compile(r'href="/(residents|cases)/([^"]+)"')


def found(browser, typed):
    page = browser.get("/find", params={"q": typed})
    assert page.status_code == 200
    return page.text, LINKS.findall(page.text)


@pytest.mark.parametrize("typed", ["王奶奶", "wnn", "wangnainai"])
def test_a_resident_is_found_as_on_the_list(staff, typed):
    text, links = found(staff, typed)
    assert ("王奶奶" in text, links[0][0]) == (True, "residents")


def test_the_open_cases_of_whoever_is_found_stand_below(staff):
    street.half_a_morning()
    with reading() as session:
        case = next(each for each in session.query(Case).filter(Case.is_unclosed) if each.resident_id)
        who, name = str(case.resident_id), session.get_one(Resident, case.resident_id).name
    _, links = found(staff, name)
    assert (("residents", who) in links, ("cases", str(case.id)) in links) == (True, True)


def test_without_a_word_the_most_urgent_cases_are_there_and_nobody_else(staff):
    street.half_a_morning()
    _, links = found(staff, " ")
    assert {kind for kind, _ in links} == {"cases"}
    assert 0 < len(links) <= 5


def test_nobody_is_found_by_what_nobody_is_called(staff):
    assert found(staff, "qqqq")[1] == []
    assert found(staff, "，，")[1] == []


def test_who_looks_for_whom_is_noted_and_an_auditor_finds_nobody(service):
    auditor, clerk = service(), service()
    signed_in.enter(auditor, "auditor", AccessRole.AUDITOR)
    signed_in.enter(clerk, "clerk")
    assert auditor.get("/find?q=a").status_code == 403
    assert 'data-find="/find"' not in auditor.get("/campaigns").text
    assert clerk.get("/find?q=a").status_code == 200
    with reading() as session:
        community_id = the_community(session).id
        assert {(each.deed, each.status) for each in queries.audited(session, community_id, None, 10)} >= {
            ("GET /find", 200), ("GET /find", 403)}  # fmt: skip
