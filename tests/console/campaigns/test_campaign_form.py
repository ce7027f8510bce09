"""The form of a campaign: what is chosen in it, what it means, what cannot be, and what stays as it was."""

import re
from datetime import date, time

import pytest

from campaigns.audience import rule_of
from campaigns.audiences.rules import EVERYONE, Aged, AllOf, AnyOf, Flagged, InRound, LivesIn, Not, OnList, Speaks
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.rounds import lateness
from campaigns.schedules.plans import BY_HAND, Daily, Monthly, Once, Weekly
from contacts.community.community import the_community
from contacts.models import Area
from contacts.people import resident_lists
from core import actors
from core.i18n import Language
from core.storage import database
from tests.console import street
from tests.console.campaigns.campaign_forms import campaign, kept, made, written
from tests.console.filled import filled

EIGHT = (time(8),)


def refused(staff, **changed):
    """What the form answers to something that cannot be."""
    fields = filled(staff.get("/campaigns/new"), "/campaigns", **{"name": "早安"} | changed)
    answer = staff.post("/campaigns", data=fields)
    assert answer.status_code in {404, 409, 422}
    assert kept() == []
    return answer


def building(name):
    with database.reading() as session:
        return next(each.id for each in session.query(Area) if each.name == name and each.kind == "building")


def a_list(name="合唱"):
    with database.unit_of_work() as session:
        return resident_lists.create(session, actors.system(), the_community(session).id, name).id


def error_beside(page, place):
    found = re.findall(rf'<p class="wrong" id="wrong-{place}" role="alert">(.*?)</p>', page.text)
    return found[0] if found else None


def test_an_empty_list_leads_to_the_first_campaign(staff):
    page = staff.get("/campaigns")
    assert 'href="/campaigns/new">Write the first one' in page.text
    first = made(staff)
    after = staff.get("/campaigns").text
    assert ("Write the first one" in after, f'href="/campaigns/{first}"' in after) == (False, True)
    assert "Every day at 08:00: ring everybody." in after


def test_what_was_chosen_is_the_rule_and_the_schedule_and_rings_nobody(staff):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    made_id = made(
        staff, whom="chosen", flag=["lives_alone"], least="80", area=[str(building("3"))], often="weekly",
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
    page = staff.get(f"/campaigns/{made_id}").text
    assert ("On Monday, Wednesday at 08:00, 16:00: ring whoever carries “lives alone” and is 80 or older and lives in "
            "building 3, but not whoever carries “disabled”.") in page  # fmt: skip


def test_the_preview_says_who_and_when_while_it_is_filled_in(staff):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    street.pause("何奶奶")
    fields = filled(staff.get("/campaigns/new"), "/campaigns", whom="chosen", flag=["lives_alone"])
    part = staff.post("/campaigns/preview", data=fields, headers={"X-Parts": "true"})
    assert (part.status_code, "<html" in part.text) == (200, False)
    assert "2 people are rung." in part.text
    assert re.findall(r'<p class="names">(.*?)</p>', part.text) == ["王桂兰, 赵德明"]
    assert "left_out" not in part.text
    assert len(re.findall("<li>", part.text)) == 10
    assert "Tue, Nov 24 08:00" in part.text
    whole = staff.post("/campaigns/preview", data=fields | {"name": "我的"})
    assert ("<html" in whole.text, "2 people are rung." in whole.text, 'value="我的"' in whole.text) == (True,) * 3
    assert kept() == []


def test_the_preview_shows_the_first_names_of_many(staff):
    fields = filled(staff.get("/campaigns/new"), "/campaigns")
    part = staff.post("/campaigns/preview", data=fields, headers={"X-Parts": "true"}).text
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
def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(staff, changed, place, said):
    page = refused(staff, **changed)
    assert said in (error_beside(page, place) or "")
    assert "--" not in error_beside(page, place), "the way out is one of the page"
    again = filled(page, "/campaigns")
    typed = {name: [value] for name, value in changed.items() if name not in {"day", "kind"}}
    assert {name: again.get(name) for name in typed} == typed


def test_a_name_that_there_is_already_and_a_mistake_in_chinese(staff):
    made(staff)
    fields = filled(staff.get("/campaigns/new"), "/campaigns", name="早安", attempts="9")
    page = staff.post("/campaigns?language=zh-CN", data=fields)
    assert error_beside(page, "name") == "已经有名为“早安”的活动。请换一个名称。"
    page = staff.post("/campaigns?language=zh-CN", data=fields | {"name": "另一个"})
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
    {"audience": AllOf(of=(Flagged(any_of=("lives_alone", "爱唱戏")), Aged(most=79),
                           Speaks(any_of=(Language.ENGLISH,))))},
    {"attempts": 5, "retry_minutes": 7, "retries": {"hung_up": None, "other_number": 7}, "spread_minutes": 40,
     "deadline": 300, "ring_seconds": 33, "early_minutes": 0, "late_until": time(11), "machine_detection": False},
    {"late_until": lateness.NEVER, "retries": {}},
    {"audience": AnyOf(of=(Flagged(any_of=("lives_alone",)), Aged(least=80)))},
]  # fmt: skip


@pytest.mark.parametrize("plan", PLANS)
def test_whoever_opens_the_form_and_keeps_it_has_changed_nothing(staff, plan):
    one = written(**plan)
    before = staff.get(f"/campaigns/{one}/edit")
    sent = staff.post(f"/campaigns/{one}/edit", data=filled(before, f"/campaigns/{one}/edit"))
    assert sent.status_code == 303, sent.text
    after = campaign(one)
    assert after.version == 1
    with database.reading() as session:
        for column in Campaign.__table__.columns:
            assert getattr(after, column.key) == getattr(session.get_one(Campaign, one), column.key)


def test_a_rule_that_says_more_is_shown_kept_and_changed_only_on_purpose(staff):
    rule = AnyOf(of=(Flagged(any_of=("lives_alone",)), InRound(answered=False, round_id=street.begin_round())))
    one = written(audience=rule)
    page = staff.get(f"/campaigns/{one}/edit")
    fields = filled(page, f"/campaigns/{one}/edit")
    assert (fields["whom"], "as it is: carries “lives alone” or was asked in the round of" in page.text) == (
        ["kept"],
        True,
    )
    assert fields["rule"][0].startswith("flag:lives_alone or unanswered:")
    staff.post(f"/campaigns/{one}/edit", data=fields | {"attempts": "2"})
    assert (rule_of(campaign(one)), campaign(one).attempts) == (rule, 2)
    now = filled(staff.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit")
    staff.post(f"/campaigns/{one}/edit", data=now | {"whom": "written", "rule": "age:80+ or flag:独居"})
    assert rule_of(campaign(one)) == AnyOf(of=(Aged(least=80), Flagged(any_of=("lives_alone",))))
    now = filled(staff.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit")
    staff.post(f"/campaigns/{one}/edit", data=now | {"whom": "everyone"})
    assert rule_of(campaign(one)) == EVERYONE


def test_lists_and_rounds_of_other_campaigns_can_be_chosen(staff):
    choir, other = a_list(), street.campaign("另一个")
    one = made(staff, whom="chosen", on_list=str(choir), in_campaign=str(other), answered="yes")
    assert rule_of(campaign(one)) == AllOf(of=(OnList(list_id=choir), InRound(answered=True, campaign_id=other)))


def test_two_people_do_not_overwrite_each_other(staff):
    one = made(staff)
    mine = filled(staff.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", attempts="2")
    theirs = filled(staff.get(f"/campaigns/{one}/edit"), f"/campaigns/{one}/edit", attempts="5")
    assert staff.post(f"/campaigns/{one}/edit", data=theirs).status_code == 303
    late = staff.post(f"/campaigns/{one}/edit", data=mine)
    assert (late.status_code, "Somebody else has changed this campaign" in late.text) == (409, True)
    assert campaign(one).attempts == 5
