import csv
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contacts.files import spreadsheets
from contacts.importing.exporting import export_residents
from contacts.importing.importing import Kind, run_import
from contacts.models import Phone, Resident
from core.errors import UserError
from core.storage.database import reading, unit_of_work
from core.timbre import Timbre
from tests import people
from tests.contacts.stories import LI, WANG, import_rows

pytestmark = pytest.mark.usefixtures("community")

FULL = WANG | {
    "称呼": "王奶奶", "备用电话": "+1 415 555 2671", "出生年": "1938", "标记": "独居；90以上；爱唱戏", "语言": "英语",
    "语速": "１１０", "声音": "女声", "读音": "wáng",
    "通话时间": "08:30", "家属姓名": "王丽", "家属电话": "13900000002", "关系": "女儿", "家属通知": "不通知",
    "家属邮箱": "wangli@example.org",
    "家属姓名2": "王强", "家属电话2": "13900000003", "家属通知2": "全部", "入户说明": "=1+2",
    "钥匙保管人": "对门李阿姨", "钥匙保管人电话": "13900000005",
    "备注": "'-3，\"引号\"\n第二行",
}  # fmt: skip


def told_of_everybody() -> list[tuple[object, ...]]:
    with reading() as session:
        residents = session.scalars(select(Resident).order_by(Resident.id)).all()
        return [
            (
                *(getattr(each, column.key) for column in Resident.__table__.columns),
                (each.household.access_notes, each.household.key_holder, each.household.key_holder_number),
                {flag.flag for flag in each.flags},
                [(phone.number, phone.position) for phone in each.phones],
                {
                    (relative.name, relative.number, relative.relation, relative.wants, relative.email)
                    for relative in each.relatives
                },
                [(consent.statement, consent.withdrawn_at) for consent in each.consents],
            )
            for each in residents
        ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_importing_what_was_exported_changes_nothing(tmp_path, suffix):
    import_rows(tmp_path, [FULL, LI | {"同意": ""}, WANG | {"姓名": "赵德明", "入户说明": "=1+2"}])
    with unit_of_work() as session:
        first = session.scalars(select(Resident).order_by(Resident.id)).first()
        session.add(Phone(resident_id=first.id, number="+8613900000009", position=2))
        people.relative(session, first.id, "王四", "+8613900000004", relation="孙子")
        key, mails = first.household.key_holder_number, {relative.email for relative in first.relatives}
    assert (key, mails) == ("+8613900000005", {"wangli@example.org", ""})
    before = told_of_everybody()
    assert (first.call_time, first.pace, first.timbre) == (time(8, 30), 110, Timbre.FEMALE)
    assert export_residents(tmp_path / f"out.{suffix}") == 3
    report = run_import(Kind.RESIDENTS, tmp_path / f"out.{suffix}", consent=None, dry_run=False)
    assert (report.added, report.changed, report.unchanged, report.problems) == (0, 0, 3, ())
    assert told_of_everybody() == before


def test_nothing_in_an_export_runs_as_a_formula(tmp_path):
    import_rows(tmp_path, [FULL])
    export_residents(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["入户说明"], row["备用电话"]) == ("'=1+2", "'+1 415-555-2671")
    assert not [text for text in row.values() if text.startswith(("=", "+", "-", "@"))]


def test_telephones_are_written_as_people_do_and_flags_in_chinese(tmp_path):
    import_rows(tmp_path, [FULL])
    export_residents(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["电话"], row["楼栋"], row["单元"], row["家属通知2"]) == ("0311 8600 0101", "3号楼", "2单元", "全部")
    assert set(row["标记"].split("、")) == {"独居", "90岁以上", "爱唱戏"}


def test_an_empty_community_exports_its_headers(tmp_path):
    assert export_residents(tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").startswith("姓名,称呼,电话")


@pytest.mark.parametrize("name", ["out.doc", "missing/out.csv", "missing/out.xlsx"])
def test_an_export_that_cannot_be_written_says_so(tmp_path, name):
    with pytest.raises(UserError):
        export_residents(tmp_path / name)


@given(text=st.text(alphabet="'=+-@＝a1 ", min_size=1).map(str.strip).filter(bool))
def test_the_guard_against_formulas_is_taken_off_again(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("guard") / "x.csv"
    spreadsheets.write(path, [[text]])
    assert spreadsheets.read(path)[0].rows[0].cells == [text]
    assert path.read_text("utf-8-sig").lstrip('"')[0] not in "=+-@＝"
