"""How a resident would be greeted is heard from the form in which it is typed, and nothing of it is kept."""

import pytest

from contacts.models import Resident
from contacts.people import resident_changes
from core import actors
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests.console.people.forms import forms, send

FOREIGN = {"Origin": "http://evil.example"}


@pytest.fixture
def who(lives):
    return lives("盖国强", "+8631186000101", called="盖爷爷")


def heard(office, who, **typed):
    """What is heard with this typed into the form as it stands."""
    filled = forms(office.get(f"/residents/{who}"))[f"/residents/{who}/details"]
    return office.post(f"/residents/{who}/greeting", data=filled | typed)


def seconds(answer):
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/wav")
    frames = answer.content[answer.content.index(b"data") + 8 :]
    return len(frames) / 8000


@pytest.mark.usefixtures("our_voice")
def test_each_thing_that_decides_how_it_sounds_is_heard_before_it_is_saved(office, who, looked_up):
    with reading() as session:
        before = latest(session, 1)[0].id
    usual = heard(office, who)
    assert seconds(usual) > 1
    assert heard(office, who).content == usual.content
    changes = {"called": "王奶奶", "reading": "gě", "pace": "120", "timbre": "male", "language": "en"}
    others = [heard(office, who, **{field: value}) for field, value in changes.items()]
    assert len({usual.content, *(each.content for each in others)}) == 6
    assert seconds(heard(office, who, pace="120")) > seconds(usual)
    assert looked_up(Resident, who, lambda row: (row.called, row.reading, row.pace, row.language)) == (
        "盖爷爷", "", None, "zh-CN")  # fmt: skip
    with reading() as session:
        assert latest(session, 1)[0].id == before


@pytest.mark.usefixtures("our_voice")
def test_what_is_heard_is_what_is_said_once_it_is_saved(office, who):
    tried = heard(office, who, reading="gě", called="盖老师").content
    assert heard(office, who).content != tried
    assert (
        send(office, f"/residents/{who}", f"/residents/{who}/details", reading="gě", called="盖老师").status_code == 303
    )
    assert heard(office, who).content == tried
    assert heard(office, who, reading="").content != tried


def test_a_mistake_stands_beside_its_field(office, who):
    answer = heard(office, who, reading="not pinyin at all", called="盖老师")
    assert answer.status_code == 422
    assert 'aria-describedby="wrong-details-reading"' in answer.text
    assert forms(answer)[f"/residents/{who}/details"]["called"] == "盖老师"


def test_what_others_have_changed_meanwhile_is_told_first(office, who):
    opened = forms(office.get(f"/residents/{who}"))[f"/residents/{who}/details"]
    with unit_of_work() as session:
        resident_changes.set_particulars(session, actors.system(), who, {"notes": "腿疼"})
    assert office.post(f"/residents/{who}/greeting", data=opened).status_code == 412


def test_without_a_voice_of_ours_that_is_said(office, who):
    answer = heard(office, who)
    assert answer.status_code == 409
    assert "Our voice cannot say this at present. Try again in a moment." in answer.text


def test_nobody_else_hears_it(office, who):
    assert office.post(f"/residents/{who}/greeting", headers=FOREIGN).status_code == 403
    unknown = "01890000-0000-7000-8000-000000000000"
    assert office.post(f"/residents/{unknown}/greeting", data={}).status_code == 404
