"""What an import leaves for the next one: columns that are known, and rows to be mended; and lists of responders."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from console.people.importing import page as import_page
from contacts.columns.columns import Field, Kind
from contacts.community.community import the_community
from contacts.import_drafts import known_columns
from contacts.importing.importing import run_import
from contacts.models import ImportColumn, ImportDraft, Resident, Responder
from core import actors
from core.errors import UserError
from core.identity.roles import AccessRole
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from tests import people, signed_in
from tests.console.people.forms import forms
from tests.console.people.test_import_page import HEADERS, LI, PATH, WANG, do, names, plan_of, send

REMINDED = HEADERS.replace("备注", "特别提醒")
WANG_REMINDED = WANG.replace(",,", ",听力差,")
HELPERS = "姓名,角色,负责区域,电话,会说的语言,PIN\n"
SHI = "石磊,志愿者,3号楼,13700000031,粤语,407318\n"


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def say(office, place, page, field):
    """Says what the unknown column tells."""
    [cell] = [each for each in forms(page)[f"{place}/cells"] if each.startswith("cell-")]
    return office.post(f"{place}/cells", data={cell: field})


def kept():
    with reading() as session:
        return [(each.kind, each.header, each.field) for each in session.scalars(select(ImportColumn))]


def downloaded(office, place, language="en"):
    answer = office.get(f"{place}/left-out.xlsx?language={language}")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return answer, [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def dropped_again(office, rows, **typed):
    """Sends these rows as a workbook; returns where their plan is, and its page."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    content = io.BytesIO()
    workbook.save(content)
    done = office.post(PATH, files={"file": ("改好.xlsx", content.getvalue())}, data=typed)
    assert done.status_code == 303, done.text
    return done.headers["Location"], office.get(f"{done.headers['Location']}?language=en")


def test_a_column_is_said_once_and_known_in_the_next_list(office):
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    assert say(office, place, page, "access notes").headers["Location"] == place
    assert kept() == [("residents", "特别提醒", "access notes")]
    page = office.get(f"{place}?language=en")
    assert ("特别提醒 → access notes" in text(page), "is not a column we know" in page.text) == (True, False)
    do(office, place, page)
    with reading() as session:
        [event] = latest(session, 9, ["import_column.kept"])
        assert (event.actor_id, event.facts["field"]) == (office.id, "access notes")
        assert session.scalars(select(Resident)).one().household.access_notes == "听力差"
    _, page = plan_of(office, WANG_REMINDED.replace("听力差", "敲门要久"), headers=REMINDED.replace("特别", "特别 "))
    assert "Columns that were read as you said before" in page.text
    assert "听力差 → 敲门要久" in text(page)


def test_the_command_knows_it_too(office, tmp_path):
    with unit_of_work() as session:
        known_columns.keep(session, actors.system(), the_community(session).id, Kind.RESIDENTS,
                           {"特别提醒": Field.ACCESS_NOTES})  # fmt: skip
    path = tmp_path / "名单.csv"
    path.write_text(REMINDED + WANG_REMINDED, encoding="utf-8")
    report = run_import(Kind.RESIDENTS, path, consent=None, dry_run=False)
    assert (report.problems, report.known_columns) == ((), (("特别提醒", "access notes"),))


def test_a_column_that_tells_nothing_is_not_asked_about_again(office):
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    say(office, place, page, import_page.NOTHING)
    assert kept() == [("residents", "特别提醒", None)]
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    assert ("特别提醒 → nothing that is kept" in text(page), f"{place}/cells" in forms(page)) == (True, False)


def test_what_was_said_is_seen_and_taken_back_in_the_list_that_lies_open_too(office):
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    say(office, place, page, "notes")
    page = office.get(f"{place}?language=en")
    [forget] = [each for each in forms(page) if each and each.endswith("/forget")]
    assert forget in forms(office.get(PATH))
    done = office.post(forget, data=forms(page)[forget])
    assert (done.status_code, done.headers["Location"], kept()) == (303, place, [])
    assert "is not a column we know" in office.get(f"{place}?language=en").text
    assert office.post(forget).status_code == 404
    with reading() as session:
        assert latest(session, 9, ["import_column.taken_back"])[0].actor_id == office.id


def test_a_known_column_gives_way_to_one_that_says_so_itself(office):
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    say(office, place, page, "notes")
    both = HEADERS.replace("备注", "备注,特别提醒")
    _, page = plan_of(office, WANG.replace(",,", ",腿疼,听力差,"), headers=both)
    assert ("Do it: 1 new" in page.text, "is not a column we know" in page.text) == (True, True)


@pytest.mark.parametrize("field", ["role", "x" * 300, "--", "pin"])
def test_what_such_a_list_cannot_tell_is_refused(office, field):
    place, page = plan_of(office, WANG_REMINDED, headers=REMINDED)
    refused = say(office, place, page, field)
    assert (refused.status_code, "is no column of such a list" in refused.text, kept()) == (422, True, [])


def test_headers_that_are_known_and_too_many_are_refused(office, monkeypatch):
    with unit_of_work() as session:
        community = the_community(session).id
        for told in ({"电话": Field.NOTES}, {" ": Field.NOTES}):
            with pytest.raises(UserError, match="known already"):
                known_columns.keep(session, actors.system(), community, Kind.RESIDENTS, told)
        monkeypatch.setattr(known_columns, "MOST", 1)
        with pytest.raises(UserError, match="More columns are kept"):
            known_columns.keep(session, actors.system(), community, Kind.RESIDENTS, {"甲项": None, "乙项": None})


def test_rows_left_out_are_downloaded_mended_and_sent_again(office):
    place, page = plan_of(office, WANG, LI.replace("李长海", "=李长海"))
    answer, rows = downloaded(office, place)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert rows[0] == ["姓名", "电话", "楼栋", "单元", "房号", "备注", "同意", "what is wrong"]
    assert (len(rows), rows[1][0], rows[1][1]) == (2, "'=李长海", "0311-8600")
    assert rows[1][-1].startswith("phone: ")
    assert downloaded(office, place, "zh-CN")[1][0][-1] == "哪里不对"
    do(office, place, page)
    assert downloaded(office, place)[1] == rows, "the good rows are in, and what was left out can still be had"
    rows[1][0], rows[1][1] = "李长海", "0311-86000102"
    place, page = dropped_again(office, rows)
    assert ("Do it: 1 new, 0 changed" in page.text, "what is wrong" in page.text) == (True, False)
    do(office, place, page)
    assert names() == ["李长海", "王桂兰"]
    assert office.get(f"{place}/left-out.xlsx").status_code == 404


def test_a_row_of_which_only_a_cell_was_left_out_is_among_them(office):
    headers = HEADERS.replace("备注", "出生年份")
    place, page = plan_of(office, WANG.replace(",,", ",很久以前,"), LI, headers=headers)
    _, rows = downloaded(office, place)
    assert [row[0] for row in rows[1:]] == ["王桂兰", "李长海"]
    do(office, place, page)
    rows[1][5] = "1941"
    place, page = dropped_again(office, rows[:2])
    assert "– → 1941" in text(page)


def test_what_was_mended_in_the_page_is_mended_in_the_rows(office):
    place, page = plan_of(office, WANG, LI.replace("502", ""))
    phone = next(each for each, value in forms(page)[f"{place}/cells"].items() if value == "0311-8600")
    office.post(f"{place}/cells", data={phone: "0311-86000102"})
    assert downloaded(office, place)[1][1][1] == "0311-86000102"


def test_responders_come_by_a_list(office):
    place, page = plan_of(office, SHI, "魏红,志愿者,,0311-1,,\n", headers=HELPERS, kind="responders")
    said = text(page)
    assert ("Do it: 1 new" in said, "石磊 volunteer new" in said, "407318" in page.text) == (True, True, False)
    with reading() as session:
        assert session.scalars(select(Responder).where(Responder.name == "石磊")).all() == []
        assert "407318" not in session.scalars(select(ImportDraft)).one().plan
    done = do(office, place, page)
    assert done.status_code == 303
    with reading() as session:
        who = session.scalars(select(Responder).where(Responder.name == "石磊")).one()
        assert (who.number, who.languages, bool(who.pin)) == ("+8613700000031", ["cantonese"], True)
        assert latest(session, 1, ["responder.added"])[0].actor_id == office.id
    assert 'href="/responders"' in office.get(place).text
    again, page = plan_of(office, SHI.replace("粤语", "普通话").replace("3号楼", "4号楼").replace("407318", "518429"),
                          headers=HELPERS, kind="responders")  # fmt: skip
    said = text(page)
    for each in ("Do it: 0 new, 1 changed", "building 3 → building 4", "Cantonese → Mandarin",
                 "written down → written down"):  # fmt: skip
        assert each in said, (each, said)
    _, rows = downloaded(office, place)
    assert [row[0] for row in rows[1:]] == ["魏红"]
    assert do(office, again, page).status_code == 303


def test_a_list_of_responders_has_columns_of_its_own(office):
    place, page = plan_of(office, SHI, headers=HELPERS.replace("PIN", "暗号"), kind="responders")
    assert ('value="role"' in page.text, 'value="building"' in page.text) == (True, False)
    say(office, place, page, "pin" if "pin" in set(Field) else Field.PIN.value)
    assert kept() == [("responders", "暗号", Field.PIN.value)]
    assert "list-of" not in office.get(PATH).text
    assert "checked" in office.get(f"{PATH}?kind=responders").text.split('value="responders"')[1].split(">")[0]


def test_columns_and_rows_are_the_communitys_and_the_users_own(office, service):
    with unit_of_work() as session:
        there = people.another_community(session, "别的社区")
        known_columns.keep(session, actors.system(), there.id, Kind.RESIDENTS, {"特别提醒": Field.NOTES})
        foreign = session.scalars(select(ImportColumn.id)).one()
    place, page = plan_of(office, WANG_REMINDED, LI, headers=REMINDED)
    assert "is not a column we know" in page.text
    assert "特别提醒" not in office.get(PATH).text
    assert office.post(f"{PATH}/columns/{foreign}/forget").status_code == 404
    assert len(kept()) == 1
    other = service()
    signed_in.enter(other, "hanmei")
    assert other.get(f"{place}/left-out.xlsx").status_code == 404


def test_whoever_may_not_change_people_does_not(service, office):
    place, _ = plan_of(office, WANG, LI)
    with unit_of_work() as session:
        known_columns.keep(session, actors.system(), the_community(session).id, Kind.RESIDENTS, {"甲项": None})
        column = session.scalars(select(ImportColumn.id)).one()
    for role in (AccessRole.RESPONDER, AccessRole.RELATIVE, AccessRole.AUDITOR):
        browser = service()
        signed_in.enter(browser, role=role)
        assert browser.get(f"{place}/left-out.xlsx").status_code == 403
        assert browser.post(f"{PATH}/columns/{column}/forget").status_code == 403
    office.headers["Origin"] = "https://elsewhere.example"
    assert office.post(f"{PATH}/columns/{column}/forget").status_code == 403
    assert send(office, WANG).status_code == 403
    assert len(kept()) == 1
