"""The pages of campaigns: written by a form, checked, started, changed, paused, ended, as staff and an auditor see it."""

import re
from datetime import date, time
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from campaigns.audience import rule_of
from campaigns.audiences.rules import EVERYONE, Aged, AllOf, AnyOf, Flagged, InRound, LivesIn, Not, OnList, Speaks
from campaigns.models import Campaign, CampaignKind, CampaignState, Outcome
from campaigns.rounds import lateness, schedule
from campaigns.rounds.typed_schedules import schedule_of
from campaigns.schedules.plans import BY_HAND, Daily, Monthly, Once, Weekly
from contacts.community.community import the_community
from contacts.models import Area
from contacts.people import resident_lists
from core import actors
from core.i18n import Language
from core.ids import new_id
from core.identity.roles import AccessRole
from core.storage import database
from tests import signed_in
from tests.console import street
from tests.console.filled import filled
from zaoan.web.app import web_app

FOREIGN = {"Origin": "http://evil.example"}
EIGHT = (time(8),)


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(
        web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000", follow_redirects=False,
        headers={"Accept": "text/html", "Accept-Language": "en"},
    ) as client:  # fmt: skip
        yield client


def made(browser, **changed):
    """The id of a campaign that was written by the form; ``changed`` is filled in otherwise than it stands there."""
    sent = browser.post("/campaigns", data=filled(browser.get("/campaigns/new"), "/campaigns", name="早安", **changed))
    assert sent.status_code == 303, sent.text
    return UUID(sent.headers["Location"].removeprefix("/campaigns/"))


def refused(browser, **changed):
    """What the form answers to something that cannot be."""
    fields = filled(browser.get("/campaigns/new"), "/campaigns", **{"name": "早安"} | changed)
    answer = browser.post("/campaigns", data=fields)
    assert answer.status_code in {404, 409, 422}
    assert kept() == []
    return answer


def kept():
    with database.reading() as session:
        return session.query(Campaign).all()


def campaign(campaign_id):
    with database.reading() as session:
        return session.get_one(Campaign, campaign_id)


def building(name):
    with database.reading() as session:
        return next(each.id for each in session.query(Area) if each.name == name and each.kind == "building")


def written(**plan):
    """A campaign that somebody has written by other means; its id."""
    with database.unit_of_work() as session:
        return schedule.create_campaign(session, actors.system(), "早安", **plan).id


def a_list(name="合唱"):
    with database.unit_of_work() as session:
        return resident_lists.create(session, actors.system(), the_community(session).id, name).id


def state(page):
    return re.findall(r'class="state (\w+)"', page.text)[0]


def error_beside(page, place):
    found = re.findall(rf'<p class="wrong" id="wrong-{place}" role="alert">(.*?)</p>', page.text)
    return found[0] if found else None


def test_an_empty_list_leads_to_the_first_campaign(browser):
    page = browser.get("/campaigns")
    assert 'href="/campaigns/new">Write the first one' in page.text
    first = made(browser)
    after = browser.get("/campaigns").text
    assert ("Write the first one" in after, f'href="/campaigns/{first}"' in after) == (False, True)
    assert "Every day at 08:00: ring everybody." in after


def test_what_was_chosen_is_the_rule_and_the_schedule_and_rings_nobody(browser):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    made_id = made(
        browser, whom="chosen", flag=["lives_alone"], least="80", area=[str(building("3"))], often="weekly",
        day=["1", "3"], at="08:00，16:00", but_flag=["disabled"], attempts="4", busy="2", voicemail="never",
    )  # fmt: skip
    found = campaign(made_id)
    assert rule_of(found) == AllOf(of=(
        Flagged(any_of=("lives_alone",)), Aged(least=80), LivesIn(any_of=(building("3"),)),
        Not(of=Flagged(any_of=("disabled",))),
    ))  # fmt: skip
    assert schedule_of(found) == Weekly(days=(1, 3), times=(time(8), time(16)))
    assert (found.state, found.next_round_at, found.attempts) == (CampaignState.DRAFT, None, 4)
    assert found.retries == {"busy": 2, "voicemail": None}
    page = browser.get(f"/campaigns/{made_id}").text
    assert ("On Monday, Wednesday at 08:00, 16:00: ring whoever carries “lives alone” and is 80 or older and lives in "
            "building 3, but not whoever carries “disabled”.") in page  # fmt: skip


def test_the_preview_says_who_and_when_while_it_is_filled_in(browser):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    street.pause("何奶奶")
    fields = filled(browser.get("/campaigns/new"), "/campaigns", whom="chosen", flag=["lives_alone"])
    part = browser.post("/campaigns/preview", data=fields, headers={"X-Parts": "true"})
    assert (part.status_code, "<html" in part.text) == (200, False)
    assert "2 people are rung." in part.text
    assert re.findall(r'<p class="names">(.*?)</p>', part.text) == ["王桂兰, 赵德明"]
    assert "left_out" not in part.text
    assert len(re.findall("<li>", part.text)) == 10
    assert "Tue, Nov 24 08:00" in part.text
    whole = browser.post("/campaigns/preview", data=fields | {"name": "我的"})
    assert ("<html" in whole.text, "2 people are rung." in whole.text, 'value="我的"' in whole.text) == (True,) * 3
    assert kept() == []


def test_the_preview_shows_the_first_names_of_many(browser):
    fields = filled(browser.get("/campaigns/new"), "/campaigns")
    part = browser.post("/campaigns/preview", data=fields, headers={"X-Parts": "true"}).text
    assert ("24 people are rung." in part, "and 12 more" in part, "谢德福" in part) == (True, True, False)


@pytest.mark.parametrize(("changed", "place", "said"), [
    ({"whom": "chosen"}, "whom", "It is not said who is rung."),
    ({"whom": "chosen", "least": "90", "most": "80"}, "whom", "The youngest age is above the oldest."),
    ({"whom": "chosen", "least": "old"}, "whom", "“old” is no whole number."),
    ({"whom": "chosen", "least": "200"}, "whom", "Nobody is 200 years old."),
    ({"whom": "written", "rule": "shoe:41"}, "whom", "“shoe:41” is not clear"),
    ({"whom": "written", "rule": "list:nowhere"}, "whom", "There is no list nowhere."),
    ({"at": ""}, "when", "It is not said at which time."),
    ({"at": "25:00"}, "when", "25:00 is not a time."),
    ({"at": "05:00"}, "when", "05:00 is outside the hours"),
    ({"at": ",".join(f"{hour:02}:{minute}" for hour in range(8, 15) for minute in (10, 40))}, "when", "too many"),
    ({"often": "weekly"}, "when", "It is not said on which days."),
    ({"often": "weekly", "day": ["9"]}, "when", "9 is not a day of the week."),
    ({"often": "monthly", "month_days": " , "}, "when", "It is not said on which days."),
    ({"often": "monthly", "month_days": "32"}, "when", "32 is not a day of the month."),
    ({"often": "once"}, "when", "It is not said on which days."),
    ({"first": "2026-12-02", "last": "2026-12-01"}, "when", "The last day is before the first."),
    ({"every": "99"}, "when", "That is too many."),
    ({"but": "yesterday"}, "when", "yesterday is not a day."),
    ({"kind": "notice"}, "message", "A notice needs a message."),
    ({"kind": "party"}, "kind", "There is no such kind of campaign: party."),
    ({"name": " "}, "name", "The campaign needs a name."),
    ({"attempts": "9"}, "attempts", "attempts cannot be 9."),
    ({"ring_seconds": "5"}, "ring_seconds", "seconds of ringing cannot be 5."),
    ({"deadline_minutes": "5"}, "deadline_minutes", "minutes that a round may take cannot be 5."),
    ({"busy": "9999"}, "retry", "It is not clear when to ring again: busy=9999."),
    ({"late": "until", "late_at": "07:00"}, "late", "It is not clear until when a missed round is rung."),
    ({"late": "until"}, "late", "It is not clear until when a missed round is rung."),
])  # fmt: skip
def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(browser, changed, place, said):
    page = refused(browser, **changed)
    assert said in (error_beside(page, place) or "")
    assert "--" not in error_beside(page, place), "the way out is one of the page"
    again = filled(page, "/campaigns")
    typed = {name: [value] for name, value in changed.items() if name not in {"day", "kind"}}
    assert {name: again.get(name) for name in typed} == typed


def test_a_name_that_there_is_already_and_a_mistake_in_chinese(browser):
    made(browser)
    fields = filled(browser.get("/campaigns/new"), "/campaigns", name="早安", attempts="9")
    page = browser.post("/campaigns?language=zh-CN", data=fields)
    assert error_beside(page, "name") == "已经有名为“早安”的活动。请换一个名称。"
    page = browser.post("/campaigns?language=zh-CN", data=fields | {"name": "另一个"})
    assert error_beside(page, "attempts") == "次数 不能是 9。请选择 1 到 5 之间的数。"


PLANS = [
    {},
    {"schedule": BY_HAND},
    {"schedule": Once(times=EIGHT, on=date(2026, 12, 24))},
    {"schedule": Daily(times=(time(8), time(16, 30)), first=date(2026, 12, 1), last=date(2027, 3, 1), every=3,
                       but=(date(2027, 1, 1), date(2027, 2, 17)))},
    {"schedule": Weekly(times=EIGHT, days=(2, 7))},
    {"schedule": Monthly(times=EIGHT, days=(1, 15, -1))},
    {"kind": CampaignKind.NOTICE, "message": "明天停水。", "schedule": Weekly(times=EIGHT, days=(1,))},
    {"audience": AllOf(of=(Flagged(any_of=("lives_alone", "爱唱戏")), Aged(most=79), Speaks(any_of=(Language.ENGLISH,))))},
    {"attempts": 5, "retry_minutes": 7, "retries": {"hung_up": None, "other_number": 7}, "spread_minutes": 40,
     "deadline": 300, "ring_seconds": 33, "early_minutes": 0, "late_until": time(11), "machine_detection": False},
    {"late_until": lateness.NEVER, "retries": {}},
    {"audience": AnyOf(of=(Flagged(any_of=("lives_alone",)), Aged(least=80)))},
]  # fmt: skip


@pytest.mark.parametrize("plan", PLANS)
def test_whoever_opens_the_form_and_keeps_it_has_changed_nothing(browser, plan):
    one = written(**plan)
    before = browser.get(f"/campaigns/{one}/edit")
    sent = browser.post(f"/campaigns/{one}/edit", data=filled(before, f"/campaigns/{one}/edit"))
    assert sent.status_code == 303, sent.text
    after = campaign(one)
    assert after.version == 1
    with database.reading() as session:
        for column in Campaign.__table__.columns:
            assert getattr(after, column.key) == getattr(session.get_one(Campaign, one), column.key)


def test_a_rule_that_says_more_is_shown_kept_and_changed_only_on_purpose(browser):
    rule = AnyOf(of=(Flagged(any_of=("lives_alone",)), InRound(answered=False, round_id=street.begin_round())))
    one = written(audience=rule)
    page = browser.get(f"/campaigns/{one}/edit")
    fields = filled(page, f"/campaigns/{one}/edit")
    assert (fields["whom"], "as it is: carries “lives alone” or was asked in the round of" in page.text) == (["kept"], True)
    assert fields["rule"][0].startswith("flag:lives_alone or unanswered:")
    browser.post(f"/campaigns/{one}/edit", data=fields | {"attempts": "2"})
    assert (rule_of(campaign(one)), campaign(one).attempts) == (rule, 2)
    now = filled(browser.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit")
    browser.post(f"/campaigns/{one}/edit", data=now | {"whom": "written", "rule": "age:80+ or flag:独居"})
    assert rule_of(campaign(one)) == AnyOf(of=(Aged(least=80), Flagged(any_of=("lives_alone",))))
    now = filled(browser.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit")
    browser.post(f"/campaigns/{one}/edit", data=now | {"whom": "everyone"})
    assert rule_of(campaign(one)) == EVERYONE


def test_lists_and_rounds_of_other_campaigns_can_be_chosen(browser):
    choir, other = a_list(), street.campaign("另一个")
    one = made(browser, whom="chosen", on_list=str(choir), in_campaign=str(other), answered="yes")
    assert rule_of(campaign(one)) == AllOf(of=(OnList(list_id=choir), InRound(answered=True, campaign_id=other)))


def test_two_people_do_not_overwrite_each_other(browser):
    one = made(browser)
    mine = filled(browser.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", attempts="2")
    theirs = filled(browser.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", attempts="5")
    assert browser.post(f"/campaigns/{one}/edit", data=theirs).status_code == 303
    late = browser.post(f"/campaigns/{one}/edit", data=mine)
    assert (late.status_code, "Somebody else has changed this campaign" in late.text) == (409, True)
    assert campaign(one).attempts == 5


def test_a_draft_is_checked_started_paused_resumed_and_ended(browser):
    one = made(browser)
    page = browser.get(f"/campaigns/{one}")
    assert (state(page), "It can be carried out" in page.text) == ("draft", True)
    assert f'action="/campaigns/{one}/rounds"' not in page.text, "a draft has no round by hand"
    for deed, after in (("check", "checked"), ("activate", "active"), ("pause", "paused"), ("resume", "active"),
                        ("stop", "stopped")):  # fmt: skip
        assert browser.post(f"/campaigns/{one}/{deed}").status_code == 303
        assert (state(browser.get(f"/campaigns/{one}")), campaign(one).state) == (after, after)
    over = browser.get(f"/campaigns/{one}").text
    assert (f"/campaigns/{one}/edit" in over, f"/campaigns/{one}/remove" in over) == (False, True)
    assert browser.post(f"/campaigns/{one}/resume").status_code == 409
    assert browser.post(f"/campaigns/{one}/remove").headers["Location"] == "/campaigns"
    assert browser.get(f"/campaigns/{one}").status_code == 404


def test_what_stands_in_the_way_is_said_and_has_to_be_meant(browser):
    one = made(browser, whom="chosen", flag=["disabled"])
    page = browser.get(f"/campaigns/{one}")
    assert ("This stands in the way" in page.text, "Nobody would be rung." in page.text) == (True, True)
    browser.post(f"/campaigns/{one}/check")
    assert campaign(one).state == CampaignState.DRAFT
    refusal = browser.post(f"/campaigns/{one}/activate")
    assert (refusal.status_code, campaign(one).state) == (409, CampaignState.DRAFT)
    assert browser.post(f"/campaigns/{one}/activate", data={"anyway": "yes"}).status_code == 303
    assert campaign(one).state == CampaignState.ACTIVE


def test_a_line_without_time_says_what_would_do(browser):
    homes = [("9", "1", f"{n}", f"居民{n}", f"居民{n}") for n in range(400)]
    street.move_in(homes, helpers=[])
    one = made(browser, attempts="5", retry_minutes="1", busy="", deadline_minutes="30")
    page = browser.get(f"/campaigns/{one}").text
    assert "The line has no time for everybody before the deadline." in page
    [needs] = re.findall(r"or a deadline of (\d+ hours? ?\d* ?\w*);", page)
    assert f"The line needs about {needs} for 4" in page
    assert "and has 30 minutes until the deadline." in page


def test_changes_are_told_with_who_has_made_them_and_their_version(browser):
    signed_in.enter(browser, "wangfang")
    one = made(browser)
    browser.post(f"/campaigns/{one}/check")
    fields = filled(browser.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", at="09:30", name="早上好")
    browser.post(f"/campaigns/{one}/edit", data=fields)
    page = browser.get(f"/campaigns/{one}").text
    told = [re.sub("<.*?>|\n", "", each).strip() for each in re.findall(r"<li><time.*?</li>", page, re.DOTALL)]
    assert [each.split("PM ")[-1].split("AM ")[-1] for each in told][:2] == [
        "wangfang has changed when: every day at 08:00 → every day at 09:30 version 2",
        "wangfang has renamed it: 早安 → 早上好",
    ]
    assert "has checked it: nothing stands in the way version 1" in told[2]
    assert "has written it" in told[3]


def test_a_campaign_can_be_heard_before_it_rings_anybody(browser):
    one = made(browser, kind="notice", message="明天早上停水。", often="once", on="2026-12-01", at="09:00")
    page = browser.get(f"/campaigns/{one}").text
    [address] = re.findall(r'href="(/listen\?call=campaign%3A[^"]+)"', page)
    assert "明天早上停水。" in browser.get(address).text
    check_in = street.campaign("问候")
    assert "王奶奶，您好。" in browser.get(f"/listen?call=campaign:{check_in}&spoken=zh-CN").text


def test_a_sample_call_is_queued_and_a_residents_number_is_refused_beside_what_was_typed(browser):
    one = made(browser)
    rung = browser.post(f"/campaigns/{one}/sample", data={"number": "0311 8600 9999"})
    assert "The telephone rings in a moment." in browser.get(rung.headers["Location"].partition("#")[0]).text
    taken = browser.post(f"/campaigns/{one}/sample", data={"number": "+8631186000000"})
    assert (taken.status_code, "is the telephone of a resident" in taken.text) == (409, True)
    assert 'value="+8631186000000"' in taken.text


def test_who_is_meant_is_shown_some_at_a_time_with_why_not(browser):
    street.pause("何奶奶")
    homes = [("9", "1", f"{n}", f"居民{n}", f"居民{n}") for n in range(40)]
    street.move_in(homes, helpers=[])
    one = made(browser)
    first = browser.get(f"/campaigns/{one}/people").text
    assert ("王桂兰" in first, first.count('<th scope="row">'), "no: " in first) == (True, 50, True)
    [following] = re.findall(r'href="(/campaigns/[^"]+/people\?after=[^"]+)"', first)
    rest = browser.get(following).text
    assert (rest.count('<th scope="row">'), "?after=" in rest, "居民39" in rest) == (14, False, True)


def test_an_auditor_reads_and_sees_nobodys_name_and_no_button(browser):
    street.begin_round()
    street.answer("刘奶奶", Outcome.UNWELL)
    with database.reading() as session:
        one = session.query(Campaign).one().id
    signed_in.enter(browser, role=AccessRole.AUDITOR)
    for address in ("/campaigns", f"/campaigns/{one}", "/rounds"):
        page = browser.get(address)
        assert page.status_code == 200
        shown = page.text.split("<main")[1].split("</main>")[0]
        assert ("刘" in shown, "<form" in shown, "/edit" in shown, 'href="/rounds/' in shown) == (False,) * 4
    for address in ("/campaigns/new", f"/campaigns/{one}/edit", f"/campaigns/{one}/people"):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/campaigns/{one}/pause").status_code == 403
    assert browser.get("/").headers["Location"] == "/audit"


def test_nothing_of_another_community_and_nothing_for_another_site(browser):
    one, nobody = made(browser), new_id()
    for address in ("", "/edit", "/people"):
        assert browser.get(f"/campaigns/{nobody}{address}").status_code == 404
    for deed in ("check", "activate", "pause", "resume", "stop", "remove", "edit", "rounds"):
        assert browser.post(f"/campaigns/{nobody}/{deed}").status_code == 404
        assert browser.post(f"/campaigns/{one}/{deed}", headers=FOREIGN).status_code == 403
    assert browser.post("/campaigns", data={"name": "x"}, headers=FOREIGN).status_code == 403
    assert browser.post("/campaigns/preview", headers=FOREIGN).status_code == 403
    assert campaign(one).state == CampaignState.DRAFT
    elsewhere = signed_in.community("另一个社区")
    with database.unit_of_work() as session:
        session.get_one(Campaign, one).community_id = elsewhere
    assert browser.get(f"/campaigns/{one}").status_code == 404
    assert browser.post(f"/campaigns/{one}/stop").status_code == 404
