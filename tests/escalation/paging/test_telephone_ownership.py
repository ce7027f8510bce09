"""Whose telephone is it: nobody is rung about themselves, nor takes their own case from those who are rung."""

import pytest

from contacts.importing.importing import Kind, run_import
from contacts.models import Phone
from core import actors
from core.errors import ConflictError
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.paging import paging
from ivr.models import Call
from tests.switchboard import OURS, resident, responder, rows

HOME, OFFICE = "+8631186000101", "+8631186000900"
HERS, HIS, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"


def asked():
    """Who has been asked about anything, in order."""
    called = {call.id: call.number for call in rows(Call)}
    return [called[page.call_id] for page in sorted(rows(Page), key=lambda page: (page.asked_at, page.id))]


def a_case(resident_id, kind=CaseKind.UNWELL):
    with database.unit_of_work() as session:
        return cases.open_case(session, actors.system(), kind, resident_id, None).id


def case(case_id):
    [found] = rows(Case, id=case_id)
    return found


def look_again():
    with database.unit_of_work() as session:
        for each in rows(Case):
            paging.ask_next(session, session.get_one(Case, each.id))


def test_a_building_head_from_the_list_of_residents_is_not_rung_about_herself(switchboard, tmp_path):
    """From the two spreadsheets to the telephone that rings; the second telephone is written in national form."""
    residents, responders = tmp_path / "residents.csv", tmp_path / "responders.csv"
    residents.write_text(
        "姓名,电话,备用电话,楼栋,房号,同意\n王秀英,0311-86000101,139 0000 0001,3号楼,101,2026-11-01 书面\n"
    )
    responders.write_text(
        "姓名,角色,负责区域,电话\n王秀英,楼栋长,3号楼,13900000001\n魏红,志愿者,3号楼,+86 139 0000 0003\n"
    )
    for kind, file in ((Kind.RESIDENTS, residents), (Kind.RESPONDERS, responders)):
        assert not run_import(kind, file, consent=None, dry_run=False).problems
    switchboard.ring(HOME).press("3")
    assert asked() == [NEIGHBOUR]
    switchboard.pick_up(NEIGHBOUR).press("2").hang_up()
    look_again()
    assert HERS not in asked()


def test_whoever_has_nobody_but_their_own_telephone_waits_on_the_page_and_is_not_rung(switchboard):
    it = a_case(resident("王奶奶", HOME, HERS))
    responder("王秀英", HERS, "building_head")
    look_again()
    assert asked() == []
    assert case(it).state == CaseState.OPEN
    assert case(it).look_at is not None


def test_our_own_line_is_never_asked(switchboard):
    responder("总机", OURS, "office")
    responder("魏红", NEIGHBOUR)
    it = a_case(resident("王奶奶", HOME))
    look_again()
    assert OURS not in asked()
    assert case(it).state == CaseState.OPEN


def test_the_telephone_of_somebody_at_home_is_asked_last(switchboard):
    wang = resident("王奶奶", HOME)
    resident("王爷爷", HIS)
    responder("王爷爷", HIS, "building_head")
    responder("魏红", NEIGHBOUR, "volunteer")
    responder("社区", OFFICE, "office")
    a_case(wang, CaseKind.NEEDS_SUPPLIES)
    for number in (NEIGHBOUR, OFFICE):
        switchboard.miss(number)
        look_again()
    assert asked()[:3] == [NEIGHBOUR, OFFICE, HIS]


@pytest.fixture
def both_ring(switchboard):
    """Her husband's and the neighbour's telephone ring; returns her case, him and the neighbour."""
    wang = resident("王奶奶", HOME)
    resident("王爷爷", HIS)
    him, neighbour = responder("王爷爷", HIS, "building_head"), responder("魏红", NEIGHBOUR)
    it = a_case(wang)
    assert asked() == [NEIGHBOUR, HIS]
    return it, him, neighbour


def test_an_acceptance_at_home_leaves_the_others_ringing_and_they_may_take_over(switchboard, both_ring):
    it, him, neighbour = both_ring
    assert "交给您了" in switchboard.pick_up(HIS).press("1").hears
    assert (case(it).state, case(it).accepted_by_id) == (CaseState.ACCEPTED, him)
    [page] = rows(Page, responder_id=neighbour)
    assert page.state == PageState.CALLING
    assert "交给您了" in switchboard.pick_up(NEIGHBOUR).press("1").hears
    assert (case(it).state, case(it).accepted_by_id) == (CaseState.ACCEPTED, neighbour)


def test_nobody_at_home_takes_over_from_a_neighbour(switchboard, both_ring):
    it, _, neighbour = both_ring
    answered = switchboard.pick_up(HIS)
    switchboard.pick_up(NEIGHBOUR).press("1")
    assert "已经有人接下" in answered.press("1").hears
    assert case(it).accepted_by_id == neighbour


def test_a_key_of_the_residents_own_telephone_accepts_nothing(switchboard, both_ring):
    """The list was corrected while it rang: the telephone turned out to be her own."""
    it, him, neighbour = both_ring
    call = switchboard.pick_up(HIS)
    with database.unit_of_work() as session:
        session.add(Phone(resident_id=case(it).resident_id, number=HIS, position=1))
    assert "再问别的人" in call.press("1").hears
    assert call.is_over
    assert case(it).state == CaseState.OPEN
    assert [page.state for page in rows(Page, responder_id=him)] == [PageState.DECLINED]
    assert [page.state for page in rows(Page, responder_id=neighbour)] == [PageState.CALLING]


def test_whoever_rings_in_is_not_offered_their_own_case(switchboard):
    own = a_case(resident("王奶奶", HOME, HERS))
    responder("王秀英", HERS, "building_head")
    assert "王奶奶，您好" in switchboard.ring(HERS).hears
    a_case(resident("李爷爷", "+8631186000102", room="102"), CaseKind.NEEDS_SUPPLIES)
    heard = switchboard.ring(HERS).hears
    assert "需要一些东西" in heard
    assert "身体不舒服" not in heard
    assert case(own).state == CaseState.OPEN


def test_the_office_cannot_have_somebody_look_after_themselves(switchboard):
    it = a_case(resident("王奶奶", HOME, HERS))
    head = responder("王秀英", HERS, "building_head")
    with database.unit_of_work() as session, pytest.raises(ConflictError, match="Nobody looks after themselves"):
        cases.accept(session, actors.system(), it, head)
    assert case(it).state == CaseState.OPEN


def test_whom_the_office_chooses_at_home_leaves_the_others_ringing(switchboard, both_ring):
    it, him, neighbour = both_ring
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), it, him)
    assert case(it).accepted_by_id == him
    assert [page.state for page in rows(Page, responder_id=neighbour)] == [PageState.CALLING]


def test_a_duty_telephone_that_is_the_residents_own_is_not_rung_while_she_waits(switchboard):
    """She has asked for a person out of her call; the only telephone on duty is her own other one."""
    resident("王奶奶", HOME, HERS)
    responder("值班", HERS, "office")
    call = switchboard.ring(HOME).press("0")
    assert call.verb("Dial") is None
    assert asked() == []
