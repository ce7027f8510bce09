from datetime import time

import pytest
from sqlalchemy import select, true

from contacts import queries
from contacts.importing.importing import Kind, run_import
from contacts.models import Area, Consent, Flag, Household, Phone, Relative, Resident, Responder, Wants
from core import clock
from core.running import events
from core.storage.database import reading
from tests.contacts.stories import LI, WANG, count, import_rows, save

pytestmark = pytest.mark.usefixtures("community")


def only_resident() -> Resident:
    with reading() as session:
        community_id = session.scalars(select(Resident.community_id)).one()
        return queries.residents_in_full(session, community_id)[0]


def only_profile() -> queries.ResidentProfile:
    return profile_of("王桂兰")


def profile_of(name: str) -> queries.ResidentProfile:
    with reading() as session:
        resident_id = session.scalars(select(Resident.id).where(Resident.name == name)).one()
        return queries.resident_profile(session, resident_id)


def test_a_row_becomes_a_resident_with_home_telephones_flags_and_relatives(tmp_path):
    told = {
        "称呼": "王奶奶", "备用电话": "13900000001", "出生年": "1938年", "标记": "独居；高龄,爱唱戏", "语言": "普通话",
        "通话时间": "8:30", "家属姓名": "王丽", "家属电话": "13900000002", "关系": "女儿", "家属通知": "全部",
        "家属姓名2": "王强", "家属电话2": "13900000003", "入户说明": "门铃坏了", "备注": "膝盖不好",
    }  # fmt: skip
    report = import_rows(tmp_path, [WANG | told])
    assert (report.added, report.problems, report.uncalled) == (1, (), ())
    profile, resident = only_profile(), only_resident()
    assert (profile.called, profile.place, profile.community_name) == ("王奶奶", "3号楼2单元301", "槐东社区")
    assert profile.numbers == ("+8631186000101", "+8613900000001")
    assert set(profile.flags) == {Flag.LIVES_ALONE, Flag.AGED_80, "爱唱戏"}
    assert (profile.access_notes, profile.notes) == ("门铃坏了", "膝盖不好")
    assert (resident.birth_year, resident.call_time, resident.language) == (1938, time(8, 30), "zh-CN")
    assert [(each.name, each.relation, each.wants) for each in resident.relatives] == [
        ("王丽", "女儿", Wants.EVERYTHING),
        ("王强", "", Wants.PROBLEMS),
    ]


def test_english_headers_in_any_order_say_the_same(tmp_path):
    row = {
        "Notes": "likes tea", "Room": "Flat 301", "relative name 2": "Ann", "Phone *": "86000101", "UNIT": "Unit 2",
        "Relative Phone 2": "+1 415 555 2671", "name": "Margaret Carter", "Language": "English", "Consent": "signed",
        "building": "Building 3", "call time (HH:MM)": "09:00", "flags": "lives alone; 80+, hard_of_hearing",
    }  # fmt: skip
    assert import_rows(tmp_path, [row]).problems == ()
    profile = profile_of("Margaret Carter")
    assert profile.place == "building 3, unit 2, room 301"
    assert profile.called == "Margaret Carter"
    assert set(profile.flags) == {Flag.LIVES_ALONE, Flag.AGED_80, Flag.HARD_OF_HEARING}
    assert [relative.number for relative in only_resident().relatives] == ["+14155552671"]


def test_importing_the_same_file_again_changes_nothing(tmp_path):
    rows = [WANG | {"家属姓名": "王丽", "家属电话": "13900000002", "标记": "独居"}, LI]
    import_rows(tmp_path, rows)
    tables = (Resident, Household, Area, Phone, Consent, Relative)
    before = [count(table) for table in tables]
    report = import_rows(tmp_path, rows)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert [count(table) for table in tables] == before


def test_another_spelling_of_the_same_home_is_the_same_home(tmp_path):
    import_rows(tmp_path, [WANG])
    report = import_rows(tmp_path, [WANG | {"楼栋": "三栋", "单元": "2", "房号": "301室"}])
    assert (report.unchanged, count(Household), count(Area)) == (1, 1, 3)


def test_a_changed_cell_changes_the_resident(tmp_path):
    first = {
        "标记": "独居、自己的词",
        "备注": "旧",
        "家属姓名": "王丽",
        "家属电话": "13900000002",
        "备用电话": "13900000001",
    }
    import_rows(tmp_path, [WANG | first])
    changed = WANG | {
        "电话": "0311-86000109", "标记": "空巢", "备注": "", "家属姓名": "王丽丽", "家属电话": "13900000002",
        "备用电话": "",
    }  # fmt: skip
    report = import_rows(tmp_path, [changed])
    assert (report.added, report.changed) == (0, 1)
    profile = only_profile()
    assert profile.numbers == ("+8631186000109",)
    assert (profile.flags, profile.notes) == ((Flag.EMPTY_NEST,), "")
    assert [relative.name for relative in only_resident().relatives] == ["王丽丽"]


def test_first_and_second_telephone_can_change_places(tmp_path):
    import_rows(tmp_path, [WANG | {"备用电话": "13900000001"}])
    report = import_rows(tmp_path, [WANG | {"电话": "13900000001", "备用电话": WANG["电话"]}])
    assert report.changed == 1
    assert only_profile().numbers == ("+8613900000001", "+8631186000101")


def test_a_column_that_is_missing_leaves_what_is_known(tmp_path):
    full = {"备用电话": "13900000001", "标记": "独居", "出生年": "1938", "家属姓名": "王丽", "家属电话": "13900000002"}
    import_rows(tmp_path, [WANG | full])
    report = import_rows(tmp_path, [WANG])
    assert report.unchanged == 1
    assert only_profile().numbers == ("+8631186000101", "+8613900000001")
    assert len(only_resident().relatives) == 1


def test_whoever_moves_house_is_recognised_by_name_and_telephone(tmp_path):
    import_rows(tmp_path, [WANG])
    report = import_rows(tmp_path, [WANG | {"房号": "402"}])
    assert (report.added, report.changed) == (0, 1)
    assert only_profile().place == "3号楼2单元402"


def test_whoever_is_named_with_their_home_is_not_taken_for_a_namesake_elsewhere(tmp_path):
    import_rows(tmp_path, [WANG | {"备注": "母亲"}])
    namesake = WANG | {"房号": "402", "备注": "女儿"}
    report = import_rows(tmp_path, [namesake, WANG | {"电话": "0311-86000109", "备注": "母亲"}])
    assert (report.added, report.changed) == (1, 1)
    with reading() as session:
        (mother,) = queries.residents_by_number(session, "+8631186000109")
        assert queries.resident_profile(session, mother.id).place == "3号楼2单元301"


def test_a_couple_shares_a_home_and_a_telephone(tmp_path):
    rows = [WANG | {"入户说明": "按铃"}, WANG | {"姓名": "赵德明", "入户说明": ""}]
    assert import_rows(tmp_path, rows).added == 2
    assert import_rows(tmp_path, rows).unchanged == 2
    assert (count(Household), count(Resident)) == (1, 2)
    with reading() as session:
        assert [each.name for each in queries.residents_by_number(session, "+8631186000101")] == ["王桂兰", "赵德明"]
    assert profile_of("赵德明").access_notes == "按铃"


def test_two_ways_into_one_home_are_a_mistake(tmp_path):
    report = import_rows(tmp_path, [WANG | {"入户说明": "按铃"}, WANG | {"姓名": "赵德明", "入户说明": "敲门"}])
    assert (report.added, [(each.row.number, each.column) for each in report.problems]) == (1, [(3, "access notes")])


@pytest.mark.parametrize(("column", "field", "ours", "theirs"), [
    ("钥匙保管人", "key holder", "对门李阿姨", "楼栋长"),
    ("钥匙保管人电话", "key holder phone", "13900000005", "13900000006"),
])  # fmt: skip
def test_a_key_that_two_rows_of_one_home_give_to_different_people_is_a_mistake(tmp_path, column, field, ours, theirs):
    report = import_rows(tmp_path, [WANG | {column: ours}, WANG | {"姓名": "赵德明", column: theirs}])
    assert [(each.row.number, each.column) for each in report.problems] == [(3, field)]
    assert import_rows(tmp_path, [WANG | {column: ours}, WANG | {"姓名": "赵德明", column: ""}]).added == 1


def test_an_emptied_cell_takes_the_key_and_the_address_away_and_a_missing_column_leaves_them(tmp_path):
    full = WANG | {"钥匙保管人": "李阿姨", "钥匙保管人电话": "13900000005", "家属姓名": "王丽",
                   "家属电话": "13900000002", "家属邮箱": "wangli@example.org"}  # fmt: skip
    import_rows(tmp_path, [full])
    assert import_rows(tmp_path, [full], dry_run=True).unchanged == 1
    without = {key: text for key, text in full.items() if key not in {"钥匙保管人", "钥匙保管人电话", "家属邮箱"}}
    assert import_rows(tmp_path, [without]).unchanged == 1
    emptied = full | {"钥匙保管人电话": "", "家属邮箱": ""}
    assert import_rows(tmp_path, [emptied], dry_run=True).changed == 1
    assert import_rows(tmp_path, [emptied]).changed == 1
    with reading() as session:
        [granny] = session.scalars(select(Resident))
        assert (granny.household.key_holder, granny.household.key_holder_number) == ("李阿姨", None)
        assert [each.email for each in granny.relatives] == [""]


def test_a_wrong_address_costs_only_its_cell(tmp_path):
    report = import_rows(tmp_path, [WANG | {"家属姓名": "王丽", "家属电话": "13900000002", "家属邮箱": "wangli"}])
    assert report.added == 1
    assert [each.column for each in report.problems] == ["relative e-mail"]


def test_without_consent_somebody_is_enrolled_and_named_but_not_called(tmp_path, community):
    report = import_rows(tmp_path, [WANG | {"同意": ""}, LI])
    assert (report.added, report.uncalled) == (2, ("王桂兰",))
    with reading() as session:
        audience = queries.audience(session, community.id, true(), clock.now().date())
        assert [each.called for each in audience] == ["李长海"]
        assert [each.name for each in queries.without_consent(session, community.id)] == ["王桂兰"]


def test_consent_can_be_stated_for_the_whole_file_and_is_recorded_once(tmp_path):
    rows = [WANG | {"同意": ""}]
    assert import_rows(tmp_path, rows, consent="signed forms, 2026-11-01").uncalled == ()
    assert import_rows(tmp_path, rows, consent="signed forms, 2026-11-01").unchanged == 1
    assert [consent.statement for consent in only_resident().consents] == ["signed forms, 2026-11-01"]


def test_a_dry_run_says_the_same_and_leaves_nothing(tmp_path):
    rehearsed = import_rows(tmp_path, [WANG, LI | {"电话": "110"}], dry_run=True)
    assert rehearsed.dry_run
    assert [count(table) for table in (Resident, Household, Consent, events.Event)] == [0, 0, 0, 0]
    assert count(Area) == 1
    stored = import_rows(tmp_path, [WANG, LI | {"电话": "110"}])
    assert (stored.added, len(stored.problems)) == (rehearsed.added, len(rehearsed.problems)) == (1, 1)


def test_an_import_is_noted_in_the_event_log(tmp_path):
    import_rows(tmp_path, [WANG, LI | {"电话": "110"}])
    with reading() as session:
        happening = events.latest(session)[0]
    assert happening.kind == "contacts.imported"
    assert happening.facts == {
        "kind": "residents",
        "added": 1,
        "changed": 0,
        "problems": 1,
        "withdrawn": 0,
        "removed": 0,
    }
    assert happening.actor.facts == {"kind": "system"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_use(tmp_path, encoding):
    path = save(tmp_path / "名册.csv", [WANG | {"称呼": "王奶奶"}], encoding)
    assert run_import(Kind.RESIDENTS, path, consent=None, dry_run=False).added == 1
    assert only_profile().called == "王奶奶"


def test_xlsx_keeps_numbers_times_and_years_as_they_are_seen(tmp_path):
    row = WANG | {"电话": 13900000001, "房号": 301.0, "出生年": 1938, "通话时间": time(8, 30), "单元": 2}
    report = run_import(Kind.RESIDENTS, save(tmp_path / "名册.xlsx", [row]), consent=None, dry_run=False)
    assert report.problems == ()
    assert only_profile().place == "3号楼2单元301"
    assert only_profile().numbers == ("+8613900000001",)
    assert (only_resident().birth_year, only_resident().call_time) == (1938, time(8, 30))


def test_responders_have_a_role_and_an_area(tmp_path):
    rows = [
        {"姓名": "田保国", "角色": "楼栋长", "负责区域": "三号楼", "电话": "13700000031", "邮箱": "t@example.org"},
        {"姓名": "魏红", "角色": "网格员", "负责区域": "第二网格", "电话": "13700000032"},
        {"姓名": "石磊", "角色": "volunteer", "负责区域": "3号楼2单元", "电话": "13700000033"},
        {"姓名": "办公室", "角色": "社区办公室", "负责区域": "", "电话": "86000900"},
    ]
    import_rows(tmp_path, [WANG])
    assert import_rows(tmp_path, rows, Kind.RESPONDERS).added == 4
    assert import_rows(tmp_path, rows, Kind.RESPONDERS).unchanged == 4
    with reading() as session:
        found = session.scalars(select(Responder).order_by(Responder.id)).all()
        areas = [[(area.kind, area.name) for area in each.areas] for each in found]
        near = queries.responders_near(session, found[0].community_id, only_profile().area_ids)
    assert areas == [[("building", "3")], [("grid", "第二网格")], [("unit", "2")], []]
    assert [each.name for each in near] == ["石磊", "田保国", "办公室"]


def test_a_responder_keeps_their_place_when_name_or_telephone_changes(tmp_path):
    row = {"姓名": "田保国", "角色": "楼栋长", "负责区域": "3号楼", "电话": "13700000031"}
    import_rows(tmp_path, [row], Kind.RESPONDERS)
    assert import_rows(tmp_path, [row | {"电话": "13700000039"}], Kind.RESPONDERS).changed == 1
    assert import_rows(tmp_path, [row | {"姓名": "田宝国", "电话": "13700000039"}], Kind.RESPONDERS).changed == 1
    assert count(Responder) == 1


def test_the_report_knows_how_the_residents_of_the_file_are_called_aloud(tmp_path):
    report = import_rows(tmp_path, [WANG | {"姓名": "王𠮷", "称呼": "王奶奶"}], dry_run=True)
    assert [(each.whose, each.words, each.language) for each in report.spoken] == [
        ("王𠮷", "王奶奶", "zh-CN"),
        ("王𠮷", "王𠮷", "zh-CN"),
    ]
