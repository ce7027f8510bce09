"""Today of a large community: folded by house, and only what has changed is sent."""

import gzip
import re
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from audio.clips.store import ClipStore
from benchmarks import street as town
from console.view.house_blocks import counted
from console.view.parts import versions
from console.view.today import FOLDED_ABOVE, today
from core import actors
from core.i18n import Language
from core.storage import database
from escalation.cases import cases
from tests.console import street
from zaoan.web.app import web_app

RESIDENTS, HOUSES = 3000, 63
ON_THE_WIRE = 150_000
"""Bytes that a page, or what has changed of it, may take."""
ELEMENTS = 9_000
PART = re.compile(r'data-part="([^"]+)" data-version="([^"]+)"')


@pytest.fixture
def browser(large, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


def whole(browser, language="zh-CN"):
    return browser.get(f"/?language={language}")


def have(html):
    return " ".join(f"{key}:{version}" for key, version in PART.findall(html))


def news(browser, had, language="zh-CN"):
    return browser.post(f"/today/parts?language={language}", data={"have": had})


def on_the_wire(answer):
    assert answer.headers["Content-Encoding"] == "gzip"
    return int(answer.headers["Content-Length"])


def statements(look):
    return len(asked(look))


def asked(look):
    """What the database is asked meanwhile."""
    seen = []

    def note(*about):
        seen.append(about[2])

    engine = database.current().engine
    event.listen(engine, "before_cursor_execute", note)
    look()
    event.remove(engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("language", Language)
def test_the_whole_page_is_small_and_names_whoever_needs_a_person(browser, language):
    answer = whole(browser, language)
    assert on_the_wire(answer) < ON_THE_WIRE
    assert answer.text.count("<") - answer.text.count("</") < ELEMENTS
    assert answer.text.count('class="block"') == HOUSES
    with database.reading() as session:
        shown = today(session)
    needing = [line for line in shown.check_ins if line.needs_somebody]
    assert len(needing) > 100
    assert all(f'href="#case-{line.case_id}"' in answer.text for line in needing)
    assert all(f'id="case-{case.case_id}"' in answer.text for case in shown.cases)
    assert len(shown.check_ins) == sum(count for block in shown.blocks for _, count in block.signs) == RESIDENTS
    assert shown.legend == counted(line for block in shown.blocks for line in block.lines)


def test_a_change_sends_only_what_is_new_in_both_languages(browser):
    pages = {language: whole(browser, language).text for language in Language}
    person = town.change(7)
    for language, page in pages.items():
        answer = news(browser, have(page), language)
        assert on_the_wire(answer) < ON_THE_WIRE / 10
        changed = versions(have(answer.text))
        assert {"headline", "street", "happenings"} <= changed.keys()
        assert len([key for key in changed if key.startswith("b-")]) == 1, "more houses than that of whoever answered"
        assert not [key for key in changed if key.startswith("c-")]
        assert str(person) not in answer.text, "names only where they are asked for"


def test_nothing_is_sent_where_nothing_has_changed(browser):
    assert news(browser, have(whole(browser).text)).status_code == 204


def test_what_is_sent_makes_an_old_page_equal_to_a_new_one(browser):
    old = versions(have(whole(browser).text))
    first_case = re.search(r'id="case-([0-9a-f-]+)"', whole(browser).text)[1]
    with database.unit_of_work() as session:
        cases.close(session, actors.system(), UUID(first_case), "去看过了")
    town.change(3)
    answer = news(browser, " ".join(f"{key}:{version}" for key, version in old.items()))
    fresh = versions(have(whole(browser).text))
    kept = {key: version for key, version in (old | versions(have(answer.text))).items() if key in fresh}
    assert kept == fresh
    order = re.search(r'<template data-order="case-list">([^<]*)</template>', answer.text)[1].split()
    assert order == [key for key in fresh if key.startswith("c-")]


def test_a_house_and_a_case_are_opened_with_and_without_the_script_and_kept_fresh(browser):
    page = whole(browser).text
    source = re.search(r'data-source="(/today/houses/[^"]+)"', page)[1]
    assert "<html" in browser.get(source).text
    inside = browser.get(source, headers={"X-Parts": "true"})
    assert "<html" not in inside.text
    assert inside.text.count('class="window ') == town.A_HOUSE
    (key,) = versions(have(inside.text))
    town.change(0)
    assert key in versions(have(news(browser, f"{have(page)} {have(inside.text)}").text))
    case = re.search(r'data-source="(/today/cases/[^"]+)"', page)[1]
    opened = browser.get(case, headers={"X-Parts": "true"}).text
    assert f'action="{case}/accept"' in opened
    assert "tel:+86" in opened
    assert f'action="{case}/close"' in browser.get(case).text


def test_what_is_not_there_leads_back_to_today(browser):
    assert browser.get("/today/houses/nowhere", headers={"X-Parts": "true"}).status_code == 404
    assert browser.get("/today/houses/nowhere", follow_redirects=False).headers["Location"] == "/#cases"


def test_a_look_takes_as_many_statements_as_in_a_small_community(browser):
    with database.reading() as session:
        today(session)  # names and homes are known now

        def look():
            today(session, anew=False)

        assert statements(look) < 25


def test_a_form_answers_with_what_has_changed(browser):
    page = whole(browser).text
    case = re.search(r'data-source="(/today/cases/[^"]+)"', page)[1]
    answer = browser.post(f"{case}/close", data={"finding": "fine", "note": "", "have": have(page)},
                          headers={"X-Parts": "true"})  # fmt: skip
    assert answer.status_code == 200
    changed = versions(have(answer.text))
    assert "cases" in changed
    assert len(changed) < 8


def test_at_the_edge_everybody_still_has_a_window(house):
    homes = [("1", str(n // 24 + 1), f"{n % 24 // 4 + 1}{n % 4 + 1:02d}", f"居民{n}", "王奶奶")
             for n in range(FOLDED_ABOVE)]  # fmt: skip
    street.move_in(homes, helpers=street.HELPERS)
    with database.reading() as session:
        assert not today(session).is_large
    street.move_in([("1", "99", "101", "居民", "李爷爷")], helpers=[])
    with database.reading() as session:
        shown = today(session)
        assert (shown.is_large, shown.fronts) == (True, [])


def test_a_stream_is_never_compressed_and_small_answers_are_not_worth_it(browser):
    static = browser.get("/static/styles/page.css")
    assert static.headers["Content-Encoding"] == "gzip"
    plain = browser.get("/", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert len(gzip.compress(plain.content)) < ON_THE_WIRE
    assert "Content-Encoding" not in browser.get("/healthz").headers
