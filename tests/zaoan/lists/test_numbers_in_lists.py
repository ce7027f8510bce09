"""Telephone numbers, on a user's whole way: spreadsheet, import, round, call."""

import csv
from uuid import UUID

import pytest

from campaigns import queries
from campaigns.rounds import attempts
from core.settings import Settings
from core.storage import database
from tests.offices import HEADERS
from tests.switchboard import House
from zaoan.checks.people import examine_people
from zaoan.process import wiring

LOCAL = {"王桂兰": "85195678", "李长海": "8709 5123", "赵德明": "20962405", "孙秀英": "0311-86000101"}
HELPER_HEADERS = ["姓名", "角色", "负责区域", "电话"]


def people(numbers):
    return [[name, phone, "3号楼", f"30{i}", "独居", "书面同意"] for i, (name, phone) in enumerate(numbers.items())]


def import_helpers(office, *rows, code=0):
    path = office.save("responders.csv", rows, HELPER_HEADERS)
    return office.zaoan("import", path, "--kind", "responders", code=code)


def test_local_numbers_of_a_list_are_rung_in_this_city(office):
    office.imports(*people(LOCAL))
    office.zaoan("campaign", "create", "每日早安", "--flags", "独居")
    round_id = office.zaoan("campaign", "start", "每日早安").splitlines()[0]
    house = House(Settings())
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    for number in ("+8631185195678", "+8631187095123", "+8631120962405", "+8631186000101"):
        house.pick_up(number).press("1").hang_up()
    with database.reading() as session:
        assert {each.outcome for each in queries.check_ins(session, UUID(round_id))} == {"ok"}
    house.close()


def test_numbers_of_another_city_are_what_they_say(office, monkeypatch):
    monkeypatch.setenv("ZAOAN_AREA_CODE", "021")
    office.imports(*people({"王桂兰": "21120345", "李长海": "0311-86000101"}))
    office.zaoan("export", "out.csv")
    with (office.folder / "out.csv").open(encoding="utf-8-sig") as file:
        assert [row["电话"] for row in csv.DictReader(file)] == ["021 2112 0345", "0311 8600 0101"]


@pytest.mark.parametrize("number", ["0311-95588", "95588", "12345", "0311-12345", "110", "0311-120", "0311-12345678"])
def test_the_number_of_a_service_is_named_by_row(office, number):
    said = office.imports(*people({"王桂兰": number, "李长海": "86000102"}), code=1)
    assert f"第2行，电话：“{number}”" in said
    assert "新增 1 条" in said


@pytest.mark.parametrize("column", ["电话", "备用电话", "家属电话"])
def test_our_own_number_is_nobodys(office, column):
    headers = [*HEADERS, "备用电话", "家属姓名", "家属电话"]
    row = dict(zip(headers, [*people({"王桂兰": "86000101"})[0], "", "", ""], strict=True))
    row |= {"家属姓名": "王丽" if column == "家属电话" else "", column: "86009999"}
    said = office.imports([*row.values()], headers=headers, code=1)
    assert f"第2行，{column}：“86009999”是我们自己的外呼号码" in said


def test_our_own_number_is_no_helpers(office):
    said = import_helpers(office, ["田保国", "楼栋长", "", "0311-86009999"], code=1)
    assert "第2行，电话：“0311-86009999”是我们自己的外呼号码" in said


def test_a_helper_with_a_residents_telephone_is_named_by_both_imports_and_by_doctor(office):
    office.imports(*people({"王桂兰": "86000101", "赵德明": "0311-8600 0101", "李长海": "86000102"}))
    said = import_helpers(office, ["王桂兰", "楼栋长", "3号楼", "031186000101"], ["办公室", "办公室", "", "86000900"])
    themselves = "王桂兰既是居民又是楼栋长，电话都是 0311 8600 0101：不会为本人的事打给本人"
    household = "王桂兰（楼栋长）和居民赵德明的电话都是 0311 8600 0101：赵德明的事不会打给王桂兰"
    assert themselves in said
    assert household in said
    assert "办公室（" not in said
    again = office.imports(*people({"王桂兰": "86000101"}))
    assert themselves in again
    assert office.json("import", "residents.csv")["shared_telephones"][0]["role"] == "building_head"
    described = [each.describe(Settings().language) for each in examine_people(Settings())]
    assert any(themselves in each for each in described)
    assert any(household in each for each in described)


def test_a_line_that_is_no_setting_any_more_is_still_ours(office, monkeypatch):
    office.imports(*people({"李长海": "86000102"}))
    monkeypatch.setenv("ZAOAN_TWILIO_NUMBER", "+8631186000101")
    wiring.open_house(Settings()).close()
    monkeypatch.delenv("ZAOAN_TWILIO_NUMBER")
    assert "“86000101”是我们自己的外呼号码" in office.imports(*people({"王桂兰": "86000101"}), code=1)


def test_doctor_names_whoever_has_our_number(office, monkeypatch):
    office.imports(*people({"王桂兰": "86000101"}))
    monkeypatch.setenv("ZAOAN_TWILIO_NUMBER", "+8631186000101")
    wiring.open_house(Settings()).close()  # the service has started: from now on it is ours
    [found] = [each for each in examine_people(Settings()) if "外呼号码" in each.describe(Settings().language)]
    assert "王桂兰" in found.describe(Settings().language)
