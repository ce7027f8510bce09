"""The pages over HTTP, as a browser without JavaScript uses them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

import console
from audio.clips.store import ClipStore
from campaigns.models import Outcome, TrialResult
from console.shell import links
from contacts.models import Responder
from core import settings
from core.i18n import LOCALES, Language, translate
from core.storage import database
from escalation.cases.needs import note
from escalation.models import Need
from tests.console import street
from zaoan.web.app import web_app

CODED = re.compile(
    r"\b(?:sign|care|page|role|case|outcome|need|needed|said|contact|heard again|texted|written by"
    r"|number|trial of|campaign|notice|finding|unasked|reason):\w+"
)


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


def catalogue(language):
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_what_somebody_needs_is_said_with_their_case_and_as_it_happens(browser):
    street.begin_round()
    street.answer("刘奶奶", Outcome.NEEDS_SUPPLIES)
    with database.unit_of_work() as session:
        for need in Need:
            note(session, street.case_of("刘奶奶").resident_id, need)
    for language, comma in ((Language.CHINESE, "，"), (Language.ENGLISH, ", ")):
        page = browser.get(f"/?language={language}").text
        assert comma.join(translate(language, f"need:{need}") for need in Need) + "</p>" in page
        assert all(translate(language, f"needed:{need}", called="刘奶奶") in page for need in Need)
        assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))


def case_path(called, action):
    return f"/today/cases/{street.case_of(called).id}/{action}"


def accept(browser, called, name, **headers):
    return browser.post(case_path(called, "accept"), data={"responder": str(street.helper(name).id)}, headers=headers)


def unwell(called="李爷爷"):
    street.begin_round()
    street.answer(called, Outcome.UNWELL)


def menu(browser, called):
    form = browser.get("/?language=zh-CN").text.partition(f'action="{case_path(called, "accept")}"')[2]
    return re.findall(r"<option value=\"[^\"]+\">(\S+)", form.partition("</form>")[0])


def test_nobody_is_offered_who_would_look_after_themselves_or_whom_they_live_with(browser):
    street.is_rung_at_the_telephone_of("石磊", "李爷爷")
    street.is_rung_at_the_telephone_of("魏红", "黄爷爷")  # who lives with 周奶奶
    unwell("李爷爷")
    street.answer("周奶奶", Outcome.UNWELL)
    street.answer("王奶奶", Outcome.UNWELL)
    everybody = {name for name, *_ in street.HELPERS}
    assert set(menu(browser, "李爷爷")) == everybody - {"石磊"}
    assert set(menu(browser, "周奶奶")) == everybody - {"魏红"}
    assert set(menu(browser, "王奶奶")) == everybody
    refused = accept(browser, "李爷爷", "石磊")
    assert refused.status_code == 409
    assert "不能自己照看自己" in refused.text
    assert menu(browser, "李爷爷"), "the case is still to be taken"


def test_where_only_the_residents_own_telephone_is_left_nobody_can_be_chosen(browser):
    street.is_rung_at_the_telephone_of("石磊", "李爷爷")
    with database.unit_of_work() as session:
        session.execute(delete(Responder).where(Responder.name != "石磊"))
    unwell("李爷爷")
    assert menu(browser, "李爷爷") == []
    assert "没有可以选的帮手" in browser.get("/?language=zh-CN").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_numbers_to_correct_notices_and_trials_are_told_in_words(browser, language):
    assert 'id="numbers"' not in browser.get(f"/?language={language}").text
    street.begin_round()
    street.numbers_refused()
    street.notice({"王奶奶": Outcome.UNWELL, "李爷爷": Outcome.NO_KEY, "张奶奶": Outcome.OK})
    for result in TrialResult:
        street.trial_shown(result.value)
    page = browser.get(f"/?language={language}").text
    assert "0311 8600 0000" in page
    assert ("不是有效的号码" if language == "zh-CN" else "not a valid number") in page
    assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_whole_morning_has_no_word_without_translation(browser, language):
    links.set_exchange_page("http://127.0.0.1:8010")
    pages = [browser.get(f"/?language={language}").text]
    street.half_a_morning()
    pages.append(browser.get(f"/?language={language}").text)
    street.all_done()
    pages.append(browser.get(f"/?language={language}").text)
    everything = re.sub(r"<[^>]+>", " ", "".join(pages))
    assert not CODED.findall(everything)
    english_words = {
        w
        for w in re.findall(r"[A-Za-z']{3,}", everything)
        if w.lower() not in {"zao'an", "english", "zaoan", "campaign", "create", "ctrl", "enter", "esc"}
    }
    assert language == "en" or not english_words


def test_every_word_of_the_templates_is_in_the_catalogues():
    used = {text for path in street_templates() for text in re.findall(r"\bt\(\"([^\"]+)\"(?! ~)", path.read_text())}
    assert len(used) > 50
    assert used <= catalogue("zh_CN").keys()
    symbolic = {text for text in catalogue("zh_CN") if CODED.fullmatch(text)}
    assert symbolic <= catalogue("en").keys()


def street_templates():
    from console.shell.rendering import TEMPLATES

    return sorted(TEMPLATES.rglob("*.html"))


def test_the_language_once_chosen_is_remembered(browser):
    assert 'lang="zh-CN"' in browser.get("/").text
    browser.get("/?language=en")
    assert '<html lang="en">' in browser.get("/").text


PROBLEM = "application/problem+json"


def reading(language):
    return {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}


@pytest.mark.parametrize("path", ["/", "/today/parts", "/listen", "/recordings"])
def test_pages_come_in_the_language_of_the_browser_and_say_so(browser, path):
    for asked, language in (("en-GB,en;q=0.9,zh;q=0.1", "en"), ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"), ("de", "zh-CN")):
        answer = browser.get(path, headers=reading(asked))
        assert (answer.headers["Content-Language"], "Accept-Language" in answer.headers["Vary"]) == (language, True)
        assert path == "/today/parts" or f'<html lang="{language}">' in answer.text


def test_what_somebody_chose_outranks_their_browser(browser):
    browser.get("/?language=en")
    assert '<html lang="en">' in browser.get("/", headers=reading("zh-CN")).text


@pytest.mark.parametrize(("asked", "said"), [("en", "There is no such page."), ("zh-HK", "没有这一页。")])
def test_an_address_that_leads_nowhere_is_told_on_a_page_in_the_language_of_the_browser(browser, asked, said):
    answer = browser.get("/nowhere", headers=reading(asked))
    assert (answer.status_code, said in answer.text, 'href="/"' in answer.text) == (404, True, True)
    assert browser.get("/api/nowhere", headers=reading(asked)).headers["Content-Type"] == PROBLEM


def test_a_refusal_is_told_on_a_page_to_people_and_as_a_document_to_programs(browser):
    unwell()
    path, form = case_path("李爷爷", "close"), {"note": "x"}
    foreign = {"Origin": "http://evil.example"}
    page = browser.post(path, data=form, headers=reading("en") | foreign)
    assert (page.status_code, '<html lang="en">' in page.text, "another site" in page.text) == (403, True, True)
    document = browser.post(path, data=form, headers={"Accept-Language": "en"} | foreign)
    assert (document.headers["Content-Type"], "another site" in document.json()["detail"]) == (
        "application/problem+json",
        True,
    )
    assert browser.post(path.replace("close", "accept"), headers=reading("en")).status_code == 422


def test_an_unknown_language_is_answered_in_that_of_the_installation(browser):
    assert '<html lang="zh-CN">' in browser.get("/?language=xx").text


def test_without_javascript_the_page_refreshes_itself_and_a_case_can_be_accepted(browser):
    unwell()
    assert '<noscript><meta http-equiv="refresh"' in browser.get("/").text
    answer = accept(browser, "李爷爷", "魏红")
    assert (answer.status_code, [each.status_code for each in answer.history]) == (200, [303])
    assert "魏红 08:00 接手" in answer.text


def test_whoever_comes_second_is_told_so_in_words(browser):
    unwell()
    accept(browser, "李爷爷", "魏红")
    answer = accept(browser, "李爷爷", "石磊")
    assert answer.status_code == 409
    assert "别人先接手了" in answer.text
    assert street.case_of("李爷爷").accepted_by_id == street.helper("魏红").id


def test_a_case_is_closed_with_a_note_and_only_once(browser):
    unwell()
    path = case_path("李爷爷", "close")
    assert browser.post(path, data={"note": "  "}).status_code == 422
    assert street.case_of("李爷爷").state == "open"
    assert browser.post(path, data={"note": "已送医"}).status_code == 200
    assert (street.case_of("李爷爷").state, street.case_of("李爷爷").note) == ("closed", "已送医")
    again = browser.post(path, data={"note": "再来一次"})
    assert (again.status_code, "已经办结" in again.text) == (409, True)


def test_a_case_is_closed_with_a_finding_that_needs_no_note(browser):
    unwell()
    path = case_path("李爷爷", "close")
    assert browser.post(path, data={"finding": "other"}).status_code == 422
    assert browser.post(path, data={"finding": "cured", "note": "x"}).status_code == 422
    assert street.case_of("李爷爷").state == "open"
    assert "已送医院" in browser.post(path, data={"finding": "taken_to_hospital"}).text
    assert (street.case_of("李爷爷").finding, street.case_of("李爷爷").note) == ("taken_to_hospital", "")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_for_whom_nobody_could_be_rung_stands_on_top_until_it_is_mended(browser, language):
    assert 'id="danger"' not in browser.get(f"/?language={language}").text
    street.nobody_can_be_rung()
    page = browser.get(f"/?language={language}").text
    assert (
        "24 位居民（1号楼、2号楼、3号楼）"
        if language == "zh-CN"
        else "24 residents (building 1, building 2, building 3)"
    ) in page
    assert "zaoan import" in page
    assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))


def test_arriving_is_only_for_a_case_that_somebody_has(browser):
    unwell()
    assert browser.post(case_path("李爷爷", "arrive")).status_code == 409
    accept(browser, "李爷爷", "魏红")
    assert "已到家门口" in browser.post(case_path("李爷爷", "arrive")).text


def test_the_script_gets_only_the_parts_and_the_refusal_in_them(browser):
    unwell()
    accept(browser, "李爷爷", "魏红")
    answer = accept(browser, "李爷爷", "石磊", **{"X-Parts": "true"})
    assert (answer.status_code, "<html" in answer.text) == (409, False)
    assert '<p id="notice">' in answer.text


@pytest.mark.parametrize("action", ["accept", "arrive", "close"])
def test_another_site_changes_nothing(browser, action):
    unwell()
    form = {"responder": str(street.helper("魏红").id), "note": "x"}
    for foreign in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert browser.post(case_path("李爷爷", action), data=form, headers=foreign).status_code == 403
    assert street.case_of("李爷爷").state == "open"


@pytest.mark.parametrize("action", ["accept", "arrive", "close"])
def test_a_page_that_has_given_its_own_name_our_address_changes_nothing_and_reads_nothing(browser, action):
    unwell()
    form = {"responder": str(street.helper("魏红").id), "note": "x"}
    rebound = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000", "Sec-Fetch-Site": "same-origin"}
    assert browser.post(case_path("李爷爷", action), data=form, headers=rebound).status_code == 421
    assert street.case_of("李爷爷").state == "open"
    assert "李爷爷" not in browser.get("/", headers=rebound).text


def test_a_proxy_may_ask_us_by_our_own_address_for_a_page_of_the_public_one(browser):
    unwell()
    public = settings.current().model_copy(update={"public_url": "https://zaoan.example.org"})
    settings.use(public)
    assert accept(browser, "李爷爷", "魏红", Origin="https://zaoan.example.org").status_code == 200
    assert accept(browser, "李爷爷", "石磊", Origin="https://zaoan.example.org:8443").status_code == 403


def test_nobody_who_is_unknown_can_take_a_case(browser):
    unwell()
    answer = browser.post(case_path("李爷爷", "accept"), data={"responder": str(street.case_of("李爷爷").id)})
    assert (answer.status_code, street.case_of("李爷爷").state) == (404, "open")


def test_its_own_page_may(browser):
    unwell()
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert accept(browser, "李爷爷", "魏红", **own).status_code == 200


def test_an_unchanged_page_is_not_sent_again(browser):
    tag = browser.get("/today/parts").headers["ETag"]
    assert browser.get("/today/parts", headers={"If-None-Match": tag}).status_code == 304
    unwell()
    assert browser.get("/today/parts", headers={"If-None-Match": tag}).status_code == 200


def test_names_are_written_as_text(browser):
    street.move_in([("4", "1", "101", "<b>x</b>", "<script>alert(1)</script>")], helpers=[])
    assert "<script>alert(1)" not in browser.get("/").text


def test_the_telephones_are_linked_when_the_exchange_has_a_page(browser):
    unwell()
    assert "/telephones/" not in browser.get("/").text
    links.set_exchange_page("http://127.0.0.1:8010/")
    assert 'href="http://127.0.0.1:8010/telephones/%2B8613700000030"' in browser.get("/").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_list_to_print_has_everybody_with_every_telephone_and_room_to_write(browser, language):
    street.half_a_morning()
    page = browser.get(f"/print?language={language}").text
    assert all(name in page for _, _, _, name, _ in street.HOMES)
    assert "0311 8600 0000" in page
    assert page.count('<td class="room">') == len(street.HOMES)
    assert page.count("<thead>") == 3, "each house repeats its own heading on every sheet"
    assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))
    assert 'href="/print"' in browser.get("/").text


@pytest.mark.parametrize(
    ("language", "area", "everything"),
    [("zh-CN", "1号楼", "整个社区"), ("en", "building 1", "the whole community")],
)
def test_the_list_of_helpers_has_their_areas_and_both_telephones(browser, language, area, everything):
    street.half_a_morning()
    with database.unit_of_work() as session:
        helper = session.scalars(select(Responder).join(Responder.areas)).first()
        helper.second_number = "+8613900009999"
        name = helper.name
    page = browser.get(f"/print?who=helpers&language={language}").text
    assert name in page
    assert everything in page
    assert area in page
    assert "139 0000 9999" in page
    assert '<td class="room">' not in page
    assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", ["不愿接电话", "不在今天这一轮里", "女儿：王红"]),
     ("en", ["does not want calls", "not in today&#39;s round", "女儿: 王红"])],
)  # fmt: skip
def test_the_list_to_print_has_who_is_in_no_round_with_why_and_the_relatives_of_who_has_agreed(browser, language, said):
    street.withdraw("王奶奶")
    street.begin_round()
    street.move_in([("9", "1", "101", "新来的", "新奶奶")], helpers=[])
    for called, name in (("王奶奶", "王强"), ("李爷爷", "王红")):
        street.relative(called, name, "女儿")
    page = browser.get(f"/print?language={language}").text
    assert page.count('<td class="room">') == len(street.HOMES) + 1
    assert all(each in page for each in said)
    assert "王强" not in page, "she has taken back that she agreed"
    assert browser.get("/print?who=unasked").text.count('<td class="room">') == len(street.HOMES) - 1
    assert not CODED.findall(re.sub(r"<[^>]+>", " ", page))


def test_the_list_can_be_of_those_only_who_need_somebody_or_were_not_asked(browser):
    street.half_a_morning()
    needing = browser.get("/print?who=needing").text
    assert needing.count('<td class="room">') == 4
    assert "李长海" in needing
    assert "徐文斌" not in needing, "his case is closed"
    assert browser.get("/print?who=unasked&by_house=true").text.count('<td class="room">') == 9
    assert browser.get("/print?who=nobody", headers=reading("en")).status_code == 422


def test_every_file_that_a_page_loads_is_there():
    static = Path(console.__file__).parent / "static"
    loaded = {
        static / name
        for page in street_templates()
        for name in re.findall(r"/static/([\w./-]+)", page.read_text("utf-8"))
    }
    loaded |= {
        script.parent / name
        for script in static.rglob("*.js")
        for name in re.findall(r'from "(\.[\w./-]+)"', script.read_text("utf-8"))
    }
    assert len(loaded) > 15
    assert [path for path in loaded if not path.exists()] == []
