"""Residents, their relatives and responders, one at a time: what is typed, what is written down, what happens then."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contacts.models import Consent, Household, Phone, Relative, Resident, ResidentFlag
from core.running.events import Event
from tests.offices import Office

FULL = ["姓名", "称呼", "电话", "备用电话", "楼栋", "单元", "房号", "出生年", "标记", "语速", "通话时间", "入户说明",
        "家属姓名", "家属电话", "关系", "同意", "备注"]  # fmt: skip
ADDED = ["王桂兰", "--phone", "0311-86000101", "--building", "3号楼", "--unit", "2单元", "--room", "301",
         "--consent", "书面同意 2026-11-01"]  # fmt: skip


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def rows(office, table):
    with office.open() as session:
        return session.scalars(select(table)).all()


def happened(office, *kinds):
    return [each for each in rows(office, Event) if each.kind in kinds]


def began(office):
    """Who is in a round that starts now."""
    if not office.json("campaign", "list"):
        office.zaoan("campaign", "create", "早安", "--everyone")
    office.zaoan("campaign", "start", "早安")
    return office.rung()


def test_a_resident_who_is_added_is_rung_in_the_next_round_and_the_log_says_whose_doing_it_was(office):
    said = office.zaoan("resident", "add", *ADDED, "--called", "王奶奶")
    assert "已登记王桂兰：3号楼2单元301" in said
    [event] = happened(office, "resident.enrolled")
    [resident] = rows(office, Resident)
    assert (event.subject_id, event.actor_kind, event.facts) == (resident.id, "user", {"agreed": True})
    assert event.actor_name
    assert began(office) == {"王桂兰"}


def test_whoever_has_not_agreed_is_enrolled_and_not_rung_and_the_command_says_so(office):
    said = office.zaoan("resident", "add", *ADDED[:-2])
    assert "没有同意" in said
    office.zaoan("resident", "add", "李长海", "--phone", "0311-86000102", "--address", "1号楼1单元101室", "--consent",
                 "书面同意")  # fmt: skip
    assert began(office) == {"李长海"}


@pytest.mark.parametrize(
    ("instead", "named"),
    [
        (["--phone", "110"], ["--phone", "110", "报警"]),
        (["--second-phone", "12"], ["--second-phone", "“12”"]),
        (["--building", ""], ["没有填写"]),
        (["--room", ""], ["没有填写"]),
        (["--pace", "500"], ["“500”", "90"]),
        (["--birth-year", "38"], ["“38”"]),
        (["--call-time", "25:00"], ["“25:00”", "08:30"]),
        (["--flags", "独局"], ["独局", "独居"]),
        (["--reading", "王"], ["“王”", "拼音"]),
        (["--language", "法语"], ["法语"]),
        (["--voice", "童声"], ["童声"]),
        (["--consent", "不同意"], ["“不同意”", "没有同意就不要写"]),
        (["--relative-name", "小梅", "--relative-phone", "12"], ["--relative-phone", "“12”"]),
        (["--relative-phone", "13900000001"], ["没有填写"]),
    ],
)
def test_a_mistake_names_value_and_way_out_and_nothing_is_written_down(office, instead, named):
    office.imports(["李长海", "0311-86000102", "1号楼", "101", "独居", "书面同意"])
    said = office.zaoan("resident", "add", *ADDED, *instead, code=1)
    assert [each for each in named if each not in said and each != "报警"] == []
    assert len(rows(office, Resident)) == 1
    assert happened(office, "resident.enrolled")[1:] == []


def test_a_name_of_two_and_the_same_person_again_are_refused(office):
    office.zaoan("resident", "add", *ADDED)
    assert "已经在册" in office.zaoan("resident", "add", *ADDED, code=1)
    moved = ["王桂兰", *ADDED[1:3], "--building", "5号楼", "--room", "101"]
    assert "已经在册" in office.zaoan("resident", "add", *moved, code=1)
    assert "不只是一个人" in office.zaoan("resident", "add", "王桂兰、李长海", *ADDED[1:], code=1)
    office.zaoan("resident", "remove", "王桂兰", "--because", "moved_away")
    assert "zaoan resident restore 王桂兰" in office.zaoan("resident", "add", *ADDED, code=1)
    assert len(rows(office, Resident)) == 1


def test_a_unit_has_to_be_said_where_others_have_one(office):
    office.zaoan("resident", "add", *ADDED)
    second = ["李长海", "--phone", "0311-86000102", "--building", "3号楼", "--room", "301"]
    assert "单元" in office.zaoan("resident", "add", *second, code=1)
    office.zaoan("resident", "add", *second, "--unit", "无")
    assert office.json("resident", "show", "李长海")["place"] == "3号楼301"
    assert len(rows(office, Household)) == 2


def test_whoever_moves_house_keeps_consent_history_and_telephone_and_is_rung_as_before(office):
    office.zaoan("resident", "add", *ADDED)
    office.zaoan("resident", "add", "李长海", "--phone", "0311-86000102", "--address", "1号楼1单元101室",
                 "--access-notes", "钥匙在门卫")  # fmt: skip
    assert began(office) == {"王桂兰"}
    before = office.json("resident", "show", "王桂兰")
    said = office.zaoan("resident", "move", "王桂兰", "--address", "1号楼1单元101室")
    assert "3号楼2单元301 → 1号楼1单元101" in said
    after = office.json("resident", "show", "王桂兰")
    assert {what for what in after if after[what] != before[what]} == {"place", "access_notes", "household_id"}
    assert after["access_notes"] == "钥匙在门卫"
    [event] = happened(office, "resident.moved")
    assert (str(event.subject_id), event.actor_kind) == (after["id"], "user")
    office.zaoan("round", "stop", "latest")
    assert began(office) == {"王桂兰"}
    assert "没有变化" in office.zaoan("resident", "move", "王桂兰", "--address", "1号楼1单元101室")
    assert len(happened(office, "resident.moved")) == 1
    assert office.zaoan("resident", "move", "王桂兰", "--building", "3号楼", code=1)


def test_what_is_known_of_the_way_in_is_of_the_home(office):
    office.zaoan("resident", "add", *ADDED)
    assert "钥匙在门卫" in office.zaoan("resident", "set", "王桂兰", "--access-notes", "钥匙在门卫")
    assert "没有变化" in office.zaoan("resident", "set", "王桂兰", "--access-notes", "钥匙在门卫")
    [event] = happened(office, "household.changed")
    assert (event.facts, event.actor_kind) == ({"what": "access_notes"}, "user")
    assert rows(office, Household)[0].access_notes == "钥匙在门卫"


def test_relatives_are_written_down_changed_and_taken_away_each_with_one_event(office):
    office.zaoan("resident", "add", *ADDED)
    office.zaoan("relative", "add", "王桂兰", "--name", "小梅", "--phone", "13900000001", "--relation", "女儿")
    assert "有问题时通知" in office.zaoan("relative", "list", "王桂兰")
    said = office.zaoan("relative", "set", "王桂兰", "小梅", "--wants", "全部", "--phone", "13900000002")
    assert "→ 小梅 女儿 139 0000 0002" in said
    assert "没有变化" in office.zaoan("relative", "set", "王桂兰", "小梅", "--wants", "全部")
    assert "“12”" in office.zaoan("relative", "add", "王桂兰", "--name", "大刚", "--phone", "12", code=1)
    assert "小梅" in office.zaoan("relative", "remove", "王桂兰", "大刚", code=1)
    assert office.json("relative", "list", "王桂兰")[0]["number"] == "+8613900000002"
    office.zaoan("relative", "remove", "王桂兰", "13900000002")
    assert rows(office, Relative) == []
    assert "zaoan relative add" in office.zaoan("relative", "list", "王桂兰")
    events = happened(office, "resident.changed")
    assert [(each.facts, each.actor_kind) for each in events] == [({"what": "relative"}, "user")] * 3


def test_a_responder_is_added_changed_removed_and_brought_back(office):
    office.zaoan("resident", "add", *ADDED)
    added = ["石磊", "--role", "志愿者", "--phone", "13800138001"]
    office.zaoan("responder", "add", *added, "--area", "3号楼2单元", "--pin", "482915")
    [known] = office.json("responder", "list")
    assert (known["areas"], known["has_pin"], known["role"]) == (["3号楼2单元"], True, "volunteer")
    said = office.zaoan("responder", "set", "石磊", "--area", "", "--role", "楼栋长", "--pin", "")
    assert "3号楼2单元 → 整个社区" in said
    assert "志愿者 → 楼栋长" in said
    assert "有 → 没有" in said
    assert "没有变化" in office.zaoan("responder", "set", "石磊", "--role", "楼栋长")
    assert "石磊" in office.zaoan("responder", "add", "李四", *added[1:], code=1)
    assert "角色" not in office.zaoan("responder", "add", "李四", "--role", "皇帝", "--phone", "13800138002", code=1)
    assert "9号楼" in office.zaoan("responder", "set", "石磊", "--area", "9号楼")
    office.zaoan("responder", "remove", "石磊")
    assert office.json("responder", "list") == []
    assert "石磊" in office.zaoan("responder", "list", "--removed")
    assert "restore" in office.zaoan("responder", "set", "石磊", "--role", "护士", code=1)
    assert office.zaoan("responder", "remove", "石磊", code=1)
    office.zaoan("responder", "add", "李四", *added[1:])
    assert "李四" in office.zaoan("responder", "restore", "石磊", code=1)
    office.zaoan("responder", "remove", "李四")
    office.zaoan("responder", "restore", "石磊")
    assert [each["name"] for each in office.json("responder", "list")] == ["石磊"]
    kinds = ("responder.added", "responder.changed", "responder.removed", "responder.restored")
    told = [(each.kind, each.facts.get("what")) for each in happened(office, *kinds)]
    assert told == [
        ("responder.added", None), ("responder.changed", "role"), ("responder.changed", "pin"),
        ("responder.changed", "areas"), ("responder.changed", "areas"), ("responder.removed", None),
        ("responder.added", None), ("responder.removed", None), ("responder.restored", None),
    ]  # fmt: skip
    assert {each.actor_kind for each in happened(office, "responder.added", "responder.removed")} == {"user"}


def test_a_list_does_not_bring_back_a_responder_who_was_removed(office):
    helpers = (["石磊", "志愿者", "", "13800138001"], ["姓名", "角色", "负责区域", "电话"])
    office.zaoan("import", office.save("帮手.csv", helpers[:1], helpers[1]), "--kind", "responders")
    office.zaoan("responder", "remove", "石磊")
    said = office.zaoan("import", "帮手.csv", "--kind", "responders")
    assert "zaoan responder restore 石磊" in said
    assert office.json("responder", "list") == []


def test_each_change_of_a_list_has_its_event_and_the_same_list_again_has_none(office):
    row = ["王桂兰", "", "0311-86000101", "", "3号楼", "2单元", "301", "", "独居", "", "", "", "小梅", "13900000001",
           "女儿", "", ""]  # fmt: skip
    office.imports(row, headers=FULL)
    assert [each.facts for each in happened(office, "resident.enrolled")] == [{"agreed": False}]
    last = rows(office, Event)[-1].id
    office.imports(row, headers=FULL)
    changed = [*row]
    changed[2], changed[8], changed[13], changed[15], changed[16] = (
        "0311-86000109", "空巢", "13900000002", "书面同意", "耳背",
    )  # fmt: skip
    office.imports(changed, headers=FULL)
    office.imports([*changed[:6], "402", *changed[7:]], headers=FULL)
    told = [(each.kind, each.facts.get("what")) for each in rows(office, Event) if each.id > last]
    assert sorted(told, key=str) == sorted(
        [("contacts.imported", None)] * 3
        + [("resident.moved", None), ("consent.given", None)]
        + [("resident.changed", what) for what in ("telephones", "notes", "flags", "relative", "relative")],
        key=str,
    )
    assert {each.actor_kind for each in rows(office, Event)} == {"user"}


def test_a_long_list_does_not_push_what_has_happened_off_the_page(office):
    office.zaoan("resident", "add", *ADDED)
    office.zaoan("resident", "pause", "王桂兰", "--open-ended")
    people = [[f"李{index}", f"0311-87{index:06}", f"{index}号楼", "101", "", ""] for index in range(200)]
    office.imports(*people)
    with office.open() as session:
        from console.view.feed import happenings

        assert "{called} is not rung for a while" in {each.text for each in happenings(session)}


def facts(office):
    """Everything that is written down about people, but for ids and instants."""
    kept = []
    for table in (Resident, Phone, ResidentFlag, Consent, Relative, Household):
        ids = {column.name for column in table.__table__.columns if column.name.endswith("id")}
        names = sorted({column.name for column in table.__table__.columns} - ids - {"recorded_at", "wants_since"})
        kept.append(sorted([str([getattr(row, name) for name in names]) for row in rows(office, table)]))
    kept.append(sorted([area["place"] for area in office.json("resident", "list")]))
    kept.append([(each.kind, each.facts) for each in happened(office, "resident.enrolled")])
    return kept


OPTIONS = {"称呼": "--called", "电话": "--phone", "备用电话": "--second-phone", "楼栋": "--building", "单元": "--unit",
           "房号": "--room", "出生年": "--birth-year", "标记": "--flags", "语速": "--pace", "通话时间": "--call-time",
           "入户说明": "--access-notes", "家属姓名": "--relative-name", "家属电话": "--relative-phone",
           "关系": "--relation", "同意": "--consent", "备注": "--notes"}  # fmt: skip
TOLD = st.fixed_dictionaries(
    {"姓名": st.sampled_from(["王桂兰", "李 长海", "Mary Jones"]),
     "电话": st.sampled_from(["0311-86000101", "13800138000"]),
     "楼栋": st.sampled_from(["3号楼", "三号楼", "Building A"]), "房号": st.sampled_from(["301", "301室"]),
     "单元": st.sampled_from(["2单元", "二单元", "无"])},
    optional={"称呼": st.sampled_from(["王奶奶", "李 爷爷"]), "备用电话": st.just("13900000009"),
              "出生年": st.sampled_from(["1938", "1940年"]), "标记": st.sampled_from(["独居", "独居老人、空巢"]),
              "语速": st.just("140"), "通话时间": st.sampled_from(["09:30", "上午9时30分"]),
              "入户说明": st.just("钥匙在门卫"), "同意": st.sampled_from(["书面同意 2026-11-01", "已签字"]),
              "备注": st.just(" 耳背 ")},
)  # fmt: skip
CLOSE = st.fixed_dictionaries(
    {"家属姓名": st.just("小梅"), "家属电话": st.just("13900000001")}, optional={"关系": st.just("女儿")}
)


@given(TOLD, st.one_of(st.just({}), CLOSE))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_of_one_row_and_the_command_leave_the_same(tmp_path_factory, told, close):
    told = told | close
    with pytest.MonkeyPatch.context() as patching:
        by_list = Office(tmp_path_factory.mktemp("list"), patching)
        by_list.imports(list(told.values()), headers=list(told))
        kept = facts(by_list)
    with pytest.MonkeyPatch.context() as patching:
        by_command = Office(tmp_path_factory.mktemp("command"), patching)
        words = [word for what, text in told.items() if what != "姓名" for word in (OPTIONS[what], text)]
        by_command.zaoan("resident", "add", told["姓名"], *words)
        assert facts(by_command) == kept
