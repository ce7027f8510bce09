"""Setting up and the palette with three thousand residents: few statements, and a page that is small."""

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from tests.console.today.test_large import asked, on_the_wire
from zaoan.web.app import web_app

ON_THE_WIRE = 60_000
MOST_STATEMENTS = {"/start": 45, "/settings": 25, "/find?q=w": 20, "/find?q=": 20}


@pytest.fixture
def browser(large, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("path", MOST_STATEMENTS)
def test_no_page_asks_for_more_than_it_shows(browser, path):
    browser.get(path)
    seen = asked(lambda: browser.get(path))
    assert len(seen) <= MOST_STATEMENTS[path], seen


@pytest.mark.parametrize("path", ["/start", "/settings"])
def test_a_page_is_small(browser, path):
    assert on_the_wire(browser.get(path)) < ON_THE_WIRE


def test_the_palette_shows_a_few_however_many_are_meant(browser):
    assert browser.get("/find?q=w").text.count('href="/residents/') == 8
