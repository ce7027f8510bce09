"""Reach: for whom nobody could be rung, seen before anything happens, wherever somebody looks."""

import json
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from contacts.callers import refused_numbers
from contacts.community.community import the_community
from contacts.models import Role
from core.i18n import Language
from core.storage import database
from escalation.models import CaseKind
from escalation.paging import reach
from escalation.paging.reach import Gap, Helper, Homes
from escalation.policy_lookup import shipped
from tests.ivr.correspondence import GRANNY, HELPER, LANDLINE
from zaoan.cli.cli import app

COMMUNITY, THREE, FOUR = uuid4(), uuid4(), uuid4()


def gaps(homes, helpers):
    return reach.gaps(homes, helpers, shipped().table)


def homes(area, building, residents=2, own=None):
    return Homes((area, COMMUNITY), residents, building, own or {})


def helper(role=Role.BUILDING_HEAD, *areas, number=HELPER):
    return Helper(role, frozenset(areas), number)


def test_where_an_office_answers_for_everybody_there_is_no_gap():
    assert gaps([homes(THREE, "3"), homes(FOUR, "4")], [helper(Role.OFFICE)]) == []


def test_without_anybody_everything_is_a_gap_and_without_residents_nothing():
    found = gaps([homes(THREE, "3"), homes(FOUR, "12"), homes(FOUR, "4")], [])
    assert [(gap.residents, gap.buildings) for gap in found] == [(6, ("3", "4", "12")), (0, ())]
    assert {CaseKind.UNWELL, CaseKind.NO_ANSWER, CaseKind.WANTS_PERSON} <= set(found[0].kinds)
    assert set(found[1].kinds) == {CaseKind.MESSAGE, CaseKind.NOT_ASKED, CaseKind.SILENCE_CLUSTER}
    assert gaps([], []) == []


def test_whoever_looks_after_another_building_covers_nobody_here():
    found = gaps(
        [homes(THREE, "3", 2), homes(FOUR, "4", 5)],
        [helper(Role.BUILDING_HEAD, THREE), helper(Role.GRID_WORKER, THREE)],
    )
    assert found[0] == Gap(found[0].kinds, 5, ("4",))
    assert CaseKind.UNWELL in found[0].kinds


def test_whoever_looks_after_two_buildings_covers_both():
    assert CaseKind.UNWELL not in gaps([homes(THREE, "3"), homes(FOUR, "4")],
                                       [helper(Role.BUILDING_HEAD, THREE, FOUR)])[0].kinds  # fmt: skip


def test_a_nurse_is_rung_about_an_illness_and_about_nothing_else():
    found = gaps([homes(THREE, "3")], [helper(Role.NURSE)])
    assert CaseKind.UNWELL not in found[0].kinds
    assert CaseKind.NO_ANSWER in found[0].kinds


def test_whoever_would_be_rung_about_themselves_has_nobody():
    granny = uuid4()
    only = homes(THREE, "3", 2, {granny: frozenset({HELPER})})
    assert gaps([only], [helper(Role.OFFICE)])[0].residents == 1
    assert gaps([only], [helper(Role.OFFICE), helper(Role.OFFICE, number=GRANNY)]) == []


@pytest.mark.parametrize("language", list(Language))
def test_every_gap_can_be_said(language):
    for gap in (*gaps([homes(THREE, "3")], []), *gaps([homes(THREE, "3")], [helper(Role.NURSE)])):
        said = reach.describe(gap, language)
        assert "{" not in said
        assert "case:" not in said


def found(street):
    with database.reading() as session:
        return [(gap.residents, gap.buildings) for gap in reach.gaps_of(session, the_community(session).id)]


def test_a_number_that_is_refused_or_the_residents_own_reaches_nobody(street):
    granny = street.resident("王奶奶", LANDLINE, GRANNY)
    assert [residents for residents, _ in found(street)] == [1, 0]
    street.responder("办公室", HELPER)
    assert found(street) == []
    with database.unit_of_work() as session:
        refused_numbers.mark(session, HELPER, 13224, granny)
    assert [residents for residents, _ in found(street)] == [1, 0]


def test_a_resident_who_is_the_only_helper_has_nobody(street):
    street.resident("王奶奶", LANDLINE, GRANNY)
    street.resident("李爷爷", "+8631186000202")
    street.responder("王奶奶", GRANNY)
    assert [residents for residents, _ in found(street)] == [1]


@pytest.fixture
def office_of_one(tmp_path, monkeypatch):
    """An installation with two residents of two buildings and a building head of one of them."""
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{tmp_path}/zaoan.db")
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAOAN_AREA_CODE", "0311")
    monkeypatch.setenv("ZAOAN_CLOCK_START", "2026-11-28T08:00:00+08:00")
    residents, helpers = tmp_path / "residents.csv", tmp_path / "helpers.csv"
    residents.write_text("姓名,电话,楼栋,房号,同意\n王桂兰,86000101,3,301,签字\n李长海,86000102,4,101,签字\n")
    helpers.write_text("姓名,角色,负责区域,电话\n田保国,楼栋长,3号楼,13900000001\n")
    run("import", str(residents))
    run("import", str(helpers), "--kind", "responders")


def run(*words):
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done


def test_creating_and_starting_a_campaign_says_for_whom_nobody_could_be_rung(office_of_one):
    made = run("campaign", "create", "早安", "--everyone")
    assert "危险：有 1 位居民（4号楼），不管出什么事" in made.stderr
    started = run("campaign", "start", "早安")
    assert "危险：有 1 位居民（4号楼）" in started.stderr


def test_the_doctor_calls_it_wrong(office_of_one):
    said = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)
    assert "有 1 位居民（4号楼）" in json.dumps(said, ensure_ascii=False)
