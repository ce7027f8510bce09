"""The list and a file in a community of three thousand: small pages, and as many statements as in a small one."""

import gzip

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from audio.clips.store import ClipStore
from contacts.models import Resident
from core.storage import database
from zaoan.web.app import web_app

LARGEST_PAGE = 250_000
"""Bytes of HTML."""
PATHS = ("/residents", "/residents?page=30", "/residents?q=wang", "/residents?q=0101", "/residents?q=3-2-501",
         "/residents?building=7&standing=rung")  # fmt: skip


@pytest.fixture
def browser(large, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000",
                    headers={"Accept": "text/html"}) as client:  # fmt: skip
        yield client


def statements(look):
    seen = []
    engine = database.current().engine

    def note(*about):
        seen.append(about[2])

    event.listen(engine, "before_cursor_execute", note)
    look()
    event.remove(engine, "before_cursor_execute", note)
    return [each for each in seen if each.startswith("SELECT")]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_the_list_is_small_whoever_is_looked_for(browser, path):
    browser.get(path)
    answer = browser.get(path)
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST_PAGE
    assert answer.text.count('class="person"') <= 50
    assert len(gzip.compress(answer.content)) < LARGEST_PAGE / 10
    assert len(statements(lambda: browser.get(path))) < 25


def test_a_file_reads_no_more_than_itself(browser):
    with database.reading() as session:
        who = session.scalars(select(Resident.id).limit(1)).one()
    answer = browser.get(f"/residents/{who}")
    assert (answer.status_code, len(answer.content) < LARGEST_PAGE) == (200, True)
    assert len(statements(lambda: browser.get(f"/residents/{who}"))) < 60
