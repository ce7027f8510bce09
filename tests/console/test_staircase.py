"""The staircase over HTTP: what a link shows to whom, before and after somebody goes, and what it never shows."""

import re

import pytest
from fastapi.testclient import TestClient

from contacts.models import Responder
from core import actors, clock
from core.identity import throttling
from core.identity.models import AuditEntry
from core.storage.database import unit_of_work
from escalation import climbing
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState
from ivr.models import Call, Recording, RecordingState, Text
from tests.switchboard import resident, responder, rows

HEAD, SECOND = "+8613900000001", "+8613900000002"
PERSONAL = ("王奶奶", "王奶奶的全名", "2单元", "钥匙在门卫")
FORM = re.compile(r'<form class="deed"[^>]* method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)


@pytest.fixture
def asked(switchboard):
    """李楼长 and 陈志愿者 are asked about 王奶奶."""
    responder("李楼长", HEAD)
    responder("陈志愿者", SECOND)
    who = resident("王奶奶", "+8631186000101", room="301")
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, who, None).id
    climbing.climb_due()
    switchboard.case = case
    return switchboard


def path_to(number):
    [text] = rows(Text, number=number)
    return "/r/" + text.body.split("/r/")[1].split()[0]


@pytest.fixture
def browser(asked):
    """A browser that has never been here; several may be opened."""

    def opened():
        headers = {"Accept": "text/html"}
        return TestClient(asked.client.app, base_url=asked.chosen.public_url, follow_redirects=False, headers=headers)

    return opened


def press(client, path, name, **more):
    """Presses the button of a form of the page, with what the page has given it; returns the answer."""
    for action, inside in FORM.findall(client.get(path).text):
        if action == f"{path}/{name}" and (not more.get("state") or f'value="{more["state"]}"' in inside):
            hidden = dict(re.findall(r'name="(once|state)" value="([^"]*)"', inside))
            return client.post(action, data=hidden | more)
    raise AssertionError(f"there is no form {name}")


def the_case(asked):
    [case] = rows(Case, id=asked.case)
    return case


def test_before_somebody_goes_the_page_shows_building_and_kind_and_changes_nothing(asked, browser):
    path, client = path_to(HEAD), browser()
    for method in ("get", "head", "get"):
        shown = getattr(client, method)(path)
    assert (shown.status_code, "3号楼" in shown.text, "身体不舒服" in shown.text) == (200, True, True)
    assert [each for each in PERSONAL if each in shown.text] == []
    assert the_case(asked).state == CaseState.OPEN
    assert rows(AuditEntry) == []
    assert "zaoan_link" not in shown.headers.get("Set-Cookie", "")


def test_nobody_keeps_or_finds_it(asked, browser):
    shown = browser().get(path_to(HEAD))
    assert shown.headers["Cache-Control"] == "no-store"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "<script src=" in shown.text
    assert "unsafe-inline" not in shown.headers["Content-Security-Policy"].split("style-src-attr")[0]


def test_from_the_tap_to_the_finding(asked, browser):
    path, client = path_to(HEAD), browser()
    gone = press(client, path, "accept")
    assert (gone.status_code, gone.headers["Location"]) == (303, path)
    assert "HttpOnly" in gone.headers["Set-Cookie"]
    assert "Path=/r" in gone.headers["Set-Cookie"]
    shown = client.get(path).text
    assert [each for each in PERSONAL if each not in shown] == []
    press(client, path, "move", state="on_the_way")
    press(client, path, "move", state="on_site")
    assert the_case(asked).state == CaseState.ON_SITE
    refused = press(client, path, "close", finding="other", note=" ")
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert 'value="other" checked' in refused.text
    assert press(client, path, "close", finding="helped", note="量了血压").status_code == 303
    over = client.get(path)
    assert (over.status_code, "已经办完了" in over.text) == (200, True)
    assert [each for each in (*PERSONAL, "3号楼") if each in over.text] == []
    assert the_case(asked).note == "量了血压"


def test_every_look_at_a_person_and_every_deed_is_in_the_audit_log_and_no_link_is(asked, browser):
    path, client = path_to(HEAD), browser()
    press(client, path, "accept")
    client.get(path)
    [who] = rows(Responder, number=HEAD)
    noted = rows(AuditEntry)
    assert [each.deed for each in noted] == ["POST /r/{token}/accept", "GET /r/{token}"]
    assert {(each.actor_kind, each.actor_id, each.subject) for each in noted} == {
        ("responder", who.id, str(asked.case))
    }
    assert path.rsplit("/", 1)[1] not in str([vars(each) for each in noted])


def test_the_second_reads_who_has_taken_it_and_when(asked, browser):
    press(browser(), path_to(HEAD), "accept")
    shown = browser().get(path_to(SECOND))
    assert re.search(r"李楼长 在 \d\d:\d\d 已经接下了", shown.text)
    assert [each for each in PERSONAL if each in shown.text] == []
    assert FORM.findall(shown.text) == []


def test_who_is_a_second_too_late_reads_the_same(asked, browser):
    slow, path = browser(), path_to(SECOND)
    [(action, inside), *_] = FORM.findall(slow.get(path).text)
    press(browser(), path_to(HEAD), "accept")
    late = slow.post(action, data=dict(re.findall(r'name="(once)" value="([^"]*)"', inside)))
    assert late.status_code == 303
    assert "李楼长" in slow.get(path).text


def test_who_took_it_by_telephone_taps_once_to_see_where(asked, browser):
    asked.pick_up(HEAD).press("1")
    path, client = path_to(HEAD), browser()
    before = client.get(path).text
    assert "您已经在电话里接下了" in before
    assert [each for each in PERSONAL if each in before] == []
    press(client, path, "show")
    assert "钥匙在门卫" in client.get(path).text


def test_a_link_that_was_forwarded_shows_nothing_and_offers_a_new_one(asked, browser):
    path = path_to(HEAD)
    press(browser(), path, "accept")
    other = browser()
    refused = other.get(path)
    assert (refused.status_code, "另一部手机" in refused.text) == (403, True)
    assert [each for each in (*PERSONAL, "3号楼") if each in refused.text] == []
    assert other.post(f"{path}/close", data={"finding": "fine"}).status_code == 403
    sent = press(other, path, "new-link")
    assert sent.headers["Location"] == f"{path}?sent=1"
    assert "新的链接已经发到" in other.get(sent.headers["Location"]).text
    [_, new] = rows(Text, number=HEAD)
    fresh = "/r/" + new.body.split("/r/")[1].split()[0]
    press(other, fresh, "show")
    assert "钥匙在门卫" in other.get(fresh).text


def test_what_is_no_link_gets_a_kind_page_and_soon_nothing_else(asked, browser, monkeypatch):
    monkeypatch.setattr(throttling, "FROM_ADDRESS", 3)
    client = browser()
    said = [client.get(f"/r/{'abcd'[number] * 24}?language=en") for number in range(4)]
    assert [each.status_code for each in said] == [404, 404, 404, 429]
    assert "Open it from the message itself, or ask your office." in said[0].text
    assert client.get(path_to(HEAD)).status_code == 200


def test_a_form_of_another_site_is_refused(asked, browser):
    refused = browser().post(f"{path_to(HEAD)}/accept", headers={"Origin": "https://evil.example"})
    assert (refused.status_code, the_case(asked).state) == (403, CaseState.OPEN)


def test_what_was_said_is_heard_by_whoever_goes_and_by_nobody_else(asked, browser):
    with unit_of_work() as session:
        call = session.query(Call).first()
        one, other = (Recording(call_id=call.id, provider_id=name, seconds=3, state=RecordingState.KEPT,
                                made_at=clock.now(), sound=b"RIFF") for name in "ab")  # fmt: skip
        session.add_all([one, other])
        session.flush()
        session.get_one(Case, asked.case).recording_id = one.id
        ids = one.id, other.id
    path, client = path_to(HEAD), browser()
    heard = f"{path}/recordings/{ids[0]}.wav"
    assert client.get(heard).status_code == 404
    press(client, path, "accept")
    assert heard in client.get(path).text
    assert client.get(heard).content == b"RIFF"
    assert client.get(f"{path}/recordings/{ids[1]}.wav").status_code == 404
    assert browser().get(heard).status_code == 404


def test_the_page_speaks_the_responders_language_or_what_they_ask_for(asked, browser):
    with unit_of_work() as session:
        session.query(Responder).filter_by(number=HEAD).one().language = "en"
    assert "I am going" in browser().get(path_to(HEAD), headers={"Accept-Language": "zh-CN"}).text
    assert "我去" in browser().get(f"{path_to(HEAD)}?language=zh-CN").text
    assert "我去" in browser().get(path_to(SECOND), headers={"Accept-Language": "en"}).text


def test_an_open_page_learns_that_it_is_another_and_nothing_else(asked, browser):
    path, client, other = path_to(SECOND), browser(), browser()
    [now] = re.findall(r'data-version="(\w+)"', client.get(path).text)
    told = client.get(f"{path}/version")
    assert (told.text, told.headers["Cache-Control"]) == (now, "no-store")
    press(other, path_to(HEAD), "accept")
    assert re.fullmatch(r"\w{16}", changed := client.get(f"{path}/version").text)
    assert changed != now
    assert f'data-version="{changed}"' in client.get(path).text
    assert other.get(f"{path_to(HEAD)}/version").status_code == 200
    seen = len(rows(AuditEntry))
    refused = browser().get(f"{path_to(HEAD)}/version")
    assert (refused.status_code, refused.text, len(rows(AuditEntry))) == (403, "", seen)
    assert browser().get(f"/r/{'a' * 24}/version").status_code == 404


def test_whose_answer_was_lost_sends_the_form_again_and_is_let_in(asked, browser):
    path, lost = path_to(HEAD), browser()
    [(action, inside), *_] = FORM.findall(lost.get(path).text)
    form = dict(re.findall(r'name="(once)" value="([^"]*)"', inside))
    lost.post(action, data=form)
    again = browser()  # the same page, which was not told what it was to keep
    assert again.get(path).status_code == 403
    assert again.post(action, data=form).status_code == 303
    assert "钥匙在门卫" in again.get(path).text
    assert lost.get(path).status_code == 403
    assert browser().post(action, data={"once": "another"}).status_code == 403
    assert again.post(action).status_code == 303  # a form without a key lets in nobody who comes later
    assert browser().post(action).status_code == 403
    assert the_case(asked).state == CaseState.ACCEPTED


def test_who_has_taken_it_by_telephone_and_says_no_on_the_page_gives_it_back(asked, browser):
    client, path = browser(), path_to(HEAD)
    [(action, inside)] = [each for each in FORM.findall(client.get(path).text) if each[0].endswith("/decline")]
    asked.pick_up(HEAD).press("1")
    assert the_case(asked).state == CaseState.ACCEPTED
    assert client.post(action, data=dict(re.findall(r'name="(once)" value="([^"]*)"', inside))).status_code == 303
    assert the_case(asked).state == CaseState.OPEN


def test_the_language_that_was_asked_for_stays(asked, browser):
    done = browser().post(f"{path_to(HEAD)}/accept?language=en", data={"once": "a"})
    assert done.headers["Location"] == f"{path_to(HEAD)}?language=en"


def test_a_page_that_is_over_asks_no_more(asked, browser):
    with unit_of_work() as session:
        cases.close(session, actors.user("社区"), asked.case, "在电话里说好了", Finding.FINE)
    assert "data-version" not in browser().get(path_to(HEAD)).text
