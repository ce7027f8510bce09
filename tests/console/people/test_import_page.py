"""The import as a page: what a list would do is shown, mended and done, and nothing is stored before."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns.privacy import retention
from contacts.import_drafts import drafts
from contacts.models import ImportDraft, Resident
from core import clock
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests import signed_in
from tests.console.people.forms import forms

PATH = "/residents/import"
HEADERS = "姓名,电话,楼栋,单元,房号,备注,同意\n"
WANG = "王桂兰,0311-86000101,3号楼,2,501,,签字表 2026-11-01\n"
LI = "李长海,0311-8600,3号楼,2,502,,\n"


def send(office, *rows, headers=HEADERS, name="名单.csv", language="en", **typed):
    content = (headers + "".join(rows)).encode()
    return office.post(f"{PATH}?language={language}", files={"file": (name, content)}, data=typed)


def plan_of(office, *rows, **typed):
    """Sends the rows; returns where their plan is, and its page."""
    done = send(office, *rows, **typed)
    assert done.status_code == 303
    place = done.headers["Location"]
    return place, office.get(f"{place}?language=en")


def names():
    with reading() as session:
        return sorted(session.scalars(select(Resident.name)))


def do(office, place, page):
    return office.post(place, data=forms(page)[place])


def test_what_a_list_would_do_is_shown_and_nothing_is_stored(office):
    place, page = plan_of(office, WANG, LI)
    assert names() == []
    assert "Do it: 1 new, 0 changed" in page.text
    assert "building 3, unit 2, room 501" in page.text or "501" in page.text
    assert "Row 3, phone" in page.text
    assert "0311-8600" in page.text
    assert "第3行，电话" in office.get(f"{place}?language=zh-CN").text


def test_it_is_done_once_by_whoever_has_pressed(office):
    place, page = plan_of(office, WANG, LI)
    done = do(office, place, page)
    assert (done.status_code, done.headers["Location"]) == (303, place)
    assert names() == ["王桂兰"]
    with reading() as session:
        [event] = latest(session, 9, ["contacts.imported"])
        assert (event.actor_id, event.facts["added"]) == (office.id, 1)
        assert session.scalars(select(ImportDraft)).one().content == b""
    assert do(office, place, page).status_code == 303
    with reading() as session:
        assert len(latest(session, 9, ["contacts.imported"])) == 1
    after = office.get(f"{place}?language=en").text
    assert ("The list was imported" in after, place in forms(office.get(place))) == (True, False)


def test_who_is_changed_stands_there_with_what_was_and_what_would_be(office, lives, looked_up):
    who = lives("王桂兰", "+8631186000101")
    place, page = plan_of(office, "王桂兰,0311-86000101,3号楼,2,601,腿疼,签字表\n")
    text = re.sub(r"<[^>]+>", "", page.text)
    for said in (
        "501 → building 3, unit 2, room 601",
        "– → 腿疼",
        " → 签字表",
    ):
        assert said in text, text
    assert looked_up(Resident, who, lambda row: row.notes) == ""
    do(office, place, page)
    assert looked_up(Resident, who, lambda row: (row.notes, row.household.room)) == ("腿疼", "601")


def test_whoever_is_not_in_the_list_is_named_and_stays(office, lives):
    lives("赵秀英", "+8631186000103", room="303")
    place, page = plan_of(office, WANG)
    assert "1 person is enrolled and not in this list" in page.text
    do(office, place, page)
    assert names() == ["王桂兰", "赵秀英"]


def test_what_has_changed_meanwhile_is_shown_instead_of_done(office, lives):
    place, page = plan_of(office, WANG)
    lives("王桂兰", "+8631186000101")
    done = do(office, place, page)
    assert done.headers["Location"] == f"{place}?changed=true"
    again = office.get(f"{place}?changed=true&language=en")
    assert ("Something has changed since you looked" in again.text, "Do it: 0 new, 1 changed" in again.text) == (
        True,
        True,
    )
    with reading() as session:
        assert latest(session, 9, ["contacts.imported"]) == []
        assert len(session.scalars(select(Resident)).one().consents) == 1
    assert do(office, place, again).headers["Location"] == place
    with reading() as session:
        assert session.scalars(select(Resident)).one().consents[-1].statement == "签字表 2026-11-01"


def test_a_cell_is_mended_and_read_again(office):
    place, page = plan_of(office, WANG, LI)
    [(cell, value)] = forms(page)[f"{place}/cells"].items()
    assert value == "0311-8600"
    done = office.post(f"{place}/cells", data={cell: "0311-\x008600\u20600102", "cell-0-2-0": "张三"})
    assert done.headers["Location"] == place
    page = office.get(f"{place}?language=en")
    assert ("1 cell is read as you have written" in page.text, "Do it: 2 new" in page.text) == (True, True)
    do(office, place, page)
    assert names() == ["李长海", "王桂兰"]


def test_an_unknown_column_is_said_to_tell_something(office, looked_up):
    headers = HEADERS.replace("备注", "特别提醒")
    place, page = plan_of(office, WANG.replace(",,", ",听力差,"), headers=headers)
    [cell] = forms(page)[f"{place}/cells"]
    office.post(f"{place}/cells", data={cell: "notes"})
    do(office, place, office.get(place))
    with reading() as session:
        assert session.scalars(select(Resident)).one().notes == "听力差"


def test_the_list_is_for_its_user_alone_and_for_a_while(office, service):
    place, page = plan_of(office, WANG)
    other = service()
    signed_in.enter(other, "hanmei")
    assert (other.get(place).status_code, do(other, place, page).status_code) == (404, 404)
    with unit_of_work() as session:
        session.execute(update(ImportDraft).values(checked_at=clock.real_now() - drafts.KEPT - timedelta(seconds=1)))
    assert (office.get(place).status_code, do(office, place, page).status_code, names()) == (404, 404, [])
    plan_of(office, WANG)
    with reading() as session:
        assert len(session.scalars(select(ImportDraft)).all()) == 1


def test_a_list_that_nobody_imports_goes_by_itself(office):
    plan_of(office, WANG)
    retention.carry_out()
    with unit_of_work() as session:
        assert session.scalars(select(ImportDraft)).all(), "its time is not over"
        session.execute(update(ImportDraft).values(checked_at=clock.real_now() - drafts.KEPT - timedelta(seconds=1)))
    retention.carry_out()
    with reading() as session:
        assert session.scalars(select(ImportDraft)).all() == []


def test_nobody_reads_the_list_in_the_database(office):
    plan_of(office, WANG, consent="签字表 2026-11-01")
    with reading() as session:
        kept = session.connection().exec_driver_sql("SELECT content, plan, consent, filename FROM import_drafts").one()
    texts = [each.encode() if isinstance(each, str) else bytes(each) for each in kept]
    assert [word for word in ("王桂兰", "签字表", "名单") if any(word.encode() in each for each in texts)] == []


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [({"name": "名单.pdf"}, 422, "pdf"), ({"name": "../.."}, 422, "list"), ({"headers": "甲,乙\n"}, 422, "name"),
     ({"consent": "未签"}, 422, "未签"), ({"headers": "", "rows": ()}, 422, "No file was chosen")],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_beside_its_field(office, sent, status, said):
    sent = dict(sent)
    rows = sent.pop("rows", (WANG,))
    answer = send(office, *rows, **sent)
    field = "consent" if "consent" in sent else "file"
    assert (answer.status_code, f'id="wrong-import-{field}"' in answer.text, said in answer.text) == (
        status,
        True,
        True,
    )
    assert "zaoan " not in answer.text


def test_more_than_a_page_takes_is_refused(office, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_MEGABYTES", 0)
    answer = send(office, WANG)
    assert (answer.status_code, "0 MB at most" in answer.text) == (413, True)
