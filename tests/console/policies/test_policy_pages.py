"""The pages of escalation policies: read, tried, kept, refused, and taken back."""

import re

import pytest

from campaigns.changes import new_campaigns
from contacts.community.community import the_community
from core import actors
from core.identity.roles import AccessRole
from core.storage.database import reading, unit_of_work
from escalation.models import PolicyOverride
from escalation.policies import KINDS
from escalation.policy_lookup import policies_of, shipped
from tests import people, signed_in
from tests.console.people.forms import forms, send
from tests.switchboard import rows

ALL, UNWELL, BUSY = "/settings/policies", "/settings/policies/unwell", "/settings/policies/busy"


@pytest.fixture
def chief(staff):
    signed_in.enter(staff, "chief", AccessRole.ADMINISTRATOR)
    return staff


def policy(kind, campaign_id=None):
    with reading() as session:
        return policies_of(session).of(the_community(session).id, campaign_id, kind)


def played(page):
    """The time line of the preview: (when, means, what)."""
    return [(when, means, re.sub(r"<[^>]+>", "", said)) for means, when, said in re.findall(
        r'<li data-means="(\w+)"><time>(.*?)</time> <span>(.*?)</span>', page.text)]  # fmt: skip


def test_every_kind_says_in_one_sentence_whom_it_rings(chief):
    page = chief.get(ALL)
    assert page.text.count('<li class="sheet"') == len(KINDS)
    assert (
        "First building head, volunteer, grid worker, 2 at once; then nurse; then office. Then the office again"
        in page.text
    )
    assert "Nobody is rung: it stands on the page of the office" in page.text
    assert "changed here" not in page.text


def test_in_chinese_too(chief):
    page = chief.get(f"{ALL}?language=zh-CN")
    assert "先打给楼栋长、志愿者、网格员，同时打2个；再打给护士；再打给" in page.text
    words = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>|&\w+;", " ", page.text, flags=re.DOTALL)
    assert not re.findall(r"policy-term|when:|role:", words)


def test_what_would_happen_is_shown_before_it_is_kept(chief):
    told = forms(chief.get(UNWELL))[UNWELL]
    before = played(chief.get(UNWELL))
    tried = chief.post(UNWELL, data=told | {"at_once": "1", "do": "show", "at": "09:30"})
    assert tried.status_code == 200
    assert len(before[0][2].split(",")) == 2
    assert len(played(tried)[0][2].split(",")) == 1
    assert "It is not kept yet" in tried.text
    assert 'name="at" type="time" value="09:30"' in tried.text
    assert rows(PolicyOverride) == []


def test_what_is_kept_holds_is_marked_and_can_be_taken_back(chief):
    done = send(chief, UNWELL, UNWELL, **{"step.nurse": "1", "step.volunteer": "2", "at_once": "1", "do": "keep"})
    assert (done.status_code, done.headers["Location"]) == (303, f"{UNWELL}?saved=yes")
    assert [list(step) for step in policy("unwell").steps] == [
        ["building_head", "grid_worker", "nurse"], ["volunteer"], ["office"],
    ]  # fmt: skip
    assert "It is kept" in chief.get(done.headers["Location"]).text
    assert chief.get(ALL).text.count("changed here") == 1
    history = chief.get("/settings").text
    assert "<b>chief</b>" in history
    assert "somebody is unwell: How many at once" in history
    assert send(chief, UNWELL, UNWELL, do="shipped").status_code == 303
    assert rows(PolicyOverride) == []
    assert "changed here" not in chief.get(ALL).text


def test_a_form_that_is_sent_as_it_stands_keeps_nothing(chief):
    for kind in (*KINDS, "every"):
        path = f"{ALL}/{kind}"
        assert send(chief, path, path, do="keep").status_code == 303, kind
    assert rows(PolicyOverride) == []


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"at_once": "0"}, "at_once", "Give a whole number from 1 on."),
        ({"rounds": "often"}, "rounds", "Give a whole number from 1 on."),
        ({"longest_pause_minutes": "1"}, "longest_pause_minutes", "Give no less than"),
        ({"quiet_from": ""}, "quiet_from", "Give a time of day, such as 22:00."),
        ({"link_hours": "9999999999"}, "link_hours", "1 to 168"),
    ],
)
@pytest.mark.parametrize("do", ["keep", "show"])
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(chief, typed, field, said, do):
    answer = send(chief, BUSY, BUSY, **typed, do=do)
    assert answer.status_code == 422
    assert re.search(rf'id="wrong-policy-{field}">[^<]*{said}', answer.text)
    assert forms(answer)[BUSY][field] == typed[field]
    assert rows(PolicyOverride) == []


def test_a_policy_by_which_nobody_could_be_rung_is_refused(chief):
    nobody = {f"step.{role}": "" for role in ("building_head", "volunteer", "grid_worker", "nurse", "office")}
    answer = send(chief, BUSY, BUSY, **nobody, **{"step.police_liaison": "1"}, do="keep")
    assert answer.status_code == 409
    assert re.search(r'id="wrong-policy-steps">Nobody could be rung by this policy', answer.text)
    assert rows(PolicyOverride) == []


def test_a_change_made_meanwhile_is_not_overwritten(chief):
    told = forms(chief.get(BUSY))[BUSY]
    assert send(chief, BUSY, BUSY, at_once="3", do="keep").status_code == 303
    late = chief.post(BUSY, data=told | {"rounds": "7", "do": "keep"})
    assert late.status_code == 412
    assert (policy("busy").at_once, policy("busy").rounds) == (3, 3)


def test_a_campaign_says_otherwise_than_the_community(chief):
    with unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "新出院", flags=None).id
    path = f"{BUSY}?campaign={campaign}"
    assert (
        send(chief, path, path, at_once="4", do="keep").headers["Location"] == f"{BUSY}?campaign={campaign}&saved=yes"
    )
    assert (policy("busy", campaign).at_once, policy("busy").at_once) == (4, 1)
    page = chief.get(f"{ALL}?campaign={campaign}").text
    assert (page.count("changed here"), "新出院" in page) == (1, True)
    assert f"{ALL}?campaign={campaign}" in chief.get(f"/campaigns/{campaign}").text


def test_a_campaign_of_another_community_is_not_there(chief):
    with unit_of_work() as session:
        other = people.another_community(session, "槐西社区")
        campaign = new_campaigns.create_campaign(session, actors.system(), "别处", flags=None)
        campaign.community_id = other.id
        theirs = campaign.id
    path = f"{BUSY}?campaign={theirs}"
    assert chief.get(path).status_code == 404
    told = forms(chief.get(BUSY))[BUSY] | {"do": "keep", "at_once": "4"}
    assert chief.post(path, data=told).status_code == 404
    assert rows(PolicyOverride) == []


def test_the_office_reads_it_and_changes_nothing(chief):
    told = forms(chief.get(BUSY))[BUSY] | {"do": "keep", "at_once": "4"}
    signed_in.enter(chief, "clerk", AccessRole.OFFICE)
    page = chief.get(f"{BUSY}?at=10:00")
    assert (page.status_code, bool(played(page)), 'value="keep"' in page.text) == (200, True, False)
    assert chief.post(BUSY, data=told).status_code == 403
    assert policy("busy").at_once == shipped().table["busy"].at_once


def test_there_is_no_kind_hungry(chief):
    assert chief.get(f"{ALL}/hungry").status_code == 404


def test_a_form_from_elsewhere_is_refused(chief):
    told = forms(chief.get(BUSY))[BUSY] | {"do": "keep", "at_once": "4"}
    assert chief.post(BUSY, data=told, headers={"Origin": "http://evil.example"}).status_code == 403
    assert rows(PolicyOverride) == []


def test_where_nobody_could_be_rung_the_page_says_so(chief):
    with unit_of_work() as session:
        for each in session.query(people.Responder):
            each.role = "police_liaison"
    assert "Whatever happens to 24 residents" in chief.get(ALL).text
    assert "nobody could be rung from here" in chief.get(UNWELL).text
