"""The pages of campaigns: checked, started, changed, paused, ended and heard, as staff and an auditor see them."""

import re

from campaigns.models import Campaign, CampaignState, Outcome
from core.identity.roles import AccessRole
from core.ids import new_id
from core.storage import database
from tests import signed_in
from tests.console import street
from tests.console.campaigns.campaign_forms import campaign, made
from tests.console.filled import filled

FOREIGN = {"Origin": "http://evil.example"}


def state(page):
    return re.findall(r'class="state (\w+)"', page.text)[0]


def test_a_draft_is_checked_started_paused_resumed_and_ended(staff):
    one = made(staff)
    page = staff.get(f"/campaigns/{one}")
    assert (state(page), "It can be carried out" in page.text) == ("draft", True)
    assert f'action="/campaigns/{one}/rounds"' not in page.text, "a draft has no round by hand"
    for deed, after in (("check", "checked"), ("activate", "active"), ("pause", "paused"), ("resume", "active"),
                        ("stop", "stopped")):  # fmt: skip
        assert staff.post(f"/campaigns/{one}/{deed}").status_code == 303
        assert (state(staff.get(f"/campaigns/{one}")), campaign(one).state) == (after, after)
    over = staff.get(f"/campaigns/{one}").text
    assert (f"/campaigns/{one}/edit" in over, f"/campaigns/{one}/remove" in over) == (False, True)
    assert staff.post(f"/campaigns/{one}/resume").status_code == 409
    assert staff.post(f"/campaigns/{one}/remove").headers["Location"] == "/campaigns"
    assert staff.get(f"/campaigns/{one}").status_code == 404


def test_what_stands_in_the_way_is_said_and_has_to_be_meant(staff):
    one = made(staff, whom="chosen", flag=["disabled"])
    page = staff.get(f"/campaigns/{one}")
    assert ("This stands in the way" in page.text, "Nobody would be rung." in page.text) == (True, True)
    staff.post(f"/campaigns/{one}/check")
    assert campaign(one).state == CampaignState.DRAFT
    refusal = staff.post(f"/campaigns/{one}/activate")
    assert (refusal.status_code, campaign(one).state) == (409, CampaignState.DRAFT)
    assert staff.post(f"/campaigns/{one}/activate", data={"anyway": "yes"}).status_code == 303
    assert campaign(one).state == CampaignState.ACTIVE


def test_a_line_without_time_says_what_would_do(staff):
    homes = [("9", "1", f"{n}", f"居民{n}", f"居民{n}") for n in range(400)]
    street.move_in(homes, helpers=[])
    one = made(staff, attempts="5", retry_minutes="1", busy="", deadline_minutes="30")
    page = staff.get(f"/campaigns/{one}").text
    assert "The line has no time for everybody before the deadline." in page
    [needs] = re.findall(r"or a deadline of (\d+ hours? ?\d* ?\w*);", page)
    assert f"The line needs about {needs} for 4" in page
    assert "and has 30 minutes until the deadline." in page


def test_changes_are_told_with_who_has_made_them_and_their_version(staff):
    signed_in.enter(staff, "wangfang")
    one = made(staff)
    staff.post(f"/campaigns/{one}/check")
    fields = filled(staff.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", at="09:30", name="早上好")
    staff.post(f"/campaigns/{one}/edit", data=fields)
    page = staff.get(f"/campaigns/{one}").text
    told = [re.sub("<time.*?</time>|<.*?>|\n", "", each).strip()
            for each in re.findall(r"<li><time.*?</li>", page, re.DOTALL)]  # fmt: skip
    assert told[:2] == [
        "wangfang has changed when: every day at 08:00 → every day at 09:30 version 2",
        "wangfang has renamed it: 早安 → 早上好",
    ]
    assert "has checked it: nothing stands in the way version 1" in told[2]
    assert "has written it" in told[3]


def test_a_campaign_can_be_heard_before_it_rings_anybody(staff):
    one = made(staff, kind="notice", message="明天早上停水。", often="once", on="2026-12-01", at="09:00")
    page = staff.get(f"/campaigns/{one}").text
    [address] = re.findall(r'href="(/listen\?call=campaign%3A[^"]+)"', page)
    assert "明天早上停水。" in staff.get(address).text
    check_in = street.campaign("问候")
    assert "王奶奶，您好。" in staff.get(f"/listen?call=campaign:{check_in}&spoken=zh-CN").text


def test_a_sample_call_is_queued_and_a_residents_number_is_refused_beside_what_was_typed(staff):
    one = made(staff)
    rung = staff.post(f"/campaigns/{one}/sample", data={"number": "0311 8600 9999"})
    assert "The telephone rings in a moment." in staff.get(rung.headers["Location"].partition("#")[0]).text
    taken = staff.post(f"/campaigns/{one}/sample", data={"number": "+8631186000000"})
    assert (taken.status_code, "is the telephone of a resident" in taken.text) == (409, True)
    assert 'value="+8631186000000"' in taken.text


def test_who_is_meant_is_shown_some_at_a_time_with_why_not(staff):
    street.pause("何奶奶")
    homes = [("9", "1", f"{n}", f"居民{n}", f"居民{n}") for n in range(40)]
    street.move_in(homes, helpers=[])
    one = made(staff)
    first = staff.get(f"/campaigns/{one}/people").text
    assert ("王桂兰" in first, first.count('<th scope="row">'), "no: " in first) == (True, 50, True)
    [following] = re.findall(r'href="(/campaigns/[^"]+/people\?after=[^"]+)"', first)
    rest = staff.get(following).text
    assert (rest.count('<th scope="row">'), "?after=" in rest, "居民39" in rest) == (14, False, True)


def test_an_auditor_reads_and_sees_nobodys_name_and_no_button(staff):
    street.begin_round()
    street.answer("刘奶奶", Outcome.UNWELL)
    with database.reading() as session:
        one = session.query(Campaign).one().id
    signed_in.enter(staff, role=AccessRole.AUDITOR)
    for address in ("/campaigns", f"/campaigns/{one}", "/rounds"):
        page = staff.get(address)
        assert page.status_code == 200
        shown = page.text.split("<main")[1].split("</main>")[0]
        assert ("刘" in shown, "<form" in shown, "/edit" in shown, 'href="/rounds/' in shown) == (False,) * 4
    for address in ("/campaigns/new", f"/campaigns/{one}/edit", f"/campaigns/{one}/people"):
        assert staff.get(address).status_code == 403
    assert staff.post(f"/campaigns/{one}/pause").status_code == 403
    assert staff.get("/").headers["Location"] == "/audit"


def test_nothing_of_another_community_and_nothing_for_another_site(staff):
    one, nobody = made(staff), new_id()
    for address in ("", "/edit", "/people"):
        assert staff.get(f"/campaigns/{nobody}{address}").status_code == 404
    for deed in ("check", "activate", "pause", "resume", "stop", "remove", "edit", "rounds"):
        assert staff.post(f"/campaigns/{nobody}/{deed}").status_code == 404
        assert staff.post(f"/campaigns/{one}/{deed}", headers=FOREIGN).status_code == 403
    assert staff.post("/campaigns", data={"name": "x"}, headers=FOREIGN).status_code == 403
    assert staff.post("/campaigns/preview", headers=FOREIGN).status_code == 403
    assert campaign(one).state == CampaignState.DRAFT
    elsewhere = signed_in.community("另一个社区")
    with database.unit_of_work() as session:
        session.get_one(Campaign, one).community_id = elsewhere
    assert staff.get(f"/campaigns/{one}").status_code == 404
    assert staff.post(f"/campaigns/{one}/stop").status_code == 404
