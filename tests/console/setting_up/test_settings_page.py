"""The settings: the community's facts and who has changed them, the office, the line looked at, periods, versions."""

import re
from datetime import time

import pytest

from campaigns.privacy import periods
from console.setting_up.live_checks import Found, UnderWayError
from contacts.community.community import the_community
from contacts.models import Responder
from core import settings
from core.identity.roles import AccessRole
from core.running.events import latest
from core.settings import Telephony
from core.storage.database import reading, unit_of_work
from core.storage.migrating import revisions
from tests import people, signed_in
from tests.console.campaigns.campaign_forms import made
from tests.console.people.forms import forms, send
from zaoan import __version__

PATH, COMMUNITY, OFFICE, CHECK = "/settings", "/settings/community", "/settings/office", "/settings/check"
FOREIGN = {"Origin": "http://evil.example"}


def fact(field):
    with reading() as session:
        return getattr(the_community(session), field)


def changes(page):
    return re.findall(r'<ol class="moments">.*?</ol>', page.text, re.DOTALL)


def test_what_is_changed_holds_and_stands_below_with_who_did_it(chief):
    done = send(chief, PATH, COMMUNITY, name="槐东社区", area_code="0311", call_from="08:00", day=["1", "3"])
    assert (done.status_code, done.headers["Location"]) == (303, "/settings?saved=community#community")
    assert (fact("name"), fact("area_code"), fact("call_from"), fact("office_days")) == (
        "槐东社区",
        "0311",
        time(8),
        "13",
    )
    page = chief.get("/settings?saved=community")
    [told] = changes(page)
    assert told.count("<b>chief</b>") == 4
    for said in ("本社区 → 槐东社区", "07:30 → 08:00", "Monday to Friday → Monday, Wednesday"):
        assert said in told
    assert "我是槐东社区的早安电话" in page.text
    with reading() as session:
        assert latest(session, 1, ["community.changed"])[0].actor_id == chief.id


def test_a_form_that_is_sent_as_it_stands_changes_nothing(chief):
    assert send(chief, PATH, COMMUNITY).status_code == 303
    assert "Nothing has been changed" in chief.get(PATH).text


def test_nobody_at_the_office_on_any_day_can_be_said(chief):
    told = forms(chief.get(PATH))[COMMUNITY]
    told.pop("day")
    assert chief.post(COMMUNITY, data=told).status_code == 303
    assert fact("office_days") == ""


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [({"name": ""}, "name", "1 to 40 characters"), ({"timezone": "Mars"}, "timezone", "There is no time zone Mars."),
     ({"area_code": "abc"}, "area_code", "is not an area code"), ({"region": "X1"}, "region", "no country X1"),
     ({"call_from": "x"}, "call_from", "is not a time"), ({"office_until": "08:00"}, "office_from", "make no sense")],
)  # fmt: skip
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(chief, typed, field, said):
    answer = send(chief, PATH, COMMUNITY, **{"name": "槐东社区"} | typed)
    assert (answer.status_code, f'id="wrong-community-{field}"' in answer.text, said in answer.text) == (
        422,
        True,
        True,
    )
    kept = forms(answer)[COMMUNITY]
    assert {each: kept[each] for each in typed} == typed
    assert fact("name") == "本社区"


def test_whoever_has_seen_other_facts_is_told_and_can_save_again(chief):
    seen = forms(chief.get(PATH))[COMMUNITY]
    send(chief, PATH, COMMUNITY, name="槐东社区")
    late = chief.post(COMMUNITY, data=seen | {"name": "别的名字"})
    assert (late.status_code, fact("name")) == (412, "槐东社区")
    again = forms(late)[COMMUNITY]
    assert again["name"] == "别的名字"
    assert chief.post(COMMUNITY, data=again).status_code == 303
    assert fact("name") == "别的名字"


def test_what_a_setting_names_too_is_shown_and_not_changed_or_the_next_start_would_fail(service):
    chief = service()
    signed_in.enter(chief, "chief", AccessRole.ADMINISTRATOR)
    page = chief.get(PATH)
    assert ("Set by ZAOAN_COMMUNITY" in page.text, "name" in forms(page)[COMMUNITY]) == (True, False)
    refused = send(chief, PATH, COMMUNITY, name="别的名字")
    assert (refused.status_code, "Remove ZAOAN_COMMUNITY" in refused.text, fact("name")) == (409, True, "槐东社区")
    assert send(chief, PATH, COMMUNITY, call_from="08:00").status_code == 303
    assert fact("call_from") == time(8)


def test_the_office_gets_a_telephone_to_which_alerts_come(chief):
    assert "No office for the whole community" in chief.get(PATH).text
    wrong = chief.post(OFFICE, data={"number": "12", "name": "值班室"})
    assert (wrong.status_code, 'id="wrong-office-number"' in wrong.text, 'value="12"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert chief.post(OFFICE, data={"number": "0311-86000100", "name": ""}).status_code == 303
    with reading() as session:
        [office] = session.query(Responder).all()
        assert (office.role, office.name, office.numbers, office.areas) == (
            "office", "社区办公室", ("+8631186000100",), [])  # fmt: skip
    page = chief.get(PATH)
    assert ("0311 8600 0100" in page.text, "No office for" in page.text) == (True, False)


def test_the_line_is_looked_at_when_somebody_asks_and_the_way_out_is_said(chief, looking):
    looking(lambda language: [Found("provider", "wrong", f"silent in {language}", "begin it")])
    assert "begin it" not in chief.get(PATH).text
    page = chief.post(CHECK)
    assert (page.status_code, 'data-state="wrong"' in page.text, "silent in en" in page.text) == (200, True, True)
    assert '<p class="mend">begin it</p>' in page.text


def test_two_do_not_look_at_once(chief, looking):
    def busy(_):
        raise UnderWayError("Somebody is looking already.", way_out="Look again in a moment.")

    looking(busy)
    page = chief.post(CHECK)
    assert (page.status_code, "Look again in a moment." in page.text) == (409, True)


def test_no_secret_of_the_line_stands_on_the_page(chief):
    settings.use(settings.current().model_copy(update={
        "telephony": Telephony.TWILIO, "twilio_api_url": "https://user:hunter2@example.org",
        "twilio_number": ("+1555",), "twilio_account_sid": "AC123"}))  # fmt: skip
    page = chief.get(PATH).text
    assert ("Calls go by example.org." in page, "hunter2" in page, "AC123" in page) == (True, False, False)


def test_every_period_and_every_version_is_told(chief):
    page = chief.get(PATH).text
    for kind in periods.Kind:
        assert f"ZAOAN_{periods.SETTINGS[kind].upper()}" in page
        assert f'<td class="number">{periods.days(kind)}</td>' in page
    for version in (__version__, revisions()[-1], "SQLite 3."):
        assert f"<dd>{version}" in page


def test_earlier_changes_are_on_pages_of_their_own(chief):
    for minute in range(25):
        send(chief, PATH, COMMUNITY, call_from=f"07:{minute:02}")
    first = chief.get(PATH)
    assert changes(first)[0].count("<li>") == 20
    [older] = re.findall(r'href="(/settings\?before=\d+)#changes"', first.text)
    assert changes(chief.get(older))[0].count("<li>") == 5


def test_others_change_nothing_and_another_site_neither(chief, bare):
    clerk = bare()
    signed_in.enter(clerk, "clerk")
    assert {clerk.get(PATH).status_code, clerk.post(COMMUNITY, data={"name": "x"}).status_code} == {403}
    assert "/settings" not in clerk.get("/").text
    for path in (COMMUNITY, OFFICE, CHECK, "/start/check", "/start/call"):
        assert chief.post(path, data={"name": "x"}, headers=FOREIGN).status_code == 403
    assert fact("name") == "本社区"


def test_times_of_campaigns_that_would_be_outside_the_hours_are_refused_with_the_campaign(chief):
    with unit_of_work() as session:
        people.resident(session, "王桂兰", "+8631186000101")
    made(chief)
    refused = send(chief, PATH, COMMUNITY, call_from="09:00")
    assert (refused.status_code, "早安 08:00" in refused.text) == (409, True)
