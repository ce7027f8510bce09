"""The file of a resident: what stands on it, and who has read it."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from audio.clips.store import ClipStore
from campaigns.models import Outcome
from contacts.models import Household, Removal, Resident
from contacts.people import absences, consent, health_notes, residents
from core import actors
from core.i18n import Language
from core.identity.models import AuditEntry
from core.ids import new_id
from core.storage.database import reading, unit_of_work
from tests import people
from tests.console import street
from zaoan.web.app import web_app


def file(office, who, **asked):
    answer = office.get(f"/residents/{who}", params=asked)
    assert answer.status_code == 200
    return answer.text


def section(text, name):
    """The words of one section."""
    return text.split(f'id="{name}"')[1].split("</section>")[0]


@pytest.fixture
def who(lives):
    with unit_of_work() as session:
        home = people.household(session, "501", "3", "2", access_notes="门铃坏了，请敲门")
        home.key_holder, home.key_holder_number = "对门张阿姨", "+8613800138009"
    made = lives("王桂兰", "+8631186000101", called="王奶奶", birth_year=1941, reading="wang2 gui4 lan2",
                 flags=["lives_alone"], notes="腿脚不便")  # fmt: skip
    with unit_of_work() as session:
        people.relative(session, made, "王丽", "+8613800138000", relation="女儿", wants="daily")
    return made


def test_the_file_tells_what_a_helper_and_the_office_need(office, who):
    text = file(office, who)
    told = ["王桂兰", "wáng guì lán", "王奶奶", "lives alone", "腿脚不便", "building 3, unit 2, room 501"]
    door = ["门铃坏了，请敲门", "对门张阿姨", "138 0013 8009", "0311 8600 0101"]
    for said in (*told, *door, "王丽", "女儿", "daily digest"):
        assert said in text
    with reading() as session:
        age = absences.local_today(session, session.get_one(Resident, who)).year - 1941
    assert f"{age} years" in text


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda s, who, day: None, "May be rung, but no campaign that is active is meant for them."),
        (lambda s, who, day: absences.pause(s, actors.system(), who, day, None, "在女儿家"),
         "Paused until somebody resumes the calls: 在女儿家."),
        (lambda s, who, day: consent.withdraw(s, actors.system(), who, by="", how="当面"), "Wishes no calls"),
        (lambda s, who, day: residents.mark_removed(s, actors.system(), who, Removal.MOVED_AWAY, "去北京"),
         "Moved away; looked after no more since"),
    ],
)  # fmt: skip
def test_how_somebody_stands_is_one_plain_sentence(office, who, happens, said):
    with unit_of_work() as session:
        happens(session, who, absences.local_today(session, session.get_one(Resident, who)))
    assert said in section(file(office, who), "standing")


def test_a_pause_names_its_last_day_and_one_to_come_is_told_as_well(office, who):
    with unit_of_work() as session:
        today = absences.local_today(session, session.get_one(Resident, who))
        absences.pause(session, actors.system(), who, today, today + timedelta(days=2), "住院")
        absences.pause(session, actors.system(), who, today + timedelta(days=9), today + timedelta(days=10))
    said = section(file(office, who), "standing")
    day = today + timedelta(days=2)
    assert f"Paused until {day:%A, %B} {day.day}, {day.year}: 住院." in said
    assert "Away from" in said


def test_health_is_not_on_the_file_and_its_reading_is_noted_apart(office, who):
    with unit_of_work() as session:
        health_notes.set_health_notes(session, actors.system(), who, "心脏起搏器")
    assert "心脏起搏器" not in file(office, who)
    assert "心脏起搏器" in office.get(f"/residents/{who}/health").text
    with reading() as session:
        read = session.execute(select(AuditEntry.deed, AuditEntry.subject)).all()
    assert ("GET /residents/{resident_id}", str(who)) in read
    assert ("GET /residents/{resident_id}/health", str(who)) in read


def test_who_lives_with_them_is_named_and_nobody_elses_neighbours(office, who, lives):
    lives("李长海", "+8631186000101")
    lives("赵德明", room="502")
    door = section(file(office, who), "door")
    assert ("李长海" in door, "赵德明" in door) == (True, False)


def test_there_is_no_file_of_strangers_of_other_communities_and_of_nobody(office):
    with unit_of_work() as session:
        other = people.another_community(session, "别的社区")
        stranger = people.resident(session, "外人", home=people.household(session, of=other)).id
    for each in (stranger, new_id()):
        assert office.get(f"/residents/{each}").status_code == 404
        assert office.get(f"/residents/{each}/health").status_code == 404
        assert office.post(f"/residents/{each}/pause", data={}).status_code == 404
    with reading() as session:
        assert session.get_one(Resident, stranger).removed_at is None


def test_what_was_answered_stands_in_the_calendar_with_sign_word_and_time(neighbourhood, tmp_path):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    with reading() as session:
        who = session.scalars(select(Resident.id).where(Resident.called == "李爷爷")).one()
    with TestClient(web_app(ClipStore(tmp_path / "clips")), headers={"Accept": "text/html"},
                    base_url="http://127.0.0.1:8000") as browser:  # fmt: skip
        page = browser.get(f"/residents/{who}?language=en").text
        answers = section(page, "answers")
        assert "Answers in November 2026" in answers
        assert '<use href="#g-unwell"/>' in answers
        assert "<span>unwell</span> <time>08:00</time>" in answers
        assert f'href="/cases/{street.case_of("李爷爷").id}"' in page
        assert "No round has asked them" in section(browser.get(f"/residents/{who}?month=2026-10&language=en").text,
                                                    "answers")  # fmt: skip
        assert f'href="/residents/{who}"' in browser.get("/?language=en").text


@pytest.mark.parametrize("language", Language)
def test_nothing_is_said_in_words_of_the_code(office, who, lives, language):
    lives("李长海", agreed=False, language="en")
    office.post(f"/residents/{who}/trial")
    for path in (f"/residents/{who}", "/residents", f"/residents/{who}/health", "/residents/new", "/responders/new"):
        said = re.sub(r"<kbd>[^<]+</kbd>|<[^>]+>", " ", office.get(f"{path}?language={language}").text)
        assert re.findall(r"\b[a-z]+(?:-[a-z]+)?:[a-z_]+", said) == []
        left = set(re.findall(r"[A-Za-z]{4,}", said)) - {"English"}
        assert language is Language.ENGLISH or left <= {"lilei", "signed"}


def test_a_change_stands_in_the_history_with_who_made_it(office, who):
    office.post(f"/residents/{who}/pause", data={"reason": "住院"})
    said = section(file(office, who), "history")
    assert ("<b>lilei</b>" in said, "paused the calls" in said) == (True, True)


def test_a_file_that_was_made_one_with_another_leads_there_and_cannot_be_restored(office, who, lives):
    other = lives("王桂蘭", "+8631186000101")
    with unit_of_work() as session:
        residents.mark_removed(session, actors.system(), who, Removal.OTHER, "登记了两次")
        session.get_one(Resident, who).merged_into_id = other
    text = file(office, who)
    assert f'href="/residents/{other}">This is one file with another one' in text
    assert f"/residents/{who}/restore" not in text


def test_the_language_is_changed_without_leaving_the_file(office, who):
    text = file(office, who)
    assert f'href="/residents/{who}?language=zh-CN"' in text
    assert "照看" in office.get(f"/residents/{who}?language=zh-CN").text


def test_of_somebody_who_has_left_nothing_can_be_changed_but_that(office, who):
    with unit_of_work() as session:
        residents.mark_removed(session, actors.system(), who, Removal.OTHER, "不需要了")
    text = file(office, who)
    assert f'action="/residents/{who}/restore"' in text
    assert [each for each in ("details", "phones", "door", "flags", "relatives", "consent", "remove")
            if f'action="/residents/{who}/{each}"' in text] == []  # fmt: skip
    assert office.post(f"/residents/{who}/restore").status_code == 303
    with reading() as session:
        assert session.get_one(Resident, who).removed_at is None
        assert session.scalars(select(Household.room)).all() == ["501"]
