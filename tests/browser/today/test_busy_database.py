"""While the database is not to be had a page says so and comes back by itself; one that is open keeps what it shows."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.storage import database
from core.storage.database import Database

WIDTHS = (1440, 390)
SAID = {"zh-CN": "请稍等", "en": "One moment, please"}
LOST = {"zh-CN": "连接断开了，正在重新连接……", "en": "Connection lost, trying again…"}


@contextmanager
def away():
    """Where the database was is a folder."""
    there = database.current()
    nowhere = Database(f"sqlite:///{Path(there.url.database).parent}")
    database.use(nowhere)
    try:
        yield
    finally:
        database.use(there)
        nowhere.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", SAID)
def test_a_page_says_it_and_comes_back_by_itself(look, language, width):
    with away(), look(f"/listen?language={language}", width=width) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text(SAID[language])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        with page.expect_navigation():  # it asks again while nothing has changed
            pass
        expect(page.get_by_role("heading", level=1)).to_have_text(SAID[language])


def test_it_is_there_again_without_anybody_doing_anything(look):
    with away():
        opened = look("/listen?language=en")
        page = opened.__enter__()
        expect(page.get_by_role("heading", level=1)).to_have_text(SAID["en"])
    expect(page.get_by_role("heading", level=1)).not_to_have_text(SAID["en"])
    opened.__exit__(None, None, None)


@pytest.mark.parametrize("language", SAID)
def test_today_keeps_what_it_shows_and_says_that_it_may_be_old(look, language):
    with look(f"/?language={language}") as page:
        before = page.locator("main").inner_html()
        with away():
            expect(page.locator("#lost")).to_have_text(LOST[language])
            assert page.locator("main").inner_html() == before
        expect(page.locator("#lost")).to_have_text("")
