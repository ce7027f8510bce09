"""A helper with two telephones: from the list to the alert that rings them, the case they take, and out again."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts.callers import refused_numbers
from contacts.models import Resident, Responder
from core import actors, clock
from core.clock import Anchor
from core.ids import new_id
from core.settings import Settings
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from ivr.models import Call
from tests.offices import Office
from tests.switchboard import House, rows

HEADERS = ["姓名", "角色", "负责区域", "电话"]
FIRST, SECOND, OFFICE = "+8613900000001", "+8631186000902", "+8631186000901"
HELPER = ["田保国", "楼栋长", "3号楼", "13900000001、0311-86000902"]
THE_OFFICE = ["王书记", "书记", "", "0311-86000901"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    made.imports(["王桂兰", "0311-86000101", "3号楼", "301", "独居", "书面同意"])
    return made


@pytest.fixture
def house():
    opened = []
    yield lambda: opened.append(House(Settings())) or opened[0]
    for each in opened:
        each.close()


def helpers(office, *rows_, headers=HEADERS, code=0):
    return office.zaoan("import", office.save("帮手.csv", rows_, headers), "--kind", "responders", code=code)


def opened(kind=CaseKind.NO_ANSWER):
    with database.unit_of_work() as session:
        [resident] = session.scalars(select(Resident))
        return cases.open_case(session, actors.system(), kind, resident.id, None).id


def ringing():
    """The numbers of the calls of pages that ring now."""
    live = {page.call_id for page in rows(Page, state=PageState.CALLING)}
    return sorted(call.number for call in rows(Call) if call.id in live)


def later(minutes=2):
    clock.set_anchor(Anchor(clock.real_now(), clock.now() + timedelta(minutes=minutes)))
    climbing.climb_due()


def numbers_of(name):
    [found] = rows(Responder, name=name)
    return found.numbers


@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        (HEADERS, ["13900000001、0311-86000902"]),
        (HEADERS, ["13900000001 / 0311-86000902"]),
        ([*HEADERS, "备用电话"], ["13900000001", "0311-86000902"]),
        ([*HEADERS[:3], "手机", "座机"], ["13900000001", "0311-86000902"]),
    ],
)
def test_both_are_kept_however_they_are_written(office, headers, cells):
    said = helpers(office, [*HELPER[:3], *cells], headers=headers)
    assert "有错误 0 条" in said
    assert numbers_of("田保国") == (FIRST, SECOND)
    assert "139 0000 0001" in office.zaoan("responder", "show", "田保国")
    assert "备用电话: 0311 8600 0902" in office.zaoan("responder", "show", "田保国")
    [told] = office.json("responder", "list")
    assert (told["telephone"], told["second_telephone"]) == (FIRST, SECOND)
    assert office.json("responder", "show", "0311-86000902") == told


def test_a_third_one_is_said_to_be_left_out(office):
    said = helpers(office, [*HELPER[:3], "13900000001、0311-86000902、13900000003"], code=1)
    assert "139 0000 0003没有收录" in said
    assert numbers_of("田保国") == (FIRST, SECOND)


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_they_go_out_and_come_in_unchanged(office, name):
    helpers(office, HELPER, THE_OFFICE)
    office.zaoan("export", name, "--kind", "responders")
    assert "未变 2 条，有错误 0 条" in office.zaoan("import", name, "--kind", "responders")
    if name.endswith("csv"):
        with (office.folder / name).open(encoding="utf-8-sig") as file:
            assert [row["备用电话"] for row in csv.DictReader(file)] == ["0311 8600 0902", ""]


def test_a_list_without_the_column_keeps_it_and_an_empty_cell_takes_it_away(office):
    helpers(office, HELPER)
    helpers(office, [*HELPER[:3], "13900000001"])
    assert numbers_of("田保国") == (FIRST, SECOND)
    helpers(office, [*HELPER[:3], "13900000001", ""], headers=[*HEADERS, "备用电话"])
    assert numbers_of("田保国") == (FIRST,)
    helpers(office, HELPER)
    helpers(office, [*HELPER[:3], "0311-86000902"])
    assert numbers_of("田保国") == (SECOND,)


def test_the_second_rings_where_nobody_answers_at_the_first_and_takes_the_case(office, house):
    helpers(office, HELPER)
    switchboard = house()
    case_id = opened()
    assert ringing() == [FIRST]
    switchboard.miss(FIRST)
    later()
    assert ringing() == [SECOND]
    switchboard.pick_up(SECOND).press("1")
    [case] = rows(Case, id=case_id)
    assert (case.state, case.accepted_by_id) == (CaseState.ACCEPTED, rows(Responder)[0].id)


def test_whoever_is_asked_a_third_time_is_asked_at_the_first_again(office, house):
    helpers(office, HELPER)
    switchboard = house()
    opened()
    for number in (FIRST, SECOND, FIRST):
        assert ringing() == [number]
        switchboard.miss(number)
        later(60)


def test_everybody_is_rung_at_their_first_before_anybody_at_their_second(office, house):
    helpers(office, HELPER, THE_OFFICE)
    switchboard = house()
    opened()
    assert ringing() == [FIRST]
    switchboard.miss(FIRST)
    later()
    assert ringing() == [OFFICE]
    switchboard.miss(OFFICE)
    later(60)
    assert ringing() == [SECOND]


def test_one_danger_rings_one_telephone_of_theirs_at_a_time(office, house):
    helpers(office, HELPER)
    house()
    opened(CaseKind.UNWELL)
    later(1)
    assert ringing() == [FIRST]


def test_nobody_is_rung_at_one_while_they_talk_at_the_other(office, house):
    helpers(office, HELPER)
    switchboard = house()
    switchboard.ring(SECOND)
    opened(CaseKind.UNWELL)
    assert ringing() == []


def test_whoever_rings_in_from_the_second_is_known(office, house):
    helpers(office, [*HELPER, "482915"], headers=[*HEADERS, "密码"])
    switchboard = house()
    opened()
    call = switchboard.ring(SECOND)
    assert "密码" in call.hears
    assert "您能去，请按1" in call.press("482915#").hears
    [row] = rows(Call, number=SECOND)
    assert row.owner == "duty"


def test_who_has_the_residents_telephone_as_a_second_is_rung_last_and_never_at_that_one(office, house):
    helpers(office, ["田保国", "楼栋长", "3号楼", "13900000001、0311-86000101"], THE_OFFICE)
    switchboard = house()
    opened()
    assert ringing() == [OFFICE]
    switchboard.miss(OFFICE)
    later()
    assert ringing() == [FIRST]
    switchboard.miss(FIRST)
    later(60)
    assert ringing() == [OFFICE]


def test_the_telephone_of_two_helpers_rings_for_the_one_whose_first_it_is(office, house):
    helpers(office, ["田保国", "楼栋长", "3号楼", "13900000001、0311-86000901"], THE_OFFICE)
    switchboard = house()
    case_id = opened()
    for number in (FIRST, OFFICE, FIRST):
        assert ringing() == [number]
        switchboard.miss(number)
        later(60)
    switchboard.pick_up(OFFICE).press("1")
    [case] = rows(Case, id=case_id)
    assert [each.name for each in rows(Responder, id=case.accepted_by_id)] == ["王书记"]


def test_a_refused_first_number_leaves_the_second(office, house):
    helpers(office, HELPER)
    house()
    with database.unit_of_work() as session:
        refused_numbers.mark(session, FIRST, 21211, new_id())
    opened()
    assert ringing() == [SECOND]
    assert "139 0000 0001" not in office.zaoan("campaign", "create", "早安", "--everyone")
