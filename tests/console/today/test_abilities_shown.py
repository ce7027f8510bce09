"""What a helper speaks and can do stands beside their name where the office gives a case to somebody."""

import re

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from console.view.today import rosters
from contacts.people import responder_changes
from core import actors
from core.storage.database import unit_of_work
from tests.console import street
from zaoan.web.app import web_app


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize(
    ("language", "beside"),
    [("zh-CN", "石磊 · 志愿者 · 粤语 · 急救 · 开车"), ("en", "石磊 · volunteer · Cantonese · first aid · driving")],
)
def test_they_stand_beside_the_name_of_who_can_take_a_case(browser, language, beside):
    street.half_a_morning()
    told = {"languages": "粤语", "skills": "急救、开车"}
    with unit_of_work() as session:
        responder_changes.change(session, actors.system(), street.helper("石磊").id, told)
    rosters.forget()
    shown = browser.get(f"/?language={language}").text
    assert beside in {" ".join(each.split()) for each in re.findall(r"<option[^>]*>([^<]*)</option>", shown)}
