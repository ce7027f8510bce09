"""Lists that tell how somebody stands: telephones, absences, health, and the grid of a building."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from contacts.columns.columns import Field
from contacts.importing.exporting import export_residents
from contacts.importing.importing import Kind, run_import
from contacts.models import Area, AreaKind, Pause, Phone, PhoneState, Resident, ResidentHealth
from contacts.people import absences, health_notes, resident_changes
from core import actors, clock
from core.errors import UserError
from core.running import events
from core.storage.database import reading, unit_of_work
from tests.contacts.stories import LI, WANG, import_rows, save

pytestmark = pytest.mark.usefixtures("community")
TODAY = clock.real_now().astimezone(ZoneInfo("Asia/Shanghai")).date()
ENGLISH = {"name": "Wang Guilan", "phone": "0311-86000101", "building": "Building 3", "unit": "Unit 2", "room": "301"}


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def rows(table):
    with reading() as session:
        return list(session.scalars(select(table)))


def states():
    return [each.state for each in sorted(rows(Phone), key=lambda each: each.position)]


def pauses():
    return [(each.first_day.isoformat(), each.last_day and each.last_day.isoformat(), each.reason)
            for each in rows(Pause)]  # fmt: skip


def resident_id():
    [found] = rows(Resident)
    return found.id


def asked(report):
    return [(each.column, each.row_kept) for each in report.problems]


TOLD = {"备用电话": "13900000001", "电话状态": "停机", "备用电话状态": "正常", "网格": "第二网格", "暂停起": day(1),
        "暂停止": day(8), "暂停原因": "去女儿家", "健康备注": "膝盖不好"}  # fmt: skip


def test_all_of_it_is_stored_for_somebody_new_and_a_second_time_nothing_changes(tmp_path):
    assert import_rows(tmp_path, [WANG | TOLD]).problems == ()
    assert (states(), pauses()) == ([PhoneState.OUT_OF_SERVICE, PhoneState.GOOD], [(day(1), day(8), "去女儿家")])
    assert [each.notes for each in rows(ResidentHealth)] == ["膝盖不好"]
    grid = next(each for each in rows(Area) if each.kind == AreaKind.GRID)
    assert (grid.name, [each.name for each in rows(Area) if each.parent_id == grid.id]) == ("第二网格", ["3"])
    with reading() as session:
        before = len(events.latest(session, 100))
    report = import_rows(tmp_path, [WANG | TOLD])
    assert (report.unchanged, report.problems) == (1, ())
    with reading() as session:
        assert len(events.latest(session, 100)) == before + 1  # that a list was imported, and nothing else


def test_english_headers_and_words_say_the_same(tmp_path):
    told = {"phone state": "wrong number", "grid": "East grid", "paused from": day(0), "pause reason": "travels",
            "health notes": "weak knee"}  # fmt: skip
    assert import_rows(tmp_path, [ENGLISH | told]).problems == ()
    assert (states(), pauses()) == ([PhoneState.WRONG], [(day(0), None, "travels")])


def test_somebody_known_is_changed_and_it_is_said(tmp_path):
    import_rows(tmp_path, [WANG])
    assert import_rows(tmp_path, [WANG | {"电话状态": "空号"}]).changed == 1
    assert states() == [PhoneState.WRONG]
    assert import_rows(tmp_path, [WANG | {"电话状态": "正常"}]).changed == 1
    assert states() == [PhoneState.GOOD]


def test_an_empty_cell_and_a_missing_column_forget_nothing(tmp_path):
    import_rows(tmp_path, [WANG | TOLD])
    empty = dict.fromkeys(["电话状态", "备用电话状态", "网格", "暂停起", "暂停止", "暂停原因", "健康备注"], "")
    for row in (WANG | {"备用电话": "13900000001"}, WANG | {"备用电话": "13900000001"} | empty):
        assert import_rows(tmp_path, [row]).problems == ()
        assert states() == [PhoneState.OUT_OF_SERVICE, PhoneState.GOOD]
        assert (len(pauses()), len(rows(ResidentHealth))) == (1, 1)
    assert sum(each.kind == AreaKind.GRID for each in rows(Area)) == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"电话状态": "不知道"}, Field.PHONE_STATE),
        ({"电话": "13800000001、13800000002", "电话状态": "停机"}, Field.PHONE_STATE),
        ({"备用电话状态": "停机"}, Field.SECOND_PHONE_STATE),
        ({"暂停起": "12月5日"}, Field.PAUSED_FROM),
        ({"暂停起": "下周", "暂停止": day(9)}, Field.PAUSED_FROM),
        ({"暂停起": day(9), "暂停止": day(5)}, Field.PAUSED_UNTIL),
        ({"暂停起": day(-9), "暂停止": day(-2)}, Field.PAUSED_UNTIL),
        ({"暂停原因": "住院"}, Field.PAUSE_REASON),
    ],
)
def test_a_cell_with_a_mistake_is_named_and_changes_nothing_else(tmp_path, cells, column):
    report = import_rows(tmp_path, [WANG | cells])
    assert asked(report) == [(column, True)]
    assert (report.added, pauses(), set(states())) == (1, [], {PhoneState.GOOD})
    assert report.problems[0].error.way_out


def test_a_pause_until_a_day_begins_today(tmp_path):
    import_rows(tmp_path, [WANG | {"暂停止": day(3)}])
    assert pauses() == [(day(0), day(3), "")]


def test_an_old_list_does_not_pause_somebody_again_who_came_back(tmp_path):
    row = WANG | {"暂停起": day(-3), "暂停止": day(9)}
    import_rows(tmp_path, [row])
    with unit_of_work() as session:
        absences.resume(session, actors.system(), resident_id())
    report = import_rows(tmp_path, [row])
    assert asked(report) == [(Field.PAUSED_FROM, True)]
    assert pauses() == [(day(-3), day(-1), "")]


def test_an_old_list_does_not_shorten_a_pause(tmp_path):
    import_rows(tmp_path, [WANG])
    with unit_of_work() as session:
        absences.pause(session, actors.system(), resident_id(), TODAY, None, "住院")
    report = import_rows(tmp_path, [WANG | {"暂停止": day(3)}])
    assert (asked(report), pauses()) == ([(Field.PAUSED_UNTIL, True)], [(day(0), None, "住院")])


def test_a_state_that_staff_have_found_out_stays_where_the_list_says_none(tmp_path):
    import_rows(tmp_path, [WANG])
    with unit_of_work() as session:
        resident_changes.set_phone_state(session, actors.system(), resident_id(), WANG["电话"], PhoneState.WRONG)
    import_rows(tmp_path, [WANG | {"电话状态": "", "备用电话": "13900000001"}])
    assert states() == [PhoneState.WRONG, PhoneState.GOOD]


def test_a_building_is_put_into_a_grid_once_and_not_moved_by_a_row(tmp_path):
    first, second = WANG | {"网格": "第一网格"}, LI | {"楼栋": "3号楼", "网格": "第二网格"}
    report = import_rows(tmp_path, [first, second])
    assert (asked(report), report.added) == ([(Field.GRID, True)], 2)
    report = import_rows(tmp_path, [WANG | {"网格": "第二网格"}])
    assert asked(report) == [(Field.GRID, True)]
    assert [each.name for each in rows(Area) if each.kind == AreaKind.GRID] == ["第一网格"]


def test_a_building_that_stands_in_the_community_is_moved_and_who_lives_there_stays(tmp_path):
    import_rows(tmp_path, [WANG])
    import_rows(tmp_path, [WANG | {"网格": "第一网格"}])
    [building] = [each for each in rows(Area) if each.kind == AreaKind.BUILDING]
    [grid] = [each for each in rows(Area) if each.kind == AreaKind.GRID]
    assert building.parent_id == grid.id
    with reading() as session:
        [moved] = [each for each in events.latest(session, 20) if each.kind == "area.moved"]
    assert (moved.subject_id, moved.actor_kind) == (building.id, "system")


def test_what_is_exported_is_imported_again_without_a_change_and_tells_nothing_of_health(tmp_path):
    import_rows(tmp_path, [WANG | TOLD | {"备用电话状态": "错号"}])
    path = tmp_path / "out.csv"
    export_residents(path)
    written = path.read_text(encoding="utf-8-sig")
    assert [word in written for word in ("停机", "号码错误", "第二网格", day(1), day(8), "去女儿家")] == [True] * 6
    assert "膝盖" not in written
    assert run_import(Kind.RESIDENTS, path, consent=None, dry_run=False).unchanged == 1


def test_a_trial_stores_nothing_of_it(tmp_path):
    import_rows(tmp_path, [WANG | TOLD], dry_run=True)
    assert (rows(Resident), rows(Pause), rows(ResidentHealth)) == ([], [], [])
    assert [each.kind for each in rows(Area)] == [AreaKind.COMMUNITY]


def test_health_is_refused_to_whoever_may_not_write_it(tmp_path):
    path = save(tmp_path / "rows.csv", [WANG | {"健康备注": "膝盖不好"}])
    with pytest.raises(UserError, match="health"):
        run_import(Kind.RESIDENTS, path, consent=None, dry_run=False, without_health=True)
    assert rows(Resident) == []
    run_import(Kind.RESIDENTS, save(path, [WANG]), consent=None, dry_run=False, without_health=True)
    with reading() as session:
        assert health_notes.health_notes(session, resident_id()) == ""
