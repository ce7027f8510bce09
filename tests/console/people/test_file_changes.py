"""What is changed on a file by its forms: it holds, it is whoever has signed in who did it, and nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.models import Trial
from contacts.models import Consent, Household, OptOut, Pause, PhoneState, Relative, Resident, ResidentFlag
from contacts.people import consent, resident_changes
from contacts.people.absences import local_today
from contacts.people.health_notes import health_notes
from core import actors
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests import people
from tests.console.people.forms import forms, send

FOREIGN = {"Origin": "http://evil.example"}


@pytest.fixture
def who(lives):
    return lives("王桂兰", "+8631186000101", "+8613800138000", called="王奶奶", flags=["lives_alone"])


@pytest.fixture
def daughter(who):
    with unit_of_work() as session:
        return people.relative(session, who, "王丽", "+8613800138001", relation="女儿").id


def change(office, who, form, **typed):
    """Fills in one form of the file as it is now, and sends it."""
    return send(office, f"/residents/{who}", f"/residents/{who}/{form}", **typed)


def told(who, what):
    with reading() as session:
        return what(session.get_one(Resident, who))


def doer():
    with reading() as session:
        return latest(session, 1)[0].actor_id


def wrong(answer):
    """What is said beside a field, and in which status."""
    return answer.status_code, answer.text.split('class="wrong"')[1].split(">")[1].split("<")[0]


def test_who_they_are_and_how_they_are_rung_is_changed(office, who):
    done = change(office, who, "details", called="王老师", reading="wáng", birth_year="1940", pace="150",
                  timbre="female", call_time="9:30", language="en", notes="一行\r\n两行")  # fmt: skip
    assert (done.status_code, done.headers["Location"]) == (303, f"/residents/{who}?saved=details#details")
    assert told(who, lambda row: (row.called, row.reading, row.birth_year, row.pace, row.timbre, row.language,
                                  f"{row.call_time:%H:%M}", row.notes)) == (
        "王老师", "wang2", 1940, 150, "female", "en", "09:30", "一行\n两行")  # fmt: skip
    assert doer() == office.id
    assert "Saved." in office.get(done.headers["Location"]).text


def test_a_form_that_is_sent_as_it_stands_changes_nothing(office, who, daughter):
    with unit_of_work() as session:
        session.get_one(Resident, who).household.key_holder_number = "+8613800138009"
    with reading() as session:
        before = latest(session, 1)[0].id
    for form in ("details", "flags", "phones", "door", f"relatives/{daughter}"):
        assert change(office, who, form).status_code == 303
    assert send(office, f"/residents/{who}/health", f"/residents/{who}/health").status_code == 303
    with reading() as session:
        assert latest(session, 1)[0].id == before


def test_a_mistake_stands_beside_its_field_and_what_was_typed_in_it(office, who):
    answer = change(office, who, "details", birth_year="tomorrow", called="新称呼")
    assert wrong(answer)[0] == 422
    assert "tomorrow" in wrong(answer)[1]
    assert 'aria-describedby="wrong-details-birth_year"' in answer.text
    typed = forms(answer)[f"/residents/{who}/details"]
    assert (typed["birth_year"], typed["called"]) == ("tomorrow", "新称呼")
    assert told(who, lambda row: row.called) == "王奶奶"


@pytest.mark.parametrize(("form", "typed", "theirs"), [
    ("details", {"called": "王婆婆"}, lambda s, a, who: resident_changes.set_particulars(s, a, who, {"notes": "腿疼"})),
    ("flags", {"flag": ["disabled"]}, lambda s, a, who: resident_changes.set_flags(s, a, who, ["空巢"])),
    ("phones", {"phone": "0311-86000109"},
     lambda s, a, who: resident_changes.set_numbers(s, a, who, second="0311-86000108")),
])  # fmt: skip
def test_what_others_have_changed_meanwhile_is_not_lost_and_what_was_typed_neither(office, who, form, typed, theirs):
    opened = forms(office.get(f"/residents/{who}"))[f"/residents/{who}/{form}"]
    with unit_of_work() as session:
        theirs(session, actors.system(), who)
    answer = office.post(f"/residents/{who}/{form}", data=opened | typed)
    assert wrong(answer) == (412, "Somebody else has changed this since you opened it. What you wrote stands in the "
                                  "form; the page shows what is so now. Look at both, then save again.")  # fmt: skip
    again = forms(answer)[f"/residents/{who}/{form}"]
    assert again["version"] != opened["version"]
    assert {name: again[name] for name in typed} == typed
    assert office.post(f"/residents/{who}/{form}", data=again).status_code == 303


def test_a_form_without_a_version_changes_nothing(office, who):
    assert office.post(f"/residents/{who}/details", data={"name": "别人", "called": "别人"}).status_code == 412


def test_exactly_the_flags_that_are_ticked_are_set(office, who):
    assert change(office, who, "flags", flag=["disabled", "aged_80"]).status_code == 303
    with reading() as session:
        assert set(session.scalars(select(ResidentFlag.flag))) == {"disabled", "aged_80"}
    opened = forms(office.get(f"/residents/{who}"))[f"/residents/{who}/flags"]
    assert office.post(f"/residents/{who}/flags", data={"version": opened["version"]}).status_code == 303
    with reading() as session:
        assert session.scalars(select(ResidentFlag.flag)).all() == []


def test_telephones_are_changed_and_a_wrong_one_is_refused_beside_its_field(office, who):
    assert change(office, who, "phones", phone="0311-86000105", second_phone="").status_code == 303
    assert told(who, lambda row: [each.number for each in row.phones]) == ["+8631186000105"]
    for field, typed in (("phone", "120"), ("second_phone", "12")):
        answer = change(office, who, "phones", **{field: typed})
        assert (answer.status_code, f'id="wrong-phones-{field}"' in answer.text) == (422, True)


def test_a_telephone_is_marked_as_wrong_and_as_good_again(office, who):
    path = f"/residents/{who}/phones/state"
    assert office.post(path, data={"phone": "+8631186000101", "state": "wrong"}).status_code == 303
    assert told(who, lambda row: row.phones[0].state) == PhoneState.WRONG
    assert office.post(path, data={"phone": "+8631186000101", "state": "good"}).status_code == 303
    assert told(who, lambda row: row.numbers) == ["+8631186000101", "+8613800138000"]
    assert office.post(path, data={"phone": "+8631186000101", "state": "maybe"}).status_code == 422
    assert office.post(path, data={"phone": "+8631186000999", "state": "wrong"}).status_code == 404


def test_the_way_in_is_changed_for_everybody_there(office, who):
    done = change(office, who, "door", access_notes="敲门", key_holder="对门", key_holder_number="138 0013 8009")
    assert done.status_code == 303
    assert told(who, lambda row: (row.household.access_notes, row.household.key_holder_number)) == (
        "敲门", "+8613800138009")  # fmt: skip
    answer = change(office, who, "door", key_holder_number="110")
    assert (answer.status_code, 'id="wrong-door-key_holder_number"' in answer.text) == (422, True)


def test_they_live_elsewhere_from_now_on(office, who):
    assert change(office, who, "move", building="4号楼", unit="1", room="302").status_code == 303
    assert told(who, lambda row: row.household.room) == "302"
    answer = change(office, who, "move", room="")
    assert (answer.status_code, 'id="wrong-move-room"' in answer.text) == (422, True)


def test_a_relative_is_added_changed_and_taken_off(office, who):
    new = {"name": "王丽", "number": "138 0013 8001", "relation": "女儿", "wants": "daily", "language": "zh-CN"}
    assert change(office, who, "relatives", **new).status_code == 303
    with reading() as session:
        [one] = session.scalars(select(Relative))
        assert (one.name, one.number, one.wants) == ("王丽", "+8613800138001", "daily")
    assert change(office, who, f"relatives/{one.id}", wants="nothing", email="a@example.org").status_code == 303
    with reading() as session:
        assert session.scalars(select(Relative.wants)).all() == ["nothing"]
    twice = change(office, who, "relatives", **new)
    assert twice.status_code == 409
    assert forms(twice)[f"/residents/{who}/relatives"]["number"] == "138 0013 8001"
    refused = change(office, who, f"relatives/{one.id}", email="nobody")
    assert (refused.status_code, f'id="wrong-relative-{one.id}-email"' in refused.text) == (422, True)
    assert office.post(f"/residents/{who}/relatives/{one.id}/remove").status_code == 303
    assert office.post(f"/residents/{who}/relatives/{one.id}/remove").status_code == 412
    with reading() as session:
        assert session.scalars(select(Relative)).all() == []


def test_a_relative_whom_others_have_changed_is_not_overwritten(office, who, daughter):
    opened = forms(office.get(f"/residents/{who}"))[f"/residents/{who}/relatives/{daughter}"]
    with unit_of_work() as session:
        session.get_one(Relative, daughter).name = "王莉"
    assert office.post(f"/residents/{who}/relatives/{daughter}", data=opened | {"wants": "nothing"}).status_code == 412


def test_the_calls_are_paused_and_resumed(office, who):
    with reading() as session:
        today = local_today(session, session.get_one(Resident, who))
    last = today + timedelta(days=3)
    assert change(office, who, "pause", last_day=last.isoformat(), reason="在女儿家").status_code == 303
    with reading() as session:
        [pause] = session.scalars(select(Pause))
        assert (pause.first_day, pause.last_day, pause.reason) == (today, last, "在女儿家")
    wrong_day = change(office, who, "pause", last_day="2020-01-01")
    assert (wrong_day.status_code, 'id="wrong-pause-last_day"' in wrong_day.text) == (422, True)
    assert office.post(f"/residents/{who}/resume").status_code == 303
    with reading() as session:
        assert session.scalars(select(Pause)).all() == []
    nothing = office.post(f"/residents/{who}/resume")
    assert (nothing.status_code, "is not paused" in nothing.text) == (409, True)


def test_a_consent_is_given_and_withdrawn_with_who_how_and_when(office, lives):
    who = lives("李长海", "+8631186000103", agreed=False)
    done = change(
        office, who, "consent", by="李敏", how="签字表", at="2026-01-05", for_what="每日问候", evidence="3-12"
    )
    assert done.status_code == 303
    with reading() as session:
        [given] = session.scalars(select(Consent))
        assert (given.given_by, given.how, given.for_what, given.evidence) == ("李敏", "签字表", "每日问候", "3-12")
        assert given.given_at.date().isoformat() == "2026-01-05"
        assert given.recorded_by == {"kind": "user", "id": str(office.id)}
    refusal = change(office, who, "consent", how="")
    assert (refusal.status_code, "--by" in refusal.text) == (422, False)
    assert change(office, who, "no-calls", by="本人", how="当面").status_code == 303
    with reading() as session:
        assert session.scalars(select(OptOut.how)).all() == ["当面"]
    assert "Ring them no more" not in office.get(f"/residents/{who}").text
    assert change(office, who, "consent", how="重新签字").status_code == 303
    with reading() as session:
        assert consent.opted_out(session.get_one(Resident, who)) is None


def test_a_trial_call_is_begun_once(office, who):
    assert office.post(f"/residents/{who}/trial").status_code == 303
    with reading() as session:
        assert session.scalars(select(Trial.resident_id)).all() == [who]
    again = office.post(f"/residents/{who}/trial")
    assert (again.status_code, "under way" in again.text) == (409, True)


def test_a_trial_that_may_not_be_made_says_why_without_a_command(office, lives):
    who = lives("李长海", "+8631186000103", agreed=False)
    answer = office.post(f"/residents/{who}/trial")
    assert (answer.status_code, "has not agreed to be called." in answer.text, "zaoan " in answer.text) == (
        422, True, False)  # fmt: skip


def test_somebody_is_looked_after_no_more_and_again(office, who):
    for typed in ({"because": ""}, {"because": "king"}, {"because": "other"}):
        assert change(office, who, "remove", **typed).status_code == 422
    assert change(office, who, "remove", because="moved_away", note="去北京").status_code == 303
    assert told(who, lambda row: (row.removed_because, row.removal_note)) == ("moved_away", "去北京")
    assert office.post(f"/residents/{who}/pause").status_code == 409
    assert office.post(f"/residents/{who}/restore").status_code == 303
    assert told(who, lambda row: row.removed_at) is None


def test_health_is_changed_on_its_own_page_and_never_overwritten(office, who):
    path = f"/residents/{who}/health"
    opened = forms(office.get(path))[path]
    assert office.post(path, data=opened | {"notes": "心脏起搏器"}).status_code == 303
    late = office.post(path, data=opened | {"notes": "糖尿病"})
    assert (late.status_code, "心脏起搏器" in late.text, forms(late)[path]["notes"]) == (412, True, "糖尿病")
    with reading() as session:
        assert health_notes(session, who) == "心脏起搏器"


def test_another_site_changes_nothing(office, who, daughter):
    forms_there = [each for each in forms(office.get(f"/residents/{who}")) if each.startswith("/residents/")]
    assert len(forms_there) > 10
    for path in [*forms_there, f"/residents/{who}/health", "/residents/new", "/responders/new"]:
        assert office.post(path, data={}, headers=FOREIGN).status_code == 403, path
    with reading() as session:
        assert session.scalars(select(Household.room)).all() == ["501"]
